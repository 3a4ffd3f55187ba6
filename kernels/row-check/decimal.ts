import { NOWHERE } from '../json/nowhere';
import { DOT, LOWER_E, MINUS, PLUS, QUOTE, ZERO } from '../json/bytes';
import { skipDigits } from '../json/digits';
import { skipClosingQuote } from './closing-quote';

/** Decimal digits that a double gives back: with as many or fewer no number changes (docs/schemas.md, source 8). */
const EXACT_DIGITS: usize = 15;
/** BigQuery's NUMERIC: digits before and behind the point. */
const NUMERIC_WHOLE_DIGITS: usize = 29;
const NUMERIC_SCALE: usize = 9;

/** Digits of a number that no double is too small or too large for, with an exponent of two digits: 1e299 and 1e-299. */
const FLOAT_DIGITS: usize = 200;

/** Position past the whole digits of a decimal number: `at` where there are none. Behind a zero no digit is one of them, nor may it follow a value. */
@inline
function skipWholeDigits(at: usize): usize {
  return load<u8>(at) == ZERO ? at + 1 : skipDigits(at);
}

/** Position past a FLOAT's value, or NOWHERE: a JSON number in the middle of what doubles can hold. */
export function skipFloat(at: usize): usize {
  const start = load<u8>(at) == MINUS ? at + 1 : at;
  const wholeEnd = skipWholeDigits(start);
  if (wholeEnd == start) return NOWHERE;
  let end = wholeEnd;
  if (load<u8>(end) == DOT) {
    end = skipDigits(end + 1);
    if (end == wholeEnd + 1) return NOWHERE;
  }
  if (end - start > FLOAT_DIGITS) return NOWHERE;
  return (load<u8>(end) | 0x20) == LOWER_E ? skipExponent(end) : end;
}

function skipExponent(at: usize): usize {
  const sign = load<u8>(at, 1);
  const start = sign == PLUS || sign == MINUS ? at + 2 : at + 1;
  const end = skipDigits(start);
  return end == start || end > start + 2 ? NOWHERE : end;
}

/** Position past a NUMERIC's value, bare or quoted, or NOWHERE. An exponent is left to the reference. */
export function skipNumeric(at: usize): usize {
  if (load<u8>(at) != QUOTE) return skipPlain(at, EXACT_DIGITS, EXACT_DIGITS);
  return skipClosingQuote(skipPlain(at + 1, NUMERIC_WHOLE_DIGITS, NUMERIC_WHOLE_DIGITS + NUMERIC_SCALE));
}

function skipPlain(at: usize, wholeDigits: usize, allDigits: usize): usize {
  const negative = load<u8>(at) == MINUS;
  const start = negative ? at + 1 : at;
  const wholeEnd = skipWholeDigits(start);
  if (wholeEnd == start || wholeEnd - start > wholeDigits) return NOWHERE;
  let end = wholeEnd;
  if (load<u8>(end) == DOT) {
    end = skipDigits(end + 1);
    const scale = end - wholeEnd - 1;
    if (scale == 0 || scale > NUMERIC_SCALE || wholeEnd - start + scale > allDigits) return NOWHERE;
  }
  return negative && isZero(start, end) ? NOWHERE : end;
}

/** Whether all digits of a plain decimal are 0. */
function isZero(start: usize, end: usize): bool {
  for (let at = start; at < end; at++) if (load<u8>(at) > ZERO) return false;
  return true;
}
