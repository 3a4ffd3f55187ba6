import { TerminalError } from '../../core/errors.ts';
import { coverGaps, mergedFields } from '../../core/schema/cover.ts';
import type { Field } from '../../core/schema/log-type.ts';
import { duckdbNames, SCHEMAS } from './names.ts';
import { duckdbType } from './types.ts';

const column = (name: string): string => duckdbNames.column(name);

/** @param schema One of SCHEMAS. */
export function createTable(schema: (typeof SCHEMAS)[keyof typeof SCHEMAS], table: string, fields: readonly Field[]): string {
  const columns = fields.map((field) => `${column(field.name)} ${duckdbType(field)}${field.mode === 'REQUIRED' ? ' NOT NULL' : ''}`);
  return `CREATE TABLE IF NOT EXISTS ${schema}.${column(table)} (${columns.join(', ')})`;
}

/**
 * The statements that bring a table up to a schema that only grew. BigQuery's tables belong to Pulumi; DuckDB's are made here.
 * @throws TerminalError where the change would break what is stored.
 */
export function addMissing(table: string, present: readonly Field[], wanted: readonly Field[]): string[] {
  const gaps = coverGaps(present, wanted);
  const tightOrphans = present.filter(({ name, mode }) => mode === 'REQUIRED' && !wanted.some((field) => field.name === name));
  const relaxable = new Set(tightOrphans.map(({ name }) => name));
  const byName = new Map(present.map((field) => [field.name, field]));
  const relaxed = wanted.filter((field) => {
    const there = byName.get(field.name);
    return there?.mode === 'REQUIRED' && field.mode === 'NULLABLE' && there.type === field.type;
  });
  for (const { name } of relaxed) relaxable.add(name);
  const conflicts = gaps.filter(({ kind, path }) => kind === 'conflict' && !relaxable.has(path));
  if (conflicts.length > 0) {
    const list = conflicts.map(({ path, expected, found }) => `${path}: expected ${expected}, found ${found}`).join('; ');
    throw new TerminalError(`Table ${table}: the schema changed in a way that breaks what is stored: ${list}`, {
      advice: 'Keep the field as it was and add a new one, or give the changed shape a new type; "logferry schema diff" shows both.',
      context: { table },
    });
  }
  const raw = duckdbNames.raw(table);
  const merged = mergedFields(present, wanted);
  return [
    ...[...relaxable].map((name) => `ALTER TABLE ${raw} ALTER COLUMN ${column(name)} DROP NOT NULL`),
    ...merged.flatMap((field) => {
      const there = byName.get(field.name);
      if (there === undefined) return [`ALTER TABLE ${raw} ADD COLUMN ${column(field.name)} ${duckdbType(field)}`];
      if (duckdbType(there) === duckdbType(field)) return [];
      return [`ALTER TABLE ${raw} ALTER COLUMN ${column(field.name)} SET DATA TYPE ${duckdbType(field)}`];
    }),
  ];
}
