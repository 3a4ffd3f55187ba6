import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { Field } from '../../workloads/core/schema/log-type.ts';

/**
 * Rows as a table should hold them and as it does, in one spelling in which equal means equal to the last digit. What a value
 * should be is computed from the source's own text, by rules that share nothing with the loader.
 */

/** All rows of a typed table, by the text of a column that is different in each. */
export type ReadTable = (table: string, key: string) => Promise<Map<string, Record<string, unknown>>>;

/** Lets `work` read tables of a database that nobody else has open. */
export async function withStored(database: string, work: (read: ReadTable) => Promise<void>): Promise<void> {
  const instance = await DuckDBInstance.create(database, { access_mode: 'READ_ONLY' });
  try {
    const connection = await instance.connect();
    await work(async (table, key) => {
      const result = await connection.runAndReadAll(`SELECT * FROM raw."${table}"`);
      const rows = result
        .getRowObjects()
        .map((row) =>
          Object.fromEntries(Object.entries(row).map(([name, value]) => [name, storedValue(value)])),
        );
      return new Map(rows.map((row) => [String(row[key]), row]));
    });
  } finally {
    instance.closeSync();
  }
}

function storedValue(value: DuckDBValue): unknown {
  if (value instanceof DuckDBListValue) return value.items.map(storedValue);
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(
      Object.entries(value.entries).map(([name, inner]) => [name, storedValue(inner)]),
    );
  }
  if (value instanceof DuckDBDecimalValue) return value.value;
  if (
    value instanceof DuckDBTimestampTZValue ||
    value instanceof DuckDBTimestampValue ||
    value instanceof DuckDBTimeValue
  )
    return value.micros;
  if (value instanceof DuckDBDateValue) return value.days;
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64');
  return value;
}

/** JSON with every number as its own text, behind a sign that no other value has. */
export function parseExactly(json: string): unknown {
  const revive = (_key: string, value: unknown, { source }: { source: string }): unknown =>
    typeof value === 'number' ? `#${source}` : typeof value === 'string' ? `"${value}` : value;
  return JSON.parse(json, revive as (key: string, value: unknown) => unknown);
}

/** What a table should hold of a row. @param row As `parseExactly` answers it. */
export function expectedRow(fields: readonly Field[], row: unknown): Record<string, unknown> {
  const members = new Map(Object.entries(row as object));
  return Object.fromEntries(
    fields.map((field) => [field.name, expectedValue(field, members.get(field.name))]),
  );
}

function expectedValue(field: Field, value: unknown): unknown {
  if (field.mode === 'REPEATED')
    return ((value ?? []) as unknown[]).map((element) => expectedOne(field, element));
  return value === undefined || value === null ? null : expectedOne(field, value);
}

function expectedOne(field: Field, value: unknown): unknown {
  if (field.type === 'RECORD') return expectedRow(field.fields ?? [], value);
  if (field.type === 'JSON') return value;
  // Strings and numbers come with a mark of one character.
  const text = typeof value === 'string' ? value.slice(1) : String(value);
  switch (field.type) {
    case 'BOOLEAN':
      return text.toLowerCase() === 'true';
    case 'INTEGER':
      return BigInt(text.replace(/\.0+$/, ''));
    case 'FLOAT':
      return Number(text);
    case 'NUMERIC':
      return billionths(text);
    case 'DATE':
      return Date.parse(`${text}T00:00:00Z`) / 86_400_000;
    case 'TIME':
      return micros(`1970-01-01T${text}Z`);
    case 'DATETIME':
      return micros(`${text}Z`);
    case 'TIMESTAMP':
      return micros(/(Z|UTC|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`);
    default:
      return text;
  }
}

function billionths(text: string): bigint {
  const [mantissa = '', power = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const scale = 9 - fraction.length + Number(power);
  return BigInt(whole + fraction) * 10n ** BigInt(scale);
}

function micros(text: string): bigint {
  const [, day = '', clock = '', fraction = '', zone = ''] =
    /^(\S{10})[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(.*)$/.exec(text) ?? [];
  const seconds = Date.parse(`${day}T${clock}${zone.replace(' UTC', 'Z').replace('-00:00', 'Z')}`) / 1000;
  return BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
}

/** The stored JSON columns as `parseExactly` spells them, so that they compare by value. */
export function withJsonParsed(
  fields: readonly Field[],
  row: Record<string, unknown>,
): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field.name, jsonParsed(field, row[field.name])]));
}

function jsonParsed(field: Field, value: unknown): unknown {
  if (Array.isArray(value))
    return value.map((element: unknown) => jsonParsed({ ...field, mode: 'NULLABLE' }, element));
  if (value === null || value === undefined) return value;
  if (field.type === 'RECORD') return withJsonParsed(field.fields ?? [], value as Record<string, unknown>);
  return field.type === 'JSON' ? parseExactly(value as string) : value;
}
