import { TerminalError } from '../../core/errors.ts';
import { coverGaps, fieldsByName, mergedFields, type CoverGap } from '../../core/schema/cover.ts';
import type { Field } from '../../core/schema/log-type.ts';
import { controlTable } from '../../core/sql/names.ts';
import { filled, hasArray } from './arrays.ts';
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

/** A table as it is. */
export interface PresentTable {
  readonly fields: readonly Field[];
  /** The labels live in it. */
  readonly comment: string | undefined;
}

/**
 * The statements that bring a table up to a schema that only grew; to be run in one transaction. BigQuery's tables belong to Pulumi;
 * DuckDB's are made here.
 * @throws TerminalError where the change would break what is stored.
 */
export function addMissing(table: string, present: PresentTable, wanted: readonly Field[]): string[] {
  const there = fieldsByName(present.fields);
  const asked = fieldsByName(wanted);
  const relaxable = present.fields.filter(({ name, mode, type }) => {
    const field = asked.get(name);
    return mode === 'REQUIRED' && (field === undefined || (field.mode === 'NULLABLE' && field.type === type));
  });
  const relaxed = fieldsByName(relaxable);
  const conflicts = coverGaps(present.fields, wanted).filter(
    ({ kind, path }) => kind === 'conflict' && relaxed.get(path) === undefined,
  );
  if (conflicts.length > 0) throw breaking(table, conflicts);
  const merged = mergedFields(present.fields, wanted).map((field): Field =>
    relaxed.get(field.name) === undefined ? field : { ...field, mode: 'NULLABLE' },
  );
  const added = merged.filter(({ name }) => there.get(name) === undefined);
  const grown = merged.filter((field) => {
    const old = there.get(field.name);
    return old !== undefined && duckdbType(old) !== duckdbType(field);
  });
  if (grown.length > 0) return rebuild(table, merged, new Set(added), new Set(grown), present.comment);
  const raw = duckdbNames.raw(table);
  return [
    ...relaxable.map(({ name }) => `ALTER TABLE ${raw} ALTER COLUMN ${column(name)} DROP NOT NULL`),
    ...added.map((field) => `ALTER TABLE ${raw} ADD COLUMN ${column(field.name)} ${duckdbType(field)}`),
    ...emptyArrays(raw, added),
  ];
}

/**
 * Makes the table anew around columns whose nested shape grew: DuckDB 1.5 cannot replay the log of ALTER COLUMN ... SET DATA TYPE
 * where JSON stands inside the type, and the file is lost. Making, filling, dropping and renaming are replayed.
 */
function rebuild(
  table: string,
  fields: readonly Field[],
  added: ReadonlySet<Field>,
  grown: ReadonlySet<Field>,
  comment: string | undefined,
): string[] {
  // No log type leads to a table with a space in its name.
  const anew = `${table} anew`;
  const shaped = fields.map((field) => {
    const name = column(field.name);
    if (added.has(field)) return `CAST(NULL AS ${duckdbType(field)}) AS ${name}`;
    return grown.has(field) ? `CAST(${name} AS ${duckdbType(field)}) AS ${name}` : name;
  });
  const values = fields.map((field) =>
    added.has(field) || grown.has(field) ? filled(field, column(field.name)) : column(field.name),
  );
  const raw = duckdbNames.raw(table);
  const fence = duckdbNames.ops(controlTable(table));
  return [
    // A commit beside this could put its rows into the table that is dropped here: on the fence the two conflict. The value is a
    // new one, for DuckDB passes over an update that changes nothing.
    `UPDATE ${fence} SET attempt = CAST(uuid() AS VARCHAR)`,
    createTable(SCHEMAS.raw, anew, fields),
    `INSERT INTO ${duckdbNames.raw(anew)} SELECT ${values.join(', ')} FROM (SELECT ${shaped.join(', ')} FROM ${raw})`,
    `DROP TABLE ${raw}`,
    `ALTER TABLE ${duckdbNames.raw(anew)} RENAME TO ${column(table)}`,
    ...(comment === undefined ? [] : [`COMMENT ON TABLE ${raw} IS ${literal(comment)}`]),
  ];
}

/**
 * Empty arrays also in rows older than the field. Stored by an UPDATE: DuckDB 1.5 cannot replay the log of an ALTER with a default or
 * USING that calls a function, and the file is lost.
 */
function emptyArrays(raw: string, added: readonly Field[]): string[] {
  const sets = added
    .filter(hasArray)
    .map((field) => `${column(field.name)} = ${filled(field, column(field.name))}`);
  return sets.length === 0 ? [] : [`UPDATE ${raw} SET ${sets.join(', ')}`];
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
