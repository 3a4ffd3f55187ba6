const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?$/;
const DATETIME = /^(\d{4}-\d{2}-\d{2})[T ](\S+)$/;
const ZONED = /^(\d{4}-\d{2}-\d{2})[T ]([\d:.]+)(Z| UTC|[+-]\d{2}:\d{2})$/;
/** GoogleSQL: at most 14 hours; +14:30 is an invalid time zone there. */
const OFFSET = /^[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00)$/;

/** Longest text of any form: `9999-12-31T23:59:59.999999+14:00`. Longer ones are not looked at. */
export const MAX_TEMPORAL_BYTES = 40;

/** A calendar day of the years 0001 to 9999, BigQuery's range. */
export function isDate(text: string): boolean {
  const match = DATE.exec(text);
  if (!match || match[1] === '0000') return false;
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}

/** BigQuery keeps microseconds: a seventh digit would be lost. 60 seconds exist in neither engine. */
export function isTime(text: string): boolean {
  return TIME.test(text);
}

export function isDatetime(text: string): boolean {
  const match = DATETIME.exec(text);
  return match !== null && isDate(match[1]!) && isTime(match[2]!);
}

/**
 * A date and time with a zone: without one BigQuery takes UTC, which in a Korean log is nine hours wrong.
 * @param zoneless Accept the form without a zone (as UTC) too: `coerce`.
 */
export function isTimestamp(text: string, zoneless: boolean): boolean {
  const match = ZONED.exec(text);
  if (!match) return zoneless && isDatetime(text);
  const [, date, time, zone] = match as unknown as [string, string, string, string];
  if (!isDate(date) || !isTime(time)) return false;
  if (zone === 'Z' || zone === ' UTC') return true;
  // At the ends of the range an offset would lead out of it.
  return OFFSET.test(zone) && date > '0001-01-01' && date < '9999-12-31';
}

/** Time-zone conversions must not lead out of BigQuery's years 0001 to 9999: rows that feed one keep a year's distance. */
export function isConvertible(text: string): boolean {
  return text.slice(0, 4) >= '0002' && text.slice(0, 4) <= '9998';
}

const FIRST_CONVERTIBLE_SECOND = Date.parse('0002-01-01T00:00:00Z') / 1000;
const LAST_CONVERTIBLE_SECOND = Date.parse('9998-12-31T23:59:59Z') / 1000;
const UNITS_A_SECOND = { s: 1, ms: 1_000, us: 1_000_000 } as const;

/** The values of an epoch field that become timestamps of the years 0002 to 9998, in its unit. */
export function epochRange(unit: 's' | 'ms' | 'us'): { min: bigint; max: bigint } {
  const units = BigInt(UNITS_A_SECOND[unit]);
  return { min: BigInt(FIRST_CONVERTIBLE_SECOND) * units, max: BigInt(LAST_CONVERTIBLE_SECOND) * units };
}
