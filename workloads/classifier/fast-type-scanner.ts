import { TypeIndex } from './type-index.ts';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** A level's kind is a bit of a number that V8 keeps in a register: 31 of them. */
const MAX_DEPTH = 30;

/** No position: nothing ends before the first byte. */
const NOWHERE = 0;

/** Stands for a type key that a line must spell with escapes: no key ends behind a quote. */
const NO_KEY = Buffer.from('"');

/** The type of a line that only `TypeScanner` can judge. */
export const UNSURE = -1;

/**
 * Finds the types of ordinary lines at a byte's cost each, where they lie in a block. It says yes only where `TypeScanner` would
 * find that very type, and leaves all else to it: escaped or repeated type keys, odd spacing, deep nesting, anything broken.
 * So nothing here needs to be clever about what is wrong, and nothing wrong gets past it.
 */
export class FastTypeScanner {
  readonly types: TypeIndex;
  readonly #key: Buffer;
  /** Past the last byte of the line that was found, its terminator aside. */
  contentEnd = 0;
  /** Where the line after it begins. */
  next = 0;
  /** Of the type, without its quotes. */
  #valueStart = NOWHERE;
  #valueEnd = NOWHERE;

  constructor(typeKey: string, types: TypeIndex) {
    this.types = types;
    this.#key = JSON.stringify(typeKey) === `"${typeKey}"` ? Buffer.from(typeKey) : NO_KEY;
  }

  /**
   * @param bytes From `at` on: a line and its 0x0A, which is what ends every search. UTF-8 without a NUL.
   * @returns The type's place in `types`, or UNSURE.
   */
  scan(bytes: Uint8Array, at: number): number {
    const end = this.#members(bytes, at);
    if (end === NOWHERE || this.#valueStart === NOWHERE) return UNSURE;
    const terminator = bytes[end] === CR ? end + 1 : end;
    if (bytes[terminator] !== LF) return UNSURE;
    this.contentEnd = end;
    this.next = terminator + 1;
    return this.types.find(bytes, this.#valueStart, this.#valueEnd);
  }

  /** The position past the object that begins at `at`, or NOWHERE. */
  #members(bytes: Uint8Array, at: number): number {
    this.#valueStart = NOWHERE;
    if (bytes[at] !== OPEN_BRACE) return NOWHERE;
    for (;;) {
      const key = at + 1;
      if (bytes[key] !== QUOTE) return NOWHERE;
      const keyEnd = stringStop(bytes, key + 1);
      if (bytes[keyEnd] !== QUOTE || bytes[keyEnd + 1] !== COLON) return NOWHERE;
      const value = bytes[keyEnd + 2] === SPACE ? keyEnd + 3 : keyEnd + 2;
      const first = bytes[value]!;
      if (first === QUOTE) at = skipString(bytes, value + 1);
      else if (first === OPEN_BRACE || first === OPEN_BRACKET) at = skipNested(bytes, value);
      else at = skipScalar(bytes, value);
      if (at === NOWHERE) return NOWHERE;
      if (this.#isTypeKey(bytes, key + 1, keyEnd) && !this.#keepValue(bytes, value, at)) return NOWHERE;
      const separator = bytes[at];
      if (separator === CLOSE_BRACE) return at + 1;
      if (separator !== COMMA) return NOWHERE;
      if (bytes[at + 1] === SPACE) at++;
    }
  }

  #isTypeKey(bytes: Uint8Array, start: number, end: number): boolean {
    const key = this.#key;
    if (end - start !== key.length) return false;
    for (let index = 0; index < key.length; index++) if (bytes[start + index] !== key[index]) return false;
    return true;
  }

  /** @returns Whether it is the first one, and a string without escapes. */
  #keepValue(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#valueStart !== NOWHERE || bytes[start] !== QUOTE) return false;
    if (stringStop(bytes, start + 1) !== end - 1) return false;
    this.#valueStart = start + 1;
    this.#valueEnd = end - 1;
    return true;
  }
}

/** Where the search for a string's end looks up: its end, an escape, the line's end. */
const IN_STRING = table(QUOTE, BACKSLASH, LF);
/** What counts between the strings of a nested value. */
const IN_NESTED = table(QUOTE, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET, LF);
/** What ends a number or a literal, or may not stand in one. */
const IN_SCALAR = table(
  ...Array.from({ length: SPACE + 1 }, (_, byte) => byte),
  ...[QUOTE, COMMA, COLON, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET],
);

function table(...bytes: readonly number[]): Uint8Array {
  const marks = new Uint8Array(256);
  for (const byte of bytes) marks[byte] = 1;
  return marks;
}

/** The next byte that is marked in IN_STRING; four at a turn, for V8 checks at each whether to stop. */
function stringStop(bytes: Uint8Array, at: number): number {
  for (;;) {
    if (IN_STRING[bytes[at]!] !== 0) return at;
    if (IN_STRING[bytes[at + 1]!] !== 0) return at + 1;
    if (IN_STRING[bytes[at + 2]!] !== 0) return at + 2;
    if (IN_STRING[bytes[at + 3]!] !== 0) return at + 3;
    at += 4;
  }
}

/** Past a string's closing quote, or NOWHERE. @param at Past the opening one. */
function skipString(bytes: Uint8Array, at: number): number {
  for (;;) {
    at = stringStop(bytes, at);
    if (bytes[at] === QUOTE) return at + 1;
    // A backslash that ends the line would hide the line's end.
    if (bytes[at] === LF || bytes[at + 1] === LF) return NOWHERE;
    at += 2;
  }
}

/** Past an object or array, or NOWHERE. */
function skipNested(bytes: Uint8Array, at: number): number {
  let kinds = 0;
  let depth = 0;
  for (;;) {
    while (IN_NESTED[bytes[at]!] === 0) at++;
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      at = skipString(bytes, at + 1);
      if (at === NOWHERE) return NOWHERE;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (depth === MAX_DEPTH) return NOWHERE;
      kinds = (kinds << 1) | (byte === OPEN_BRACKET ? 1 : 0);
      depth++;
      at++;
    } else {
      if (byte === LF || (kinds & 1) !== (byte === CLOSE_BRACKET ? 1 : 0)) return NOWHERE;
      kinds >>= 1;
      at++;
      if (--depth === 0) return at;
    }
  }
}

/** Past a number or a literal, whatever it is; NOWHERE where there is none. */
function skipScalar(bytes: Uint8Array, at: number): number {
  const start = at;
  while (IN_SCALAR[bytes[at]!] === 0) at++;
  return at === start ? NOWHERE : at;
}
