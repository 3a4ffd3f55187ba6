import { skipDigits } from '../../json/bytes/skip-digits.ts';
import { skipClosingQuote } from './closing-quote.ts';

const QUOTE = 0x22;
const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const LETTER_E = 0x65;

/** Decimal digits that a double gives back: with as many or fewer no number changes (docs/schemas.md, source 8). */
const EXACT_DIGITS = 15;
/** BigQuery's NUMERIC: digits before and behind the point. */
const NUMERIC_WHOLE_DIGITS = 29;
const NUMERIC_SCALE = 9;

/** Digits of a number that no double is too small or too large for, with an exponent of two digits: 1e299 and 1e-299. */
const FLOAT_DIGITS = 200;

/** Position past the whole digits of a decimal number: `at` where there are none. Behind a zero no digit is one of them, nor may it follow a value. */
function skipWholeDigits(bytes: Buffer, words: DataView, at: number): number {
  return bytes[at] === ZERO ? at + 1 : skipDigits(bytes, words, at);
}

/** Position past a FLOAT's value, or -1: a JSON number in the middle of what doubles can hold. */
export function skipFloat(bytes: Buffer, words: DataView, at: number): number {
  const start = bytes[at] === MINUS ? at + 1 : at;
  const wholeEnd = skipWholeDigits(bytes, words, start);
  if (wholeEnd === start) return -1;
  let end = wholeEnd;
  if (bytes[end] === DOT) {
    end = skipDigits(bytes, words, end + 1);
    if (end === wholeEnd + 1) return -1;
  }
  if (end - start > FLOAT_DIGITS) return -1;
  return (bytes[end]! | 0x20) === LETTER_E ? skipExponent(bytes, words, end) : end;
}

function skipExponent(bytes: Buffer, words: DataView, at: number): number {
  const sign = bytes[at + 1];
  const start = sign === PLUS || sign === MINUS ? at + 2 : at + 1;
  const end = skipDigits(bytes, words, start);
  return end === start || end > start + 2 ? -1 : end;
}

/** Position past a NUMERIC's value, bare or quoted, or -1. An exponent is left to the reference. */
export function skipNumeric(bytes: Buffer, words: DataView, at: number): number {
  if (bytes[at] !== QUOTE) return skipPlain(bytes, words, at, EXACT_DIGITS, EXACT_DIGITS);
  const end = skipPlain(bytes, words, at + 1, NUMERIC_WHOLE_DIGITS, NUMERIC_WHOLE_DIGITS + NUMERIC_SCALE);
  return skipClosingQuote(bytes, end);
}

function skipPlain(
  bytes: Buffer,
  words: DataView,
  at: number,
  wholeDigits: number,
  allDigits: number,
): number {
  const negative = bytes[at] === MINUS;
  const start = negative ? at + 1 : at;
  const wholeEnd = skipWholeDigits(bytes, words, start);
  if (wholeEnd === start || wholeEnd - start > wholeDigits) return -1;
  let end = wholeEnd;
  if (bytes[end] === DOT) {
    end = skipDigits(bytes, words, end + 1);
    const scale = end - wholeEnd - 1;
    if (scale === 0 || scale > NUMERIC_SCALE || wholeEnd - start + scale > allDigits) return -1;
  }
  return negative && isZero(bytes, start, end) ? -1 : end;
}

/** Whether all digits of a plain decimal are 0. */
function isZero(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at]! > ZERO) return false;
  return true;
}
