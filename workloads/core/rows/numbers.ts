/** BigQuery reads an unquoted INTEGER through a double: beyond 2^53-1 neighbours fall together (design 5.4). */
const MAX_SAFE_DIGITS = 16;

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;

/** Whether the text of a JSON integer is within ±(2^53-1) and is not -0, which no integer column can hold. */
export function isSafeInteger(text: string): boolean {
  return text !== '-0' && text.length <= MAX_SAFE_DIGITS + 1 && Number.isSafeInteger(Number(text));
}

/** Whether a quoted text has the form of an INTEGER: canonical, so that it is stored as it stands. */
export function isIntegerText(text: string): boolean {
  return /^(0|-?[1-9]\d*)$/.test(text);
}

/** The text of a quoted INTEGER within int64. */
export function isInt64Text(text: string): boolean {
  if (!isIntegerText(text) || text.length > 20) return false;
  const value = BigInt(text);
  return value >= INT64_MIN && value <= INT64_MAX;
}

/** A decimal number taken apart; `digits` has neither leading nor trailing zeros. */
interface Decimal {
  readonly digits: string;
  /** value = 0.digits × 10^exponent. */
  readonly exponent: number;
  /** Digits behind the decimal point as written, trailing zeros included. */
  readonly writtenScale: number;
  /** Digits before the decimal point as written. */
  readonly writtenWhole: number;
  readonly power: number;
}

/** @param text A number in JSON's grammar. */
function takeApart(text: string): Decimal {
  const [, whole = '', fraction = '', power = '0'] =
    /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const all = whole + fraction;
  const leading = /^0*/.exec(all)![0].length;
  const digits = all.slice(leading).replace(/0+$/, '');
  return {
    digits,
    exponent: whole.length - leading + Number(power),
    writtenScale: fraction.length - Number(power),
    writtenWhole: whole.length,
    power: Number(power),
  };
}

/** BigQuery: NUMERIC has 38 digits of precision and 9 of scale. */
const NUMERIC_SCALE = 9;
const NUMERIC_WHOLE_DIGITS = 29;
/** A double keeps any decimal of 15 significant digits; more may change on the way into an unquoted NUMERIC. */
const DOUBLE_SAFE_DIGITS = 15;

/** Whether a quoted text has the form of a NUMERIC: plain digits, so that it is stored as it stands. */
export function isDecimalText(text: string): boolean {
  return /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text);
}

/**
 * Whether NUMERIC holds exactly this number.
 * @param quoted Quoted text is read exactly, a bare number through a double.
 */
export function isNumericText(text: string, quoted: boolean): boolean {
  if (quoted && !isDecimalText(text)) return false;
  const { digits, exponent, writtenScale, writtenWhole, power } = takeApart(text);
  if (exponent > NUMERIC_WHOLE_DIGITS || writtenScale > NUMERIC_SCALE) return false;
  // Casts of text go wrong on numbers like 0.04e30: their digits pass through places that NUMERIC does not have.
  if (writtenWhole > NUMERIC_WHOLE_DIGITS || Math.abs(power) > NUMERIC_WHOLE_DIGITS) return false;
  if (digits === '') return !text.startsWith('-');
  return quoted || digits.length <= DOUBLE_SAFE_DIGITS;
}

/** Whether FLOAT holds this number, rounded as doubles are: 1e400 is no number there, and 1e-400 must not become 0. */
export function isFiniteText(text: string): boolean {
  const value = Number(text);
  return Number.isFinite(value) && (value !== 0 || !/[1-9]/.test(text.replace(/[eE].*$/, '')));
}

/**
 * Whether BigQuery's JSON type holds this number without loss: an integer of int64 or uint64, or a decimal that a double gives
 * back digit for digit. (GoogleSQL PARSE_JSON, wide_number_mode "exact": fails "if the number cannot be stored without loss".)
 */
export function isExactJsonNumber(text: string, integer: boolean): boolean {
  if (integer) {
    if (text === '-0') return false;
    if (text.length <= MAX_SAFE_DIGITS) return true;
    const value = text.length <= 21 ? BigInt(text) : UINT64_MAX + 1n;
    if (value >= INT64_MIN && value <= UINT64_MAX) return true;
  }
  const value = Number(text);
  if (!Number.isFinite(value)) return false;
  const written = takeApart(text);
  const kept = takeApart(String(Math.abs(value)));
  return written.digits === kept.digits && (written.digits === '' || written.exponent === kept.exponent);
}
