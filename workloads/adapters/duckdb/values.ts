import { DuckDBTimestampTZValue, type DuckDBValue } from '@duckdb/node-api';
import type { SqlValue } from '../../core/ports/warehouse.ts';

// By default the SDK spells timestamps in the zone of the machine: a laptop in Seoul would show hours nine off.
DuckDBTimestampTZValue.timezoneOffsetInMinutes = 0;

/** A value as the port spells it. An integer that no double holds is given as text: rounding it would show another number. */
export function plain(value: DuckDBValue): SqlValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'bigint')
    return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  const text = typeof value === 'boolean' ? String(value) : (value as { toString(): string }).toString();
  return text.replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)\+00$/, '$1T$2Z');
}
