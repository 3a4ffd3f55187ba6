import { DuckDBListType, DuckDBStructType, DuckDBTypeId, type DuckDBType } from '@duckdb/node-api';
import { TerminalError } from '../../core/errors.ts';
import type { Field, FieldType } from '../../core/schema/log-type.ts';
import { duckdbNames } from './names.ts';

const SCALARS: Readonly<Record<Exclude<FieldType, 'RECORD'>, string>> = {
  STRING: 'VARCHAR',
  BYTES: 'BLOB',
  INTEGER: 'BIGINT',
  FLOAT: 'DOUBLE',
  // Bare NUMERIC would be DECIMAL(18,3) in DuckDB.
  NUMERIC: 'DECIMAL(38,9)',
  BOOLEAN: 'BOOLEAN',
  TIMESTAMP: 'TIMESTAMPTZ',
  DATE: 'DATE',
  TIME: 'TIME',
  DATETIME: 'TIMESTAMP',
  JSON: 'JSON',
};

/** The DuckDB type of a field. */
export function duckdbType(field: Field): string {
  const one =
    field.type === 'RECORD'
      ? `STRUCT(${(field.fields ?? []).map((inner) => `${duckdbNames.column(inner.name)} ${duckdbType(inner)}`).join(', ')})`
      : SCALARS[field.type];
  return field.mode === 'REPEATED' ? `${one}[]` : one;
}

const BY_ID: ReadonlyMap<DuckDBTypeId, FieldType> = new Map([
  [DuckDBTypeId.VARCHAR, 'STRING'],
  [DuckDBTypeId.BLOB, 'BYTES'],
  [DuckDBTypeId.BIGINT, 'INTEGER'],
  [DuckDBTypeId.DOUBLE, 'FLOAT'],
  [DuckDBTypeId.DECIMAL, 'NUMERIC'],
  [DuckDBTypeId.BOOLEAN, 'BOOLEAN'],
  [DuckDBTypeId.TIMESTAMP_TZ, 'TIMESTAMP'],
  [DuckDBTypeId.DATE, 'DATE'],
  [DuckDBTypeId.TIME, 'TIME'],
  [DuckDBTypeId.TIMESTAMP, 'DATETIME'],
]);

/** The field that a DuckDB column is; its mode is REQUIRED only where the caller knows of a NOT NULL. */
export function fieldOf(name: string, type: DuckDBType, required = false): Field {
  if (type instanceof DuckDBListType) return { ...fieldOf(name, type.valueType), mode: 'REPEATED' };
  const mode = required ? 'REQUIRED' : 'NULLABLE';
  if (type instanceof DuckDBStructType) {
    const fields = type.entryNames.map((inner, index) => fieldOf(inner, type.entryTypes[index]!));
    return { name, type: 'RECORD', mode, fields };
  }
  if (type.alias === 'JSON') return { name, type: 'JSON', mode };
  const known = BY_ID.get(type.typeId);
  if (known === undefined) {
    throw new TerminalError(
      `Column ${name}: expected a type that a log type leads to, found ${type.toString()}`,
      {
        advice: 'Another program made it. Change its type, or keep it in a table of its own.',
      },
    );
  }
  return { name, type: known, mode };
}
