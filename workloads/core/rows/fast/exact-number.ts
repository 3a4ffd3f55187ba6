import { skipDigits } from '../../json/bytes/skip-digits.ts';
import { isExactJsonNumber } from '../numbers.ts';

const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const LETTER_E = 0x65;

/** Digits of an integer that int64 surely holds, and of a decimal that a double gives back. */
const INT64_DIGITS = 18;
const DOUBLE_DIGITS = 15;
/** A number of more bytes is none that a double gives back (json-value.ts). */
const MAX_NUMBER_BYTES = 800;

/** Position past the number at `at`, or -1 where BigQuery's JSON type would change it. */
export function skipExactNumber(bytes: Buffer, words: DataView, at: number): number {
  const start = bytes[at] === MINUS ? at + 1 : at;
  // A digit behind a zero is nothing that may follow a value.
  const whole = bytes[start] === ZERO ? start + 1 : skipDigits(bytes, words, start);
  if (whole === start) return -1;
  if (bytes[whole] !== DOT) {
    // Stryker disable next-line ConditionalExpression,BlockStatement: the reference would say the same, later.
    if ((bytes[whole]! | 0x20) !== LETTER_E) {
      if (bytes[start] === ZERO) return start === at ? whole : -1;
      // Stryker disable next-line ConditionalExpression,EqualityOperator,ArithmeticOperator: the reference would say the same, later.
      if (whole - start <= INT64_DIGITS) return whole;
    }
    return skipUnusual(bytes, words, at, whole, whole);
  }
  const end = skipDigits(bytes, words, whole + 1);
  if (end === whole + 1) return -1;
  // One of these bytes is the dot.
  // Stryker disable next-line ConditionalExpression,EqualityOperator,ArithmeticOperator: the reference would say the same, later.
  if (end - start <= DOUBLE_DIGITS + 1 && (bytes[end]! | 0x20) !== LETTER_E) return end;
  return skipUnusual(bytes, words, at, whole, end);
}

/** The end of a number that the reference's rules are asked for. */
function skipUnusual(bytes: Buffer, words: DataView, at: number, whole: number, end: number): number {
  // Behind the letter comes a sign or a digit; where anything else does, or no digit follows, the reference finds no number.
  if ((bytes[end]! | 0x20) === LETTER_E) end = skipDigits(bytes, words, end + 2);
  return end - at <= MAX_NUMBER_BYTES && isExactJsonNumber(bytes.toString('latin1', at, end), end === whole)
    ? end
    : -1;
}
