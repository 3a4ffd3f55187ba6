import { skipDigits } from '../../json/bytes/skip-digits.ts';
import { skipClosingQuote } from './closing-quote.ts';

const QUOTE = 0x22;
const SPACE = 0x20;
const PLUS = 0x2b;
const DASH = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;

/** What two bytes that are no digits are taken for: more than any part of a date or time may be. */
const NO_DIGITS = 100;

/** Days of each month, those of a leap year; 0 for the numbers of two digits that are no month, and for NO_DIGITS. */
const DAYS = Uint8Array.from({ length: NO_DIGITS + 1 }, (_, month) =>
  month >= 1 && month <= 12 ? new Date(Date.UTC(2024, month, 0)).getUTCDate() : 0,
);

/** BigQuery keeps microseconds. */
const FRACTION_DIGITS = 6;
/** GoogleSQL: an offset is at most 14 hours. */
const MAX_OFFSET_MINUTES = 14 * 60;
/** The years whose every instant every offset and time zone leaves within BigQuery's range. */
const FIRST_INNER_YEAR = 2;
const LAST_INNER_YEAR = 9998;

/** Position past a DATE's value at `at`, or -1. */
export function skipDate(bytes: Buffer, at: number): number {
  return bytes[at] === QUOTE && yearOf(bytes, at + 1) > 0 && bytes[at + 11] === QUOTE ? at + 12 : -1;
}

/** Position past a TIME's value at `at`, or -1. */
export function skipTime(bytes: Buffer, words: DataView, at: number): number {
  if (bytes[at] !== QUOTE) return -1;
  const end = skipClock(bytes, words, at + 1);
  return skipClosingQuote(bytes, end);
}

/** Position past a DATETIME's value at `at`, or -1. */
export function skipDatetime(bytes: Buffer, words: DataView, at: number): number {
  if (bytes[at] !== QUOTE || yearOf(bytes, at + 1) === 0 || !isSeparator(bytes[at + 11]!)) return -1;
  const end = skipClock(bytes, words, at + 12);
  return skipClosingQuote(bytes, end);
}

/**
 * Position past a TIMESTAMP's value at `at`, or -1.
 * @param innerOnly The value is converted to another zone: only years that no zone leads out of the range.
 * @param zoneless Also without a zone.
 */
export function skipTimestamp(
  bytes: Buffer,
  words: DataView,
  at: number,
  innerOnly: boolean,
  zoneless: boolean,
): number {
  if (bytes[at] !== QUOTE) return -1;
  const year = yearOf(bytes, at + 1);
  if (year === 0 || !isSeparator(bytes[at + 11]!)) return -1;
  const isInner = year >= FIRST_INNER_YEAR && year <= LAST_INNER_YEAR;
  if (innerOnly && !isInner) return -1;
  const zone = skipClock(bytes, words, at + 12);
  // Stryker disable next-line ConditionalExpression,UnaryOperator: before a buffer stands nothing, but engines are slow to say so.
  if (zone === -1) return -1;
  const end = skipZone(bytes, zone, isInner, zoneless);
  return skipClosingQuote(bytes, end);
}

function skipZone(bytes: Buffer, at: number, isInner: boolean, zoneless: boolean): number {
  switch (bytes[at]) {
    case LETTER_Z:
      return at + 1;
    case PLUS:
    case DASH:
      return isInner && isOffset(bytes, at + 1) ? at + 6 : -1;
    case SPACE:
      return bytes[at + 1] === 0x55 && bytes[at + 2] === 0x54 && bytes[at + 3] === 0x43 ? at + 4 : -1;
    default:
      return zoneless ? at : -1;
  }
}

function isOffset(bytes: Buffer, at: number): boolean {
  const minutes = twoDigits(bytes, at + 3);
  return (
    bytes[at + 2] === COLON && minutes <= 59 && twoDigits(bytes, at) * 60 + minutes <= MAX_OFFSET_MINUTES
  );
}

function isSeparator(byte: number): boolean {
  return byte === LETTER_T || byte === SPACE;
}

/** The year of the calendar day `YYYY-MM-DD` at a position; 0 where none stands that exists. */
function yearOf(bytes: Buffer, at: number): number {
  const century = twoDigits(bytes, at);
  const rest = twoDigits(bytes, at + 2);
  const month = twoDigits(bytes, at + 5);
  const day = twoDigits(bytes, at + 8);
  if (bytes[at + 4] !== DASH || bytes[at + 7] !== DASH) return 0;
  if (century === NO_DIGITS || rest === NO_DIGITS || day === 0 || day > DAYS[month]!) return 0;
  const year = century * 100 + rest;
  return month === 2 && day === 29 && !isLeap(year) ? 0 : year;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Position past `HH:MM:SS[.ffffff]`, or -1. */
function skipClock(bytes: Buffer, words: DataView, at: number): number {
  if (twoDigits(bytes, at) > 23 || twoDigits(bytes, at + 3) > 59 || twoDigits(bytes, at + 6) > 59) return -1;
  if (bytes[at + 2] !== COLON || bytes[at + 5] !== COLON) return -1;
  if (bytes[at + 8] !== DOT) return at + 8;
  const end = skipDigits(bytes, words, at + 9);
  return end === at + 9 || end > at + 9 + FRACTION_DIGITS ? -1 : end;
}

function twoDigits(bytes: Buffer, at: number): number {
  const tens = bytes[at]! ^ ZERO;
  const ones = bytes[at + 1]! ^ ZERO;
  return tens > 9 || ones > 9 ? NO_DIGITS : tens * 10 + ones;
}
