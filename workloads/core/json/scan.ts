import type { ByteView } from '../bytes/byte-view.ts';

/** BigQuery: "The JSON data type has a nesting limit of 500"; deeper rows are misfits, so nothing recurses further. */
export const MAX_JSON_DEPTH = 500;

export const BYTE = {
  quote: 0x22,
  backslash: 0x5c,
  comma: 0x2c,
  colon: 0x3a,
  openBrace: 0x7b,
  closeBrace: 0x7d,
  openBracket: 0x5b,
  closeBracket: 0x5d,
  minus: 0x2d,
  plus: 0x2b,
  dot: 0x2e,
  zero: 0x30,
  nine: 0x39,
  lowerE: 0x65,
  upperE: 0x45,
} as const;

/** RFC 8259 is broken at `position`; `expected` names what the grammar wants there. */
export class JsonSyntaxError extends Error {
  readonly position: number;
  readonly expected: string;

  constructor(position: number, expected: string) {
    super(`expected ${expected} at byte ${position}`);
    this.position = position;
    this.expected = expected;
  }
}

/** Nesting went past MAX_JSON_DEPTH at `position`. */
export class JsonDepthError extends Error {
  readonly position: number;

  constructor(position: number) {
    super(`nests deeper than ${MAX_JSON_DEPTH} at byte ${position}`);
    this.position = position;
  }
}

/** What `scanString` found besides the end; one record reused, so that no string costs an allocation. */
export interface StringFacts {
  /** Position past the closing quote. */
  end: number;
  escaped: boolean;
  /** An escape names half of a surrogate pair: no UTF-8 text can hold it. */
  loneSurrogate: boolean;
}

/** What `scanNumber` found. */
export interface NumberFacts {
  end: number;
  /** No fraction and no exponent. */
  integer: boolean;
}

export function skipSpace(view: ByteView, position: number): number {
  for (;;) {
    const byte = view.at(position);
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return position;
    position++;
  }
}

/** @param position Of the opening quote. @throws JsonSyntaxError. UTF-8 validity was the classifier's business. */
export function scanString(view: ByteView, position: number, facts: StringFacts): StringFacts {
  facts.escaped = false;
  facts.loneSurrogate = false;
  let high = false;
  let at = position + 1;
  for (;;) {
    const byte = view.at(at);
    if (byte === BYTE.quote) {
      facts.loneSurrogate ||= high;
      facts.end = at + 1;
      return facts;
    }
    if (byte < 0x20)
      throw new JsonSyntaxError(
        at,
        byte < 0 ? 'the end of a string' : 'no raw control character in a string',
      );
    if (byte !== BYTE.backslash) {
      facts.loneSurrogate ||= high;
      high = false;
      at++;
      continue;
    }
    facts.escaped = true;
    const kind = view.at(at + 1);
    if (kind !== 0x75) {
      if (!isSimpleEscape(kind)) throw new JsonSyntaxError(at, 'a valid escape');
      facts.loneSurrogate ||= high;
      high = false;
      at += 2;
      continue;
    }
    const unit = hexUnit(view, at + 2);
    const isLow = unit >= 0xdc00 && unit <= 0xdfff;
    if (high !== isLow) facts.loneSurrogate = true;
    high = unit >= 0xd800 && unit <= 0xdbff;
    at += 6;
  }
}

function isSimpleEscape(byte: number): boolean {
  // " \ / b f n r t
  return (
    byte === 0x22 ||
    byte === 0x5c ||
    byte === 0x2f ||
    byte === 0x62 ||
    byte === 0x66 ||
    byte === 0x6e ||
    byte === 0x72 ||
    byte === 0x74
  );
}

function hexUnit(view: ByteView, position: number): number {
  let unit = 0;
  for (let index = 0; index < 4; index++) {
    const byte = view.at(position + index);
    const lower = byte | 0x20;
    const digit =
      byte >= BYTE.zero && byte <= BYTE.nine
        ? byte - BYTE.zero
        : lower >= 0x61 && lower <= 0x66 && byte > 0
          ? lower - 0x57
          : -1;
    if (digit < 0) throw new JsonSyntaxError(position + index, 'four hexadecimal digits after \\u');
    unit = unit * 16 + digit;
  }
  return unit;
}

function isDigit(byte: number): boolean {
  return byte >= BYTE.zero && byte <= BYTE.nine;
}

function skipDigits(view: ByteView, position: number): number {
  if (!isDigit(view.at(position))) throw new JsonSyntaxError(position, 'a digit');
  do position++;
  while (isDigit(view.at(position)));
  return position;
}

/** @param position Of the minus or first digit. @throws JsonSyntaxError. */
export function scanNumber(view: ByteView, position: number, facts: NumberFacts): NumberFacts {
  let at = view.at(position) === BYTE.minus ? position + 1 : position;
  at = view.at(at) === BYTE.zero ? at + 1 : skipDigits(view, at);
  facts.integer = true;
  if (view.at(at) === BYTE.dot) {
    facts.integer = false;
    at = skipDigits(view, at + 1);
  }
  if ((view.at(at) | 0x20) === BYTE.lowerE && view.at(at) > 0) {
    facts.integer = false;
    const sign = view.at(at + 1);
    at = skipDigits(view, sign === BYTE.plus || sign === BYTE.minus ? at + 2 : at + 1);
  }
  facts.end = at;
  return facts;
}

/** Past `true`, `false` or `null`. @throws JsonSyntaxError. */
export function scanLiteral(view: ByteView, position: number): number {
  const first = view.at(position);
  const word = first === 0x74 ? 'true' : first === 0x66 ? 'false' : 'null';
  for (let index = 0; index < word.length; index++) {
    if (view.at(position + index) !== word.charCodeAt(index))
      throw new JsonSyntaxError(position, 'a JSON value');
  }
  return position + word.length;
}

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

/** What kind of value starts at `position` (no space before it). @throws JsonSyntaxError where none does. */
export function kindAt(view: ByteView, position: number): JsonKind {
  const byte = view.at(position);
  switch (byte) {
    case BYTE.openBrace:
      return 'object';
    case BYTE.openBracket:
      return 'array';
    case BYTE.quote:
      return 'string';
    case 0x74:
    case 0x66:
      return 'boolean';
    case 0x6e:
      return 'null';
    default:
      if (byte === BYTE.minus || isDigit(byte)) return 'number';
      throw new JsonSyntaxError(position, 'a JSON value');
  }
}

/** The text of a key or string value between `start` (the opening quote) and `end`, its escapes resolved. */
export function stringText(view: ByteView, start: number, end: number, escaped: boolean): string {
  return escaped ? (JSON.parse(view.text(start, end)) as string) : view.text(start + 1, end - 1);
}

/** Visits an object's members. `member` gets the key's place and the value's first byte, and answers the value's end. */
export function scanObject(
  view: ByteView,
  position: number,
  key: StringFacts,
  member: (
    keyStart: number,
    keyEnd: number,
    keyEscaped: boolean,
    valueAt: number,
    keyLone: boolean,
  ) => number,
): number {
  let at = skipSpace(view, position + 1);
  if (view.at(at) === BYTE.closeBrace) return at + 1;
  for (;;) {
    if (view.at(at) !== BYTE.quote) throw new JsonSyntaxError(at, 'a key in double quotes');
    const keyStart = at;
    const { end: keyEnd, escaped, loneSurrogate } = scanString(view, at, key);
    at = skipSpace(view, keyEnd);
    if (view.at(at) !== BYTE.colon) throw new JsonSyntaxError(at, 'a colon after the key');
    at = skipSpace(view, member(keyStart, keyEnd, escaped, skipSpace(view, at + 1), loneSurrogate));
    const byte = view.at(at);
    if (byte === BYTE.closeBrace) return at + 1;
    if (byte !== BYTE.comma) throw new JsonSyntaxError(at, 'a comma or } after a member');
    at = skipSpace(view, at + 1);
  }
}

/** Visits an array's elements; `element` gets each one's first byte and index, and answers its end. */
export function scanArray(
  view: ByteView,
  position: number,
  element: (valueAt: number, index: number) => number,
): number {
  let at = skipSpace(view, position + 1);
  if (view.at(at) === BYTE.closeBracket) return at + 1;
  for (let index = 0; ; index++) {
    at = skipSpace(view, element(at, index));
    const byte = view.at(at);
    if (byte === BYTE.closeBracket) return at + 1;
    if (byte !== BYTE.comma) throw new JsonSyntaxError(at, 'a comma or ] after an element');
    at = skipSpace(view, at + 1);
  }
}
