import type { EpochUnit } from '../../schema/log-type.ts';
import { epochRange } from '../temporal.ts';
import { skipDigits } from '../../json/bytes/skip-digits.ts';
import { skipClosingQuote } from './closing-quote.ts';

const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;

/**
 * The magnitudes that are surely within a bound, as one figure: 16 × digits + first digit. Those with the bound's own first digit are
 * not among them, so that no digit after the first needs a look.
 */
function magnitudeLimit(bound: bigint): number {
  const digits = String(bound).replace('-', '');
  return 16 * digits.length + Number(digits[0]) - 1;
}

/** An unquoted INTEGER is read through a double. */
const SAFE = { min: BigInt(Number.MIN_SAFE_INTEGER), max: BigInt(Number.MAX_SAFE_INTEGER) };
const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

/** What an INTEGER field takes, by sign and quotes. */
export interface IntegerLimits {
  readonly bare: number;
  readonly bareNegative: number;
  readonly quoted: number;
  readonly quotedNegative: number;
}

/** The limits of a field. @param unit That it is converted to a time by. */
export function integerLimits(unit: EpochUnit | undefined): IntegerLimits {
  const range = unit === undefined ? INT64 : epochRange(unit);
  return {
    bare: Math.min(magnitudeLimit(SAFE.max), magnitudeLimit(range.max)),
    bareNegative: Math.min(magnitudeLimit(SAFE.min), magnitudeLimit(range.min)),
    quoted: magnitudeLimit(range.max),
    quotedNegative: magnitudeLimit(range.min),
  };
}

/** Position past an INTEGER's value, bare or quoted, or -1. */
export function skipInteger(bytes: Buffer, words: DataView, at: number, limits: IntegerLimits): number {
  if (bytes[at] !== QUOTE) return skipWhole(bytes, words, at, limits.bare, limits.bareNegative);
  const end = skipWhole(bytes, words, at + 1, limits.quoted, limits.quotedNegative);
  return skipClosingQuote(bytes, end);
}

function skipWhole(bytes: Buffer, words: DataView, at: number, limit: number, negativeLimit: number): number {
  const negative = bytes[at] === MINUS;
  const start = negative ? at + 1 : at;
  const first = bytes[start]!;
  // Not -0. A digit behind the zero is nothing that may follow a value.
  if (first === ZERO) return negative ? -1 : start + 1;
  const end = skipDigits(bytes, words, start);
  if (end === start) return -1;
  return 16 * (end - start) + first - ZERO <= (negative ? negativeLimit : limit) ? end : -1;
}
