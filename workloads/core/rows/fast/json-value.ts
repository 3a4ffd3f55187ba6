import { sameBytes } from '../../json/bytes/same-bytes.ts';
import { skipBoolean, skipNull } from '../../json/bytes/skip-literal.ts';
import { skipSpace } from '../../json/bytes/skip-space.ts';
import { skipString } from '../../json/bytes/skip-string.ts';
import { MAX_JSON_DEPTH } from '../../json/scan.ts';
import { skipExactNumber } from './exact-number.ts';
import { KeyShapes, type KeyShape } from './key-shapes.ts';

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const LETTER_F = 0x66;
const LETTER_N = 0x6e;
const LETTER_T = 0x74;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Keys of one object; with MAX_JSON_DEPTH objects around each other they are as many as the reference holds (keys.ts). */
const MAX_KEYS = 200;

/** Values of JSON columns: proves that BigQuery's JSON type keeps them. */
export class JsonValues {
  readonly #shapes = new KeyShapes();
  #bytes: Buffer = this.#shapes.text;
  #words: DataView = this.#shapes.words;

  /** Before each row. */
  begin(bytes: Buffer, words: DataView): void {
    this.#bytes = bytes;
    this.#words = words;
    this.#shapes.makeRoom();
  }

  /** Position past the value at `at`, or -1. @param depth Levels that it stands in, itself included. */
  skip(at: number, depth: number): number {
    const bytes = this.#bytes;
    switch (bytes[at]) {
      case QUOTE:
        return skipString(bytes, this.#words, at + 1);
      case OPEN_BRACE:
        return depth > MAX_JSON_DEPTH ? -1 : this.#object(at + 1, depth + 1);
      case OPEN_BRACKET:
        return depth > MAX_JSON_DEPTH ? -1 : this.#array(at + 1, depth + 1);
      case LETTER_N:
        return skipNull(bytes, at);
      case LETTER_T:
      case LETTER_F:
        return skipBoolean(bytes, at);
      default:
        return skipExactNumber(bytes, this.#words, at);
    }
  }

  #array(at: number, depth: number): number {
    const bytes = this.#bytes;
    at = skipSpace(bytes, at);
    if (bytes[at] === CLOSE_BRACKET) return at + 1;
    for (;;) {
      at = this.skip(at, depth);
      if (at < 0) return -1;
      if (bytes[at]! <= SPACE) at = skipSpace(bytes, at);
      if (bytes[at] !== COMMA) return bytes[at] === CLOSE_BRACKET ? at + 1 : -1;
      at++;
      if (bytes[at]! <= SPACE) at = skipSpace(bytes, at);
    }
  }

  #object(at: number, depth: number): number {
    const bytes = this.#bytes;
    let shape = this.#shapes.root;
    at = skipSpace(bytes, at);
    if (bytes[at] === CLOSE_BRACE) return at + 1;
    for (;;) {
      const next = this.#known(shape, at) ?? this.#learn(shape, at);
      if (next === undefined) return -1;
      shape = next;
      at += shape.length;
      if (bytes[at]! <= SPACE) at = skipSpace(bytes, at);
      at = this.skip(at, depth);
      if (at < 0) return -1;
      if (bytes[at]! <= SPACE) at = skipSpace(bytes, at);
      if (bytes[at] !== COMMA) return bytes[at] === CLOSE_BRACE ? at + 1 : -1;
      at++;
      if (bytes[at]! <= SPACE) at = skipSpace(bytes, at);
    }
  }

  /** The shape that the key at `at` leads to, if it was met before. */
  #known(shape: KeyShape, at: number): KeyShape | undefined {
    const words = this.#words;
    const keys = this.#shapes.words;
    let next = shape.child;
    const limit = this.#bytes.length;
    while (
      next !== undefined &&
      !(at + next.length <= limit && sameBytes(words, at, keys, next.at, next.length))
    )
      next = next.sibling;
    return next;
  }

  /** The shape that the key at `at` leads to for the first time; undefined where that is not known to be a new key. */
  #learn(shape: KeyShape, at: number): KeyShape | undefined {
    const bytes = this.#bytes;
    if (bytes[at] !== QUOTE || shape.depth === MAX_KEYS) return undefined;
    const end = skipString(bytes, this.#words, at + 1);
    if (end < 0 || bytes[end] !== COLON || end - at < 3) return undefined;
    const escape = bytes.indexOf(BACKSLASH, at);
    if (escape >= 0 && escape < end) return undefined;
    return this.#shapes.learn(shape, bytes, this.#words, at, end + 1);
  }
}
