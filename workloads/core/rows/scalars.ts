import {
  BYTE,
  kindAt,
  scanLiteral,
  scanNumber,
  scanString,
  stringText,
  type JsonKind,
} from '../json/scan.ts';
import type { Field } from '../schema/log-type.ts';
import type { DerivedNeed } from './derived-needs.ts';
import { checkJson } from './json-value.ts';
import { report, type CheckState, type ValueCheck } from './misfit.ts';
import {
  isDecimalText,
  isFiniteText,
  isInt64Text,
  isIntegerText,
  isNumericText,
  isSafeInteger,
} from './numbers.ts';
import { epochRange, isConvertible, isDate, isDatetime, isTime, isTimestamp } from './temporal.ts';

/**
 * What is wrong with a scalar, if anything: `type` where it has no form of the type, `range` where it has one but the type cannot
 * hold the value. `kind` is string or number, `text` without quotes.
 */
type Judge = (text: string, kind: JsonKind) => 'type' | 'range' | undefined;

/** Longest number or temporal text that is looked at; what is longer fits no type. */
const MAX_SCALAR_BYTES = 800;

/** The check of one non-null value of a scalar field. */
export function scalarCheck(field: Field, need: DerivedNeed): ValueCheck {
  const coerce = field.coerce === true;
  switch (field.type) {
    case 'STRING':
      return stringCheck(coerce);
    case 'BYTES':
      return bytesCheck;
    case 'BOOLEAN':
      return booleanCheck(coerce);
    case 'JSON':
      return (state, at) => checkJson(state, at, true);
    case 'INTEGER':
      return textCheck(integerJudge(need, coerce), integerExpected(need));
    case 'FLOAT':
      return textCheck(floatJudge(coerce), 'FLOAT: a JSON number that a double can hold');
    case 'NUMERIC':
      return textCheck(
        numericJudge,
        'NUMERIC: a number of at most 15 significant digits, or a quoted one; 29 digits before and 9 behind the point',
      );
    case 'TIMESTAMP':
      return textCheck(
        timestampJudge(need, coerce),
        `TIMESTAMP: "YYYY-MM-DDTHH:MM:SS[.ffffff]" with Z or an offset${need.zoned ? ', of the years 0002 to 9998' : ''}`,
      );
    case 'DATE':
      return textCheck(formJudge(isDate), 'DATE: "YYYY-MM-DD"');
    case 'TIME':
      return textCheck(formJudge(isTime), 'TIME: "HH:MM:SS[.ffffff]"');
    case 'DATETIME':
      return textCheck(formJudge(isDatetime), 'DATETIME: "YYYY-MM-DDTHH:MM:SS[.ffffff]" without a zone');
    case 'RECORD':
      throw new TypeError('a RECORD is no scalar');
  }
}

function integerJudge({ unit }: DerivedNeed, coerce: boolean): Judge {
  const range = unit === undefined ? undefined : epochRange(unit);
  return (text, kind) => {
    const whole = coerce && kind === 'number' ? text.replace(/\.0+$/, '') : text;
    if (kind === 'number' ? !/^-?\d+$/.test(whole) : !isIntegerText(whole)) return 'type';
    if (!(kind === 'number' ? isSafeInteger(whole) : isInt64Text(whole))) return 'range';
    const within = range === undefined || (BigInt(whole) >= range.min && BigInt(whole) <= range.max);
    return within ? undefined : 'range';
  };
}

/** With `coerce`, quoted too, and then also what JSON has no number for. */
function floatJudge(coerce: boolean): Judge {
  return (text, kind) => {
    if (kind === 'string') {
      if (!coerce) return 'type';
      if (/^(-?Infinity|NaN)$/.test(text)) return undefined;
      if (!/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return 'type';
    }
    return isFiniteText(text) ? undefined : 'range';
  };
}

const numericJudge: Judge = (text, kind) => {
  const quoted = kind === 'string';
  if (quoted && !isDecimalText(text)) return 'type';
  return isNumericText(text, quoted) ? undefined : 'range';
};

function timestampJudge({ zoned }: DerivedNeed, coerce: boolean): Judge {
  return (text, kind) => {
    if (kind !== 'string' || !isTimestamp(text, coerce)) return 'type';
    return zoned === true && !isConvertible(text) ? 'range' : undefined;
  };
}

function formJudge(hasForm: (text: string) => boolean): Judge {
  return (text, kind) => (kind === 'string' && hasForm(text) ? undefined : 'type');
}

function integerExpected({ unit }: DerivedNeed): string {
  const base = 'INTEGER: a whole number within ±(2^53-1), or a quoted one within int64';
  return unit === undefined ? base : `${base}, that is an epoch time in ${unit} of the years 0002 to 9998`;
}

/** Numbers and short strings, judged by their text. */
function textCheck(judge: Judge, expected: string): ValueCheck {
  return (state, at) => {
    const { view } = state;
    const kind = kindAt(view, at);
    if (kind !== 'number' && kind !== 'string') return mismatch(state, at, expected);
    const quoted = kind === 'string';
    const { end } = quoted ? scanString(view, at, state.string) : scanNumber(view, at, state.number);
    const reason =
      end - at > MAX_SCALAR_BYTES
        ? // Its beginning tells the form; whatever the form, the type cannot hold it.
          (judge(view.text(quoted ? at + 1 : at, at + MAX_SCALAR_BYTES), kind) ?? 'range')
        : judge(quoted ? stringText(view, at, end, state.string.escaped) : view.text(at, end), kind);
    if (reason !== undefined) report(state, reason, expected, at, end);
    return end;
  };
}

/** A value of the wrong kind: reported, and passed over by the grammar. */
function mismatch(state: CheckState, at: number, expected: string): number {
  const end = checkJson(state, at, false);
  report(state, 'type', expected, at, end);
  return end;
}

function stringCheck(coerce: boolean): ValueCheck {
  const expected = `STRING: a string${coerce ? ', a whole number or a boolean' : ''}`;
  return (state, at) => {
    const { view } = state;
    const kind = kindAt(view, at);
    if (kind === 'string') {
      const { end, loneSurrogate } = scanString(view, at, state.string);
      if (loneSurrogate) report(state, 'lone_surrogate', 'whole surrogate pairs in \\u escapes', at, end);
      return end;
    }
    if (coerce && kind === 'boolean') return scanLiteral(view, at);
    if (coerce && kind === 'number') {
      const { end, integer } = scanNumber(view, at, state.number);
      if (!integer || end - at > 17 || !isSafeInteger(view.text(at, end)))
        report(state, 'type', expected, at, end);
      return end;
    }
    return mismatch(state, at, expected);
  };
}

function booleanCheck(coerce: boolean): ValueCheck {
  const expected = `BOOLEAN: true or false${coerce ? ', also quoted' : ''}`;
  return (state, at) => {
    const { view } = state;
    const kind = kindAt(view, at);
    if (kind === 'boolean') return scanLiteral(view, at);
    if (coerce && kind === 'string') {
      const { end, escaped } = scanString(view, at, state.string);
      if (end - at > 40 || !/^(true|false)$/i.test(stringText(view, at, end, escaped)))
        report(state, 'type', expected, at, end);
      return end;
    }
    return mismatch(state, at, expected);
  };
}

const BYTES_EXPECTED = 'BYTES: standard base64 with padding (RFC 4648)';

/** Looks at the bytes in place: base64 may be long. `\/` is the one escape that base64 writers use. */
const bytesCheck: ValueCheck = (state, at) => {
  const { view } = state;
  if (kindAt(view, at) !== 'string') return mismatch(state, at, BYTES_EXPECTED);
  const { end } = scanString(view, at, state.string);
  let digits = 0;
  let padding = 0;
  let last = 0;
  let valid = true;
  for (let position = at + 1; position < end - 1 && valid; position++) {
    let byte = view.at(position);
    if (byte === BYTE.backslash && view.at(position + 1) === 0x2f) byte = view.at(++position);
    if (byte === 0x3d) padding++;
    else {
      last = base64Digit(byte);
      valid = last >= 0 && padding === 0;
      digits++;
    }
  }
  // Bits behind the last whole byte must be 0, or decoding and encoding again would change the text.
  const spare = padding === 2 ? last & 15 : padding === 1 ? last & 3 : 0;
  if (!valid || (digits + padding) % 4 !== 0 || padding > 2 || spare !== 0)
    report(state, 'type', BYTES_EXPECTED, at, end);
  return end;
};

function base64Digit(byte: number): number {
  if (byte >= 0x41 && byte <= 0x5a) return byte - 0x41;
  if (byte >= 0x61 && byte <= 0x7a) return byte - 0x61 + 26;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30 + 52;
  return byte === 0x2b ? 62 : byte === 0x2f ? 63 : -1;
}
