import { fieldsByName } from '../../core/schema/cover.ts';
import type { Field } from '../../core/schema/log-type.ts';
import { duckdbNames, literal } from './names.ts';
import { duckdbType } from './types.ts';

const column = (name: string): string => duckdbNames.column(name);

/** Arrays of a table that a schema does not list: its rows have none of them, which BigQuery stores as empty ones by itself. */
export interface LeftOutArrays {
  /** Columns that the schema lacks. */
  readonly columns: readonly Field[];
  /** RECORDs that the schema has, with the table's members, some arrays among which the schema lacks. */
  readonly records: readonly Field[];
}

/** @param table Its fields, which cover the schema. */
export function leftOutArrays(table: readonly Field[], schema: readonly Field[]): LeftOutArrays {
  const wanted = fieldsByName(schema);
  return {
    columns: table.filter(({ name, mode }) => mode === 'REPEATED' && wanted.get(name) === undefined),
    records: table.filter((field) => {
      const listed = wanted.get(field.name);
      return listed !== undefined && lacksArray(field, listed);
    }),
  };
}

/** Whether an array within a RECORD is left out. A RECORD that is left out is NULL, and so is all that would be in it. */
function lacksArray(field: Field, listed: Field): boolean {
  const { columns, records } = leftOutArrays(field.fields ?? [], listed.fields ?? []);
  return columns.length > 0 || records.length > 0;
}

/** Rows in SQL, with the RECORDs as the table has them: arrays that the rows lack are empty, all else that they lack is NULL. */
export function withRecords(rows: string, records: readonly Field[]): string {
  if (records.length === 0) return rows;
  const replaced = (from: string, value: (field: Field, name: string) => string): string => {
    const values = records.map((field) => {
      const name = column(field.name);
      return `${value(field, name)} AS ${name}`;
    });
    return `(SELECT * REPLACE (${values.join(', ')}) FROM ${from})`;
  };
  const shaped = replaced(rows, (field, name) => `CAST(${name} AS ${duckdbType(field)})`);
  return replaced(shaped, (field, name) => filled(field, name));
}

/** The empty array of a REPEATED field. */
export function noElements(field: Field): string {
  return `CAST([] AS ${duckdbType(field)})`;
}

export function hasArray({ mode, fields }: Field): boolean {
  return mode === 'REPEATED' || (fields ?? []).some(hasArray);
}

/**
 * A value with empty arrays in place of NULL ones: BigQuery has no NULL arrays; where a row says nothing of a REPEATED field, it is
 * empty.
 */
export function filled(field: Field, value: string, depth = 0): string {
  if (!hasArray(field)) return value;
  if (field.mode !== 'REPEATED') return filledRecord(field, value, depth);
  const element = `e${depth}`;
  const inner =
    field.type === 'RECORD'
      ? `list_transform(${value}, lambda ${element}: ${filledRecord(field, element, depth + 1)})`
      : value;
  return `COALESCE(${inner}, ${noElements(field)})`;
}

function filledRecord({ fields = [] }: Field, value: string, depth: number): string {
  const members = fields.map(
    (inner) =>
      `${column(inner.name)} := ${filled(inner, `struct_extract(${value}, ${literal(inner.name)})`, depth)}`,
  );
  return `CASE WHEN ${value} IS NULL THEN NULL ELSE struct_pack(${members.join(', ')}) END`;
}
