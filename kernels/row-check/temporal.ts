import { NOWHERE } from '../json/nowhere';
import { COLON, DOT, LETTER_T, LETTER_Z, MINUS, PLUS, QUOTE, SPACE } from '../json/bytes';
import { skipDigits } from '../json/digits';
import { skipClosingQuote } from './closing-quote';
import { INNER_ONLY, ZONELESS } from './memory';

/** What two bytes that are no digits are taken for: more than any part of a date or time may be. */
const NO_DIGITS: u32 = 100;

/** Days of each month from 0 to 13, those of a leap year; 0 of the two that are none. */
const DAYS: usize = memory.data<u8>([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0]);

/** BigQuery keeps microseconds. */
const FRACTION_DIGITS: usize = 6;
/** GoogleSQL: an offset is at most 14 hours. */
const MAX_OFFSET_MINUTES: u32 = 14 * 60;
/** The years whose every instant every offset and time zone leaves within BigQuery's range. */
const FIRST_INNER_YEAR: u32 = 2;
const LAST_INNER_YEAR: u32 = 9998;

/** ` UTC`, little-endian. */
const UTC: u32 = 0x4354_5520;

/** Position past a DATE's value at `at`, or NOWHERE. */
export function skipDate(at: usize): usize {
  return load<u8>(at) == QUOTE && yearOf(at + 1) > 0 && load<u8>(at, 11) == QUOTE ? at + 12 : NOWHERE;
}

/** Position past a TIME's value at `at`, or NOWHERE. */
export function skipTime(at: usize): usize {
  return load<u8>(at) == QUOTE ? skipClosingQuote(skipClock(at + 1)) : NOWHERE;
}

/** Position past a DATETIME's value at `at`, or NOWHERE. */
export function skipDatetime(at: usize): usize {
  if (load<u8>(at) != QUOTE || yearOf(at + 1) == 0 || !isSeparator(load<u8>(at, 11))) return NOWHERE;
  return skipClosingQuote(skipClock(at + 12));
}

/** Position past a TIMESTAMP's value at `at`, or NOWHERE. */
export function skipTimestamp(member: usize, at: usize): usize {
  if (load<u8>(at) != QUOTE) return NOWHERE;
  const year = yearOf(at + 1);
  if (year == 0 || !isSeparator(load<u8>(at, 11))) return NOWHERE;
  const isInner = year >= FIRST_INNER_YEAR && year <= LAST_INNER_YEAR;
  if (load<u8>(member, INNER_ONLY) != 0 && !isInner) return NOWHERE;
  const zone = skipClock(at + 12);
  if (zone == NOWHERE) return NOWHERE;
  return skipClosingQuote(skipZone(member, zone, isInner));
}

@inline
function skipZone(member: usize, at: usize, isInner: bool): usize {
  const byte = load<u8>(at);
  if (byte == LETTER_Z) return at + 1;
  if (byte == PLUS || byte == MINUS) return isInner && isOffset(at + 1) ? at + 6 : NOWHERE;
  if (byte == SPACE) return load<u32>(at) == UTC ? at + 4 : NOWHERE;
  return load<u8>(member, ZONELESS) != 0 ? at : NOWHERE;
}

function isOffset(at: usize): bool {
  const minutes = twoDigits(at + 3);
  return load<u8>(at, 2) == COLON && minutes <= 59 && twoDigits(at) * 60 + minutes <= MAX_OFFSET_MINUTES;
}

@inline
function isSeparator(byte: u8): bool {
  return byte == LETTER_T || byte == SPACE;
}

/** The year of the calendar day `YYYY-MM-DD` at a position; 0 where none stands that exists. */
@inline
function yearOf(at: usize): u32 {
  const century = twoDigits(at);
  const rest = twoDigits(at + 2);
  const month = twoDigits(at + 5);
  const day = twoDigits(at + 8);
  if (load<u8>(at, 4) != MINUS || load<u8>(at, 7) != MINUS) return 0;
  if (century == NO_DIGITS || rest == NO_DIGITS || month > 12 || day == 0) return 0;
  if (day > <u32>load<u8>(DAYS + <usize>month)) return 0;
  const year = century * 100 + rest;
  return month == 2 && day == 29 && !isLeap(year) ? 0 : year;
}

@inline
function isLeap(year: u32): bool {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/** Position past `HH:MM:SS[.ffffff]`, or NOWHERE. */
@inline
function skipClock(at: usize): usize {
  if (twoDigits(at) > 23 || twoDigits(at + 3) > 59 || twoDigits(at + 6) > 59) return NOWHERE;
  if (load<u8>(at, 2) != COLON || load<u8>(at, 5) != COLON) return NOWHERE;
  if (load<u8>(at, 8) != DOT) return at + 8;
  const end = skipDigits(at + 9);
  return end == at + 9 || end > at + 9 + FRACTION_DIGITS ? NOWHERE : end;
}

@inline
function twoDigits(at: usize): u32 {
  const digits = <u32>load<u16>(at) ^ 0x3030;
  const tens = digits & 0xff;
  const ones = digits >> 8;
  return tens > 9 || ones > 9 ? NO_DIGITS : tens * 10 + ones;
}
