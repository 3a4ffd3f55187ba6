import type { Column } from '../parquet/column.ts';
import { UnreadableRowError } from './skip.ts';

const ZERO = 0x30;
const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;
const MICROS_A_SECOND = 1_000_000;
const SECONDS_A_DAY = 86_400;
/** Microseconds of doubles are exact up to 2^53: about the years 1685 to 2254. */
const EXACT_SECONDS = Math.floor(Number.MAX_SAFE_INTEGER / MICROS_A_SECOND) - 1;
/** `YYYY-MM-DD`, and `HH:MM:SS`. */
const DATE_BYTES = 10;
const TIME_BYTES = 8;

/** Puts a DATE's text into a column: days since 1970. */
export function putDate(bytes: Buffer, start: number, end: number, column: Column): void {
  if (end - start !== DATE_BYTES) throw new UnreadableRowError('DATE', start);
  column.int32(days(bytes, start));
}

/** Puts a TIME's text into a column: microseconds of the day. */
export function putTime(bytes: Buffer, start: number, end: number, column: Column): void {
  const fraction = fractionEnd(bytes, start, end);
  if (fraction !== end) throw new UnreadableRowError('TIME', start);
  column.int64(seconds(bytes, start) * MICROS_A_SECOND + micros(bytes, start + TIME_BYTES, end));
}

/** Puts the text of a TIMESTAMP or a DATETIME into a column: microseconds since 1970, in UTC where a zone follows. */
export function putTimestamp(bytes: Buffer, start: number, end: number, column: Column): void {
  const time = start + DATE_BYTES + 1;
  const zone = fractionEnd(bytes, time, end);
  const total = days(bytes, start) * SECONDS_A_DAY + seconds(bytes, time) - offset(bytes, zone, end);
  const fraction = micros(bytes, time + TIME_BYTES, zone);
  if (total > -EXACT_SECONDS && total < EXACT_SECONDS) column.int64(total * MICROS_A_SECOND + fraction);
  else column.bigInt64(BigInt(total) * BigInt(MICROS_A_SECOND) + BigInt(fraction));
}

/** Where the digits behind the seconds end. */
function fractionEnd(bytes: Buffer, time: number, end: number): number {
  let at = time + TIME_BYTES;
  if (at > end) throw new UnreadableRowError('a time', time);
  if (bytes[at] !== DOT || at === end) return at;
  do at++;
  while (at < end && bytes[at]! >= ZERO && bytes[at]! <= ZERO + 9);
  return at;
}

/** @param dot Of the fraction, or where the time ends without one. */
function micros(bytes: Buffer, dot: number, end: number): number {
  let value = 0;
  for (let at = dot + 1; at < dot + 7; at++) value = value * 10 + (at < end ? digit(bytes, at) : 0);
  return value;
}

function seconds(bytes: Buffer, at: number): number {
  return two(bytes, at) * 3_600 + two(bytes, at + 3) * 60 + two(bytes, at + 6);
}

/** Seconds that a zone is ahead of UTC: `Z`, ` UTC`, `+09:00`, or nothing. */
function offset(bytes: Buffer, at: number, end: number): number {
  const sign = bytes[at];
  if (at === end || (sign !== PLUS && sign !== MINUS)) return 0;
  const ahead = two(bytes, at + 1) * 3_600 + two(bytes, at + 4) * 60;
  return sign === PLUS ? ahead : -ahead;
}

/**
 * Days since 1970 of the proleptic Gregorian calendar, which both BigQuery and DuckDB count by. Years begin in March here, so that
 * a leap day is the last one of its year.
 */
function days(bytes: Buffer, at: number): number {
  const month = two(bytes, at + 5);
  const year = two(bytes, at) * 100 + two(bytes, at + 2) - (month <= 2 ? 1 : 0);
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + two(bytes, at + 8) - 1;
  const leapDays = Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);
  // 719,468 days from 0000-03-01 to 1970-01-01.
  return year * 365 + leapDays + dayOfYear - 719_468;
}

function two(bytes: Buffer, at: number): number {
  return digit(bytes, at) * 10 + digit(bytes, at + 1);
}

function digit(bytes: Buffer, at: number): number {
  const value = bytes[at]! - ZERO;
  if (!(value >= 0 && value <= 9)) throw new UnreadableRowError('a digit of a date or time', at);
  return value;
}
