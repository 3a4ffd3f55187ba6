import type { Column } from '../parquet/column.ts';
import { UnreadableRowError } from './skip.ts';

const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;

/** Digits of which any number is below 2^53, so that a double counts them exactly. */
const EXACT_DIGITS = 15;
/** NUMERIC: digits behind the point. */
const SCALE = 9;
/** 10^22 is the last power of ten that a double holds exactly. */
const POWERS = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

/** Puts an INTEGER's text into a column, to the last digit. */
export function putInteger(bytes: Buffer, start: number, end: number, column: Column): void {
  const first = bytes[start] === MINUS ? start + 1 : start;
  if (end - first > EXACT_DIGITS || end === first) {
    putLongInteger(bytes, start, end, column);
    return;
  }
  let value = 0;
  for (let at = first; at < end; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) {
      putLongInteger(bytes, start, end, column);
      return;
    }
    value = value * 10 + digit;
  }
  column.int64(first === start ? value : -value);
}

/** More digits than a double counts, or (with `coerce`) zeros behind a point. */
function putLongInteger(bytes: Buffer, start: number, end: number, column: Column): void {
  const [, whole] = /^(-?\d{1,19})(?:\.0+)?$/.exec(bytes.toString('latin1', start, end)) ?? [];
  if (whole === undefined) throw new UnreadableRowError('INTEGER', start);
  column.bigInt64(BigInt(whole));
}

/** Puts a FLOAT's text into a column, rounded as every reader of JSON rounds it. */
export function putFloat(bytes: Buffer, start: number, end: number, column: Column): void {
  const first = bytes[start] === MINUS ? start + 1 : start;
  let value = 0;
  let dot = end;
  for (let at = first; at < end; at++) {
    const byte = bytes[at]!;
    const digit = byte - ZERO;
    if (digit >= 0 && digit <= 9) value = value * 10 + digit;
    else if (byte === DOT && dot === end) dot = at;
    else {
      column.double(longFloat(bytes, start, end));
      return;
    }
  }
  const fraction = dot === end ? 0 : end - dot - 1;
  // Both the digits and the power of ten are exact doubles, and IEEE's division rounds once, as it must.
  if (end - first > EXACT_DIGITS + (dot === end ? 0 : 1)) {
    column.double(longFloat(bytes, start, end));
    return;
  }
  const absolute = fraction === 0 ? value : value / POWERS[fraction]!;
  column.double(first === start ? absolute : -absolute);
}

/** Exponents, more digits than a double counts, and what `coerce` takes besides: NaN and Infinity. */
function longFloat(bytes: Buffer, start: number, end: number): number {
  const text = bytes.toString('latin1', start, end);
  const value = Number(text);
  if (text === '' || (Number.isNaN(value) && text !== 'NaN')) throw new UnreadableRowError('FLOAT', start);
  return value;
}

/** Whole parts below 10^13: with nine digits of fraction two doubles count them, see below. */
const SHORT_WHOLE = 13;
const TWO_22 = 2 ** 22;
const TWO_10 = 2 ** 10;
const TWO_32 = 2 ** 32;

/** Puts a NUMERIC's text into a column: the number times 10^9, as 128 bits. */
export function putNumeric(bytes: Buffer, start: number, end: number, column: Column): void {
  const first = bytes[start] === MINUS ? start + 1 : start;
  let whole = 0;
  let at = first;
  for (; at < end && bytes[at] !== DOT; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) {
      putLongNumeric(bytes, start, end, column);
      return;
    }
    whole = whole * 10 + digit;
  }
  if (at === first || at - first > SHORT_WHOLE || end - at - 1 > SCALE) {
    putLongNumeric(bytes, start, end, column);
    return;
  }
  let fraction = 0;
  let digits = 0;
  for (at++; at < end; at++, digits++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) {
      putLongNumeric(bytes, start, end, column);
      return;
    }
    fraction = fraction * 10 + digit;
  }
  fraction *= POWERS[SCALE - digits]!;
  // whole = high × 2^22 + low with both below 2^22: each product with 10^9 stays below 2^53.
  const high = Math.floor(whole / TWO_22);
  const low = (whole - high * TWO_22) * POWERS[SCALE]! + fraction;
  const carried = Math.floor(low / TWO_22);
  const upper = high * POWERS[SCALE]! + carried;
  const word0 = (upper % TWO_10) * TWO_22 + (low - carried * TWO_22);
  const word1 = Math.floor(upper / TWO_10) % TWO_32;
  const word2 = Math.floor(upper / TWO_10 / TWO_32);
  if (first === start) column.int128(0, word2, word1, word0);
  else putNegative(word2, word1, word0, column);
}

/** Two's complement: all bits turned, plus one. */
function putNegative(word2: number, word1: number, word0: number, column: Column): void {
  const low = (~word0 >>> 0) + 1;
  const middle = (~word1 >>> 0) + (low === TWO_32 ? 1 : 0);
  const high = (~word2 >>> 0) + (middle === TWO_32 ? 1 : 0);
  column.int128(high === TWO_32 ? 0 : -1, high, middle, low);
}

function putLongNumeric(bytes: Buffer, start: number, end: number, column: Column): void {
  const text = bytes.toString('latin1', start, end);
  const [, sign, whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const shift = Number(power) + SCALE - fraction.length;
  // The row check lets no digit through that NUMERIC has no place for; zeros may stand there.
  const digits =
    shift >= 0 ? whole + fraction + '0'.repeat(Math.min(shift, 100)) : (whole + fraction).slice(0, shift);
  const lost = shift >= 0 ? '' : (whole + fraction).slice(shift);
  if (sign === undefined || /[1-9]/.test(lost) || digits.replace(/^0+/, '').length > 38)
    throw new UnreadableRowError('NUMERIC', start);
  const value = BigInt.asUintN(128, BigInt(`${sign}${digits === '' ? '0' : digits}`));
  const word = (index: bigint): number => Number(BigInt.asIntN(32, value >> (index * 32n)));
  column.int128(word(3n), word(2n), word(1n), word(0n));
}
