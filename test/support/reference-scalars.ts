import type { Field } from '../../workloads/core/schema/log-type.ts';

/** A JSON scalar; `text` is a string's content or a number as it is spelled. */
export interface Scalar {
  readonly kind: 'string' | 'number' | 'boolean';
  readonly text: string;
}

/** What derived columns ask of a field. */
export interface Need {
  readonly units?: readonly string[];
  readonly zoned?: boolean;
}

type Problem = 'type' | 'range' | 'lone_surrogate' | undefined;

/** Why a field of this type does not take a scalar; the rules as docs/schemas.md words them. */
export function scalarProblem(
  { type, coerce }: Pick<Field, 'type' | 'coerce'>,
  scalar: Scalar,
  need: Need,
): Problem {
  const { kind, text } = scalar;
  switch (type) {
    case 'STRING':
      if (kind === 'string') return text.isWellFormed() ? undefined : 'lone_surrogate';
      return coerce && (kind === 'boolean' || (isWhole(text) && isSafe(text))) ? undefined : 'type';
    case 'JSON':
      if (kind === 'string') return text.isWellFormed() ? undefined : 'lone_surrogate';
      return kind === 'boolean' || isKeptByJson(text) ? undefined : 'range';
    case 'BOOLEAN':
      if (kind === 'boolean') return undefined;
      return coerce && kind === 'string' && ['true', 'false'].includes(text.toLowerCase())
        ? undefined
        : 'type';
    case 'BYTES':
      return kind === 'string' && Buffer.from(text, 'base64').toString('base64') === text
        ? undefined
        : 'type';
    case 'INTEGER':
      return integerProblem(scalar, coerce === true, need.units ?? []);
    case 'FLOAT':
      return floatProblem(scalar, coerce === true);
    case 'NUMERIC':
      return numericProblem(scalar);
    case 'DATE':
      return kind === 'string' && isDay(text) ? undefined : 'type';
    case 'TIME':
      return kind === 'string' && isClock(text) ? undefined : 'type';
    case 'DATETIME':
      return kind === 'string' && isLocal(text) ? undefined : 'type';
    case 'TIMESTAMP':
      if (kind !== 'string' || !(isInstant(text) || (coerce && isLocal(text)))) return 'type';
      return need.zoned && ['0001', '9999'].includes(text.slice(0, 4)) ? 'range' : undefined;
    case 'RECORD':
      return 'type';
  }
}

function isWhole(text: string): boolean {
  return /^-?[0-9]*$/.test(text);
}

function isSafe(text: string): boolean {
  const value = BigInt(text);
  return text !== '-0' && value < 2n ** 53n && value > -(2n ** 53n);
}

const SECONDS = { first: -62104060800n, last: 253370764799n };
const UNITS: Readonly<Record<string, bigint>> = { s: 1n, ms: 1000n, us: 1_000_000n };

function integerProblem({ kind, text }: Scalar, coerce: boolean, units: readonly string[]): Problem {
  if (kind === 'boolean') return 'type';
  const [whole = '', fraction] = kind === 'number' && coerce ? text.split('.') : [text];
  if (!isWhole(whole) || whole === '' || whole === '-' || (fraction !== undefined && !/^0+$/.test(fraction)))
    return 'type';
  const value = BigInt(whole);
  if (kind === 'string' && String(value) !== whole) return 'type';
  const fits = kind === 'number' ? isSafe(whole) : BigInt.asIntN(64, value) === value;
  const inRange = units.every(
    (unit) => value >= SECONDS.first * UNITS[unit]! && value <= SECONDS.last * UNITS[unit]!,
  );
  return fits && inRange ? undefined : 'range';
}

function floatProblem({ kind, text }: Scalar, coerce: boolean): Problem {
  if (kind === 'boolean' || (kind === 'string' && !coerce)) return 'type';
  if (kind === 'string') {
    if (['Infinity', '-Infinity', 'NaN'].includes(text)) return undefined;
    if (!/^-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?$/.test(text)) return 'type';
  }
  const value = Number(text);
  const becomesZero = value === 0 && /^[-0.]*[1-9]/.test(text);
  return Number.isFinite(value) && !becomesZero ? undefined : 'range';
}

function numericProblem({ kind, text }: Scalar): Problem {
  if (kind === 'boolean' || (kind === 'string' && !/^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/.test(text)))
    return 'type';
  const [mantissa = '', power = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  if (Math.abs(Number(power)) > 29 || whole.length > 29 || fraction.length - Number(power) > 9)
    return 'range';
  // Nine places are enough for what is left: in billionths, it is a whole number below 10^38.
  const billionths = BigInt(whole + fraction) * 10n ** BigInt(9 + Number(power) - fraction.length);
  if (billionths === 0n) return text.startsWith('-') ? 'range' : undefined;
  const significant = String(billionths).replace(/0+$/, '').length;
  return billionths < 10n ** 38n && (kind === 'string' || significant <= 15) ? undefined : 'range';
}

function isKeptByJson(text: string): boolean {
  if (isWhole(text)) {
    if (text === '-0') return false;
    const value = BigInt(text);
    if (value >= -(2n ** 63n) && value < 2n ** 64n) return true;
  }
  const value = Number(text);
  return Number.isFinite(value) && plain(text) === plain(String(value));
}

/** One spelling for each decimal value: its digits, and the power of ten of the last one. */
function plain(text: string): string {
  const [mantissa = '', power = '0'] = text.replace(/^-/, '').toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = String(BigInt(whole + fraction));
  if (digits === '0') return '0';
  const significant = digits.replace(/0+$/, '');
  return `${significant}e${Number(power) - fraction.length + digits.length - significant.length}`;
}

function isDay(text: string): boolean {
  const [, year, month, day] = (/^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined || year < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= days;
}

function isClock(text: string): boolean {
  const match = /^([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]{1,6})?$/.exec(text);
  return match !== null && Number(match[1]) < 24 && Number(match[2]) < 60 && Number(match[3]) < 60;
}

function isLocal(text: string): boolean {
  return (text[10] === 'T' || text[10] === ' ') && isDay(text.slice(0, 10)) && isClock(text.slice(11));
}

function isInstant(text: string): boolean {
  for (const zone of ['Z', ' UTC']) if (text.endsWith(zone)) return isLocal(text.slice(0, -zone.length));
  const [, hours, minutes] = /[+-]([0-9]{2}):([0-9]{2})$/.exec(text) ?? [];
  const offset = Number(hours) * 60 + Number(minutes);
  const atTheEnds = text.startsWith('0001-01-01') || text.startsWith('9999-12-31');
  return Number(minutes) < 60 && offset <= 14 * 60 && !atTheEnds && isLocal(text.slice(0, -6));
}
