import { TerminalError } from '../../core/errors.ts';
import { coverGaps, fieldsByName, mergedFields, type CoverGap } from '../../core/schema/cover.ts';
import type { Field } from '../../core/schema/log-type.ts';
import { duckdbNames, literal, SCHEMAS } from './names.ts';
import { duckdbType } from './types.ts';

const column = (name: string): string => duckdbNames.column(name);

/** @param schema One of SCHEMAS. */
export function createTable(
  schema: (typeof SCHEMAS)[keyof typeof SCHEMAS],
  table: string,
  fields: readonly Field[],
): string {
  const columns = fields.map(
    (field) => `${column(field.name)} ${duckdbType(field)}${field.mode === 'REQUIRED' ? ' NOT NULL' : ''}`,
  );
  return `CREATE TABLE IF NOT EXISTS ${schema}.${column(table)} (${columns.join(', ')})`;
}

/**
 * The statements that bring a table up to a schema that only grew; to be run in one transaction. BigQuery's tables belong to Pulumi;
 * DuckDB's are made here.
 * @throws TerminalError where the change would break what is stored.
 */
export function addMissing(table: string, present: readonly Field[], wanted: readonly Field[]): string[] {
  const there = fieldsByName(present);
  const asked = fieldsByName(wanted);
  const relaxable = present.filter(({ name, mode, type }) => {
    const field = asked.get(name);
    return mode === 'REQUIRED' && (field === undefined || (field.mode === 'NULLABLE' && field.type === type));
  });
  const relaxed = fieldsByName(relaxable);
  const conflicts = coverGaps(present, wanted).filter(
    ({ kind, path }) => kind === 'conflict' && relaxed.get(path) === undefined,
  );
  if (conflicts.length > 0) throw breaking(table, conflicts);
  const grown = mergedFields(present, wanted).filter((field) => {
    const old = there.get(field.name);
    return old === undefined || duckdbType(old) !== duckdbType(field);
  });
  const raw = duckdbNames.raw(table);
  return [
    ...relaxable.map(({ name }) => `ALTER TABLE ${raw} ALTER COLUMN ${column(name)} DROP NOT NULL`),
    ...grown.map((field) => {
      const shape = `${column(field.name)} ${duckdbType(field)}`;
      return there.get(field.name) === undefined
        ? `ALTER TABLE ${raw} ADD COLUMN ${shape}`
        : `ALTER TABLE ${raw} ALTER COLUMN ${shape.replace(' ', ' SET DATA TYPE ')}`;
    }),
    ...emptyArrays(raw, grown),
  ];
}

/**
 * BigQuery has no NULL arrays: where a row says nothing of a REPEATED field, it is empty, also in rows older than the field. Stored
 * by an UPDATE: DuckDB 1.5 cannot replay the log of an ALTER with a default or USING that calls a function, and the file is lost.
 */
function emptyArrays(raw: string, grown: readonly Field[]): string[] {
  const sets = grown
    .filter(hasArray)
    .map((field) => `${column(field.name)} = ${filled(field, column(field.name))}`);
  return sets.length === 0 ? [] : [`UPDATE ${raw} SET ${sets.join(', ')}`];
}

function hasArray({ mode, fields }: Field): boolean {
  return mode === 'REPEATED' || (fields ?? []).some(hasArray);
}

/** A value with empty arrays in place of NULL ones. */
function filled(field: Field, value: string, depth = 0): string {
  if (!hasArray(field)) return value;
  if (field.mode !== 'REPEATED') return filledRecord(field, value, depth);
  const element = `e${depth}`;
  const inner =
    field.type === 'RECORD'
      ? `list_transform(${value}, lambda ${element}: ${filledRecord(field, element, depth + 1)})`
      : value;
  return `COALESCE(${inner}, CAST([] AS ${duckdbType(field)}))`;
}

function filledRecord({ fields = [] }: Field, value: string, depth: number): string {
  const members = fields.map(
    (inner) =>
      `${column(inner.name)} := ${filled(inner, `struct_extract(${value}, ${literal(inner.name)})`, depth)}`,
  );
  return `CASE WHEN ${value} IS NULL THEN NULL ELSE struct_pack(${members.join(', ')}) END`;
}

function breaking(table: string, conflicts: readonly CoverGap[]): TerminalError {
  const list = conflicts
    .map(({ path, expected, found }) => `${path}: expected ${expected}, found ${found}`)
    .join('; ');
  return new TerminalError(
    `Table ${table}: the schema changed in a way that breaks what is stored: ${list}`,
    {
      advice:
        'Keep the field as it was and add a new one, or give the changed shape a new type; "logferry schema diff" shows both.',
      context: { table },
    },
  );
}
