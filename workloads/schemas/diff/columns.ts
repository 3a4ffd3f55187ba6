import type { DerivedColumn } from '../../core/schema/log-type.ts';
import type { SchemaChange } from './change.ts';
import { byName, isReordered } from './by-name.ts';

type Change = Omit<SchemaChange, 'table'>;

/** Differences of the derived columns. */
export function diffColumns(before: readonly DerivedColumn[], after: readonly DerivedColumn[]): Change[] {
  const [former, latter] = [byName(before), byName(after)];
  const changes: Change[] = [];
  for (const column of before) {
    const path = `$.columns.${column.name}`;
    const now = latter.get(column.name);
    if (now === undefined) {
      changes.push({ path, kind: 'breaking', what: `derived ${column.as} column removed` });
      continue;
    }
    const [was, is] = [expression(column), expression(now)];
    // Rows that are there keep what the former expression gave: the column would mean two things.
    if (was !== is) changes.push({ path, kind: 'breaking', what: `was ${was}, is ${is}` });
    if (column.description !== now.description)
      changes.push({ path, kind: 'cosmetic', what: 'description changed' });
  }
  for (const column of after) {
    if (former.has(column.name)) continue;
    changes.push({
      path: `$.columns.${column.name}`,
      kind: 'additive',
      what: `new derived column: ${expression(column)}`,
    });
  }
  if (isReordered(former, latter))
    changes.push({ path: '$.columns', kind: 'cosmetic', what: 'listed in another order' });
  return changes;
}

function expression({ from, as, unit, timeZone, path }: DerivedColumn): string {
  const how = [unit, timeZone, path].filter((option) => option !== undefined);
  return `${as} from ${from}${how.length === 0 ? '' : ` (${how.join(', ')})`}`;
}
