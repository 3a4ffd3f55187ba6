import type { ApiField } from '../../../workloads/adapters/bigquery/fields.ts';
import { exactJson, sixDigits } from '../../contract/spelling.ts';
import type { StoredRow, Value } from '../../contract/warehouse-bench.ts';

/** An answer of jobs.query, as it comes from the API with `useInt64Timestamp`. */
export interface ApiAnswer {
  readonly schema?: { readonly fields?: readonly ApiField[] };
  readonly rows?: readonly { readonly f?: readonly { readonly v: unknown }[] }[];
}

/** Rows in the spelling of the contract; nothing of the adapter reads them. */
export function storedRows({ schema, rows = [] }: ApiAnswer): StoredRow[] {
  const fields = schema?.fields ?? [];
  return rows.map(({ f }) => record(fields, f));
}

/** A record that a row gave no member of comes without any. */
function record(fields: readonly ApiField[], cells: readonly { readonly v: unknown }[] = []): StoredRow {
  return Object.fromEntries(
    fields.map((field, index) => [field.name, stored(field, cells[index]?.v ?? null)]),
  );
}

function stored(field: ApiField, value: unknown): Value {
  if (field.mode === 'REPEATED') {
    const cells = (value ?? []) as readonly { readonly v: unknown }[];
    return cells.map(({ v }) => stored({ ...field, mode: 'NULLABLE' }, v));
  }
  if (value === null) return null;
  if (typeof value === 'object')
    return record(field.fields ?? [], (value as { f?: readonly { v: unknown }[] }).f);
  return scalar(field.type, value as string);
}

function scalar(type: string, spelled: string): Value {
  // The emulator puts dates and times inside of arrays between quotes, and timestamps inside of anything as text.
  const text = TEMPORAL.includes(type) ? spelled.replaceAll('"', '') : spelled;
  switch (type) {
    case 'INTEGER':
      return BigInt(text);
    case 'FLOAT':
      return Number(text);
    case 'NUMERIC':
      return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
    case 'BOOLEAN':
      return text === 'true';
    case 'TIME':
      return sixDigits(text);
    case 'DATETIME':
      return sixDigits(text.replace(' ', 'T'));
    case 'TIMESTAMP':
      return /^-?\d+$/.test(text)
        ? instant(BigInt(text))
        : `${sixDigits(text.replace(' ', 'T').replace(/\+00$/, ''))}Z`;
    case 'JSON':
      return exactJson(text);
    default:
      return text;
  }
}

const TEMPORAL = ['DATE', 'TIME', 'DATETIME', 'TIMESTAMP'];

function instant(micros: bigint): string {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((micros - fraction) / 1_000n)).toISOString().slice(0, 19);
  return `${seconds}.${fraction.toString().padStart(6, '0')}Z`;
}
