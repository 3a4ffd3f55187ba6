import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListType,
  DuckDBListValue,
  DuckDBStructType,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { exactJson, sixDigits } from './spelling.ts';
import type { StoredRow, Value } from './warehouse-bench.ts';

/** What a query gives, in the spelling of the contract; read with the SDK alone. */
export async function storedRows(connection: DuckDBConnection, sql: string): Promise<StoredRow[]> {
  const reader = await connection.runAndReadAll(sql);
  const names = reader.columnNames();
  const types = reader.columnTypes();
  return reader
    .getRows()
    .map((row) => Object.fromEntries(names.map((name, index) => [name, stored(row[index]!, types[index]!)])));
}

function stored(value: DuckDBValue, type: DuckDBType): Value {
  if (value === null || typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (typeof value === 'string') return type.alias === 'JSON' ? exactJson(value) : value;
  if (value instanceof DuckDBListValue)
    return value.items.map((item) => stored(item, (type as DuckDBListType).valueType));
  if (value instanceof DuckDBStructValue) {
    const { entryNames, entryTypes } = type as DuckDBStructType;
    return Object.fromEntries(
      entryNames.map((name, index) => [name, stored(value.entries[name]!, entryTypes[index]!)]),
    );
  }
  if (value instanceof DuckDBDecimalValue) return value.toString().replace(/\.?0+$/, '');
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64');
  if (value instanceof DuckDBDateValue) return value.toString();
  if (value instanceof DuckDBTimeValue) return sixDigits(value.toString());
  if (value instanceof DuckDBTimestampTZValue) return `${isoText(value.micros)}Z`;
  if (value instanceof DuckDBTimestampValue) return isoText(value.micros);
  throw new TypeError(`no spelling for ${type.toString()}`);
}

function isoText(micros: bigint): string {
  return sixDigits(new DuckDBTimestampValue(micros).toString().replace(' ', 'T'));
}
