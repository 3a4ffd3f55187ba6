import { isExactJsonNumber, isNumericText, isSafeInteger } from '../../core/rows/numbers.ts';
import { isDate, isDatetime, isTime, isTimestamp } from '../../core/rows/temporal.ts';

/** Digits behind the point up to which decimals are taken for money (ISO 4217 has no currency with more than four). */
const MONEY = /^-?\d+(\.\d{1,4})?$/;

/** Characters of an integer that NUMERIC surely takes: fifteen significant digits, or fourteen and a sign. */
const MONEY_DIGITS = 15;

/** What the numbers at one place were like. */
export class NumberStats {
  count = 0;
  /** With a fraction or an exponent. */
  fractional = 0;
  /** Integers beyond ±(2^53-1). */
  big = 0;
  /** Numbers that only a FLOAT takes, for BigQuery's JSON type would change them: -0, 0.1000000000000000055. */
  inexact = 0;
  /** Numbers that are no decimal of at most four digits behind the point and fifteen significant ones. */
  notMoney = 0;
  min = Infinity;
  max = -Infinity;

  /** @param text In JSON's grammar. @param integer No fraction and no exponent. */
  add(text: string, integer: boolean): void {
    const value = Number(text);
    this.count++;
    this.min = Math.min(this.min, value);
    this.max = Math.max(this.max, value);
    // Nearly every number is one: nothing below could be said of it.
    if (integer && text.length <= MONEY_DIGITS && text !== '-0') return;
    if (!integer) this.fractional++;
    else if (text !== '-0' && !isSafeInteger(text)) this.big++;
    if (!isExactJsonNumber(text, integer)) this.inexact++;
    if (!MONEY.test(text) || !isNumericText(text, false)) this.notMoney++;
  }
}

export type TemporalType = 'TIMESTAMP' | 'DATETIME' | 'DATE' | 'TIME';

/** The form of a text that one of BigQuery's temporal types stores unchanged; the forms exclude each other. */
export function temporalTypeOf(text: string): TemporalType | undefined {
  if (isTimestamp(text, false)) return 'TIMESTAMP';
  if (isDatetime(text)) return 'DATETIME';
  if (isDate(text)) return 'DATE';
  return isTime(text) ? 'TIME' : undefined;
}

/** A quoted integer that JavaScript would round: the one reason to quote a number. */
const QUOTED_BIG_INTEGER = /^-?[1-9]\d{15,18}$/;

/** What the strings at one place were like. */
export class StringStats {
  count = 0;
  empty = 0;
  quotedBig = 0;
  readonly temporal: Record<TemporalType, number> = { TIMESTAMP: 0, DATETIME: 0, DATE: 0, TIME: 0 };

  /** @param text Undefined where length or first byte tell that the string is of no form. */
  add(text: string | undefined): void {
    this.count++;
    if (text === undefined) return;
    if (text === '') this.empty++;
    const temporal = temporalTypeOf(text);
    if (temporal !== undefined) this.temporal[temporal]++;
    else if (QUOTED_BIG_INTEGER.test(text)) this.quotedBig++;
  }
}
