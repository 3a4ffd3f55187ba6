import type { EpochUnit } from '../../schema/log-type.ts';
import { epochRange } from '../temporal.ts';

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
interface IntegerLimits {
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
