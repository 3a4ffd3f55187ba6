import type { Row, SqlValue } from '../../core/ports/warehouse.ts';
import type { ApiField } from './fields.ts';

/** A value as the API gives it: scalars as text, an array as `[{v}]`, a record as `{f: [{v}]}`. */
export type ApiValue = string | null | readonly ApiCell[] | { readonly f: readonly ApiCell[] };
export interface ApiCell {
  readonly v: ApiValue;
}
export interface ApiRow {
  readonly f: readonly ApiCell[];
}

/** Rows of a query's answer. */
export function rowsOf(fields: readonly ApiField[], rows: readonly ApiRow[]): Row[] {
  return rows.map(({ f }) =>
    Object.fromEntries(fields.map((field, index) => [field.name, plain(field, f[index]?.v ?? null)])),
  );
}

/** Records and arrays are given as JSON text: a row of the port is flat. */
function plain(field: ApiField, value: ApiValue): SqlValue {
  const read = valueOf(field, value);
  return typeof read === 'object' && read !== null ? JSON.stringify(read) : (read as SqlValue);
}

function valueOf(field: ApiField, value: ApiValue): unknown {
  if (value === null) return field.mode === 'REPEATED' ? [] : null;
  if (Array.isArray(value)) {
    const element = { ...field, mode: 'NULLABLE' };
    return (value as readonly ApiCell[]).map(({ v }) => valueOf(element, v));
  }
  if (typeof value === 'object') {
    const { f } = value as ApiRow;
    return Object.fromEntries(
      (field.fields ?? []).map((inner, index) => [inner.name, valueOf(inner, f[index]?.v ?? null)]),
    );
  }
  return scalar(field.type, value);
}

/** An integer that no double holds stays text: rounding it would show another number. */
function scalar(type: string, text: string): SqlValue {
  switch (type) {
    case 'INTEGER':
    case 'INT64':
      return Number.isSafeInteger(Number(text)) ? Number(text) : text;
    case 'FLOAT':
    case 'FLOAT64':
      return Number(text);
    case 'TIMESTAMP':
      return instant(text);
    default:
      return text;
  }
}

const MICROS_A_MILLI = 1_000n;
const MICROS_A_SECOND = 1_000_000n;

/** Microseconds since 1970 as `2026-11-20T14:00:00.5Z`; another spelling is given on as it is. */
function instant(micros: string): string {
  if (!/^-?\d+$/.test(micros)) return micros;
  const whole = BigInt(micros);
  const fraction = ((whole % MICROS_A_SECOND) + MICROS_A_SECOND) % MICROS_A_SECOND;
  const seconds = new Date(Number((whole - fraction) / MICROS_A_MILLI)).toISOString().slice(0, 19);
  const digits = fraction.toString().padStart(6, '0').replace(/0+$/, '');
  return `${seconds}${digits === '' ? '' : `.${digits}`}Z`;
}
