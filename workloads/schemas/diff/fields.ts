import type { Field } from '../../core/schema/log-type.ts';
import type { SchemaChange } from './change.ts';
import { byName, isReordered } from './by-name.ts';

type Change = Omit<SchemaChange, 'table'>;

/** @param path Of the list. */
export function diffFields(before: readonly Field[], after: readonly Field[], path: string): Change[] {
  const [former, latter] = [byName(before), byName(after)];
  const changes: Change[] = [];
  for (const field of before) {
    const at = `${path}.${field.name}`;
    const now = latter.get(field.name);
    if (now === undefined) changes.push({ path: at, kind: 'breaking', what: `${spell(field)} removed` });
    else changes.push(...diffField(field, now, at));
  }
  for (const field of after) {
    if (former.has(field.name)) continue;
    // BigQuery: "you cannot add a REQUIRED column to an existing table": the rows that are there have no value for it.
    const kind = field.mode === 'REQUIRED' ? 'breaking' : 'additive';
    changes.push({ path: `${path}.${field.name}`, kind, what: `new ${spell(field)}` });
  }
  // Rows are loaded by name; a table keeps the order that its columns were added in.
  if (isReordered(former, latter)) changes.push({ path, kind: 'cosmetic', what: 'listed in another order' });
  return changes;
}

function diffField(before: Field, after: Field, path: string): Change[] {
  if (before.type !== after.type) {
    // What else differs follows from it or does not matter any more.
    return [{ path, kind: 'breaking', what: `was ${spell(before)}, is ${spell(after)}` }];
  }
  const changes: Change[] = [];
  if (before.mode !== after.mode) {
    const relaxed = before.mode === 'REQUIRED' && after.mode === 'NULLABLE';
    changes.push({
      path,
      kind: relaxed ? 'additive' : 'breaking',
      what: `was ${before.mode}, is ${after.mode}`,
    });
  }
  if (before.coerce !== after.coerce) {
    const what = after.coerce
      ? 'now accepts converted forms (coerce)'
      : 'no longer accepts converted forms (coerce)';
    changes.push({ path, kind: after.coerce ? 'additive' : 'breaking', what });
  }
  if (before.description !== after.description)
    changes.push({ path, kind: 'cosmetic', what: 'description changed' });
  return [...changes, ...diffFields(before.fields ?? [], after.fields ?? [], path)];
}

function spell({ mode, type }: Field): string {
  return `${mode} ${type}`;
}
