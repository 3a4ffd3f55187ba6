import { isKeyAt } from '../../json/bytes/key-text.ts';
import { skipBoolean, skipNull } from '../../json/bytes/skip-literal.ts';
import { skipSpace } from '../../json/bytes/skip-space.ts';
import { skipString } from '../../json/bytes/skip-string.ts';
import { MAX_JSON_DEPTH } from '../../json/scan.ts';
import { skipExactNumber } from './exact-number.ts';
import { KeyShapes, NO_SHAPE, type KeyShape } from './key-shapes.ts';

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

/** Bytes of a key that is remembered, with its quotes; longer ones would fill memory. */
const MAX_KEY_BYTES = 256;

/** Values of JSON columns: proves that BigQuery's JSON type keeps them. */
export class JsonValues {
  #bytes: Buffer = Buffer.alloc(0);
  #words: DataView = new DataView(new ArrayBuffer(0));
  readonly #shapes = new KeyShapes();
  #root: KeyShape = NO_SHAPE;
  #past = 0;

  /** What the next values lie in. */
  lookAt(bytes: Buffer, words: DataView): void {
    this.#bytes = bytes;
    this.#words = words;
  }

  /**
   * Position past a column's value at `at`, or -1.
   * @param column Its number: each has its own key orders.
   * @param depth Levels that the value stands in, itself included.
   */
  skip(at: number, column: number, depth: number): number {
    this.#root = this.#shapes.root(column);
    return this.#value(at, depth, this.#root);
  }

  /** @param depth Levels that it stands in, itself included. @param owner The key that it is the value of. */
  #value(at: number, depth: number, owner: KeyShape): number {
    const bytes = this.#bytes;
    switch (bytes[at]) {
      case QUOTE:
        return skipString(bytes, this.#words, at + 1);
      case OPEN_BRACE:
      case OPEN_BRACKET:
        if (depth > MAX_JSON_DEPTH) return -1;
        return bytes[at] === OPEN_BRACE
          ? this.#object(at, depth + 1, owner)
          : this.#array(at, depth + 1, owner);
      case LETTER_N:
        return skipNull(bytes, at);
      case LETTER_T:
      case LETTER_F:
        return skipBoolean(bytes, at);
      default:
        return skipExactNumber(bytes, this.#words, at);
    }
  }

  /** @param at Of the bracket. @param depth Of the elements. */
  #array(at: number, depth: number, owner: KeyShape): number {
    const bytes = this.#bytes;
    at = skipSpace(bytes, at + 1) | 0;
    if (bytes[at] === CLOSE_BRACKET) return at + 1;
    for (;;) {
      at = this.#value(at, depth, owner) | 0;
      // Stryker disable next-line ConditionalExpression,UnaryOperator: before a buffer stands nothing, but engines are slow to say so.
      if (at === -1) return -1;
      // Stryker disable next-line ConditionalExpression: only time is saved.
      if (bytes[at]! <= SPACE) at = skipSpace(bytes, at);
      if (bytes[at] !== COMMA) return bytes[at] === CLOSE_BRACKET ? at + 1 : -1;
      at++;
      // Stryker disable next-line ConditionalExpression: only time is saved.
      if (bytes[at]! <= SPACE) at = skipSpace(bytes, at);
    }
  }

  /** @param at Of the brace. @param depth Of the members' values. */
  #object(at: number, depth: number, owner: KeyShape): number {
    const bytes = this.#bytes;
    const words = this.#words;
    const limit = bytes.length | 0;
    at |= 0;
    let shape = this.#root;
    let next = owner.inner;
    // The brace before the first key, for isKeyAt.
    let instead = OPEN_BRACE ^ COMMA;
    for (;;) {
      // Stryker disable next-line ConditionalExpression: only time is saved.
      if (isKeyAt(words, limit, at, next, instead)) {
        shape = next;
        at += next.length;
      } else {
        const other = this.#otherKey(shape, at, instead);
        if (other === undefined) return this.#close(instead === 0 ? at : at + 1);
        // Stryker disable next-line ConditionalExpression: only time is saved.
        if (instead !== 0) owner.inner = other;
        shape = other;
        at = this.#past | 0;
      }
      instead = 0;
      const byte = bytes[at]!;
      // Strings are many: they are not worth a call.
      // Stryker disable next-line ConditionalExpression: only time is saved.
      if (byte === QUOTE) at = skipString(bytes, words, at + 1) | 0;
      else {
        // Stryker disable next-line ConditionalExpression: only time is saved.
        at = this.#value(byte <= SPACE ? skipSpace(bytes, at) : at, depth, shape) | 0;
      }
      if (at === -1) return -1;
      next = shape.child;
    }
  }

  #close(at: number): number {
    at = skipSpace(this.#bytes, at);
    return this.#bytes[at] === CLOSE_BRACE ? at + 1 : -1;
  }

  /** The shape that the next key leads to, which is not the latest; undefined where no key follows that is known to be new. */
  #otherKey(shape: KeyShape, at: number, instead: number): KeyShape | undefined {
    const bytes = this.#bytes;
    at = skipSpace(bytes, at);
    if ((bytes[at]! ^ instead) !== COMMA) return undefined;
    at = skipSpace(bytes, at + 1);
    const before = bytes[at - 1]! ^ COMMA;
    let next = shape.child;
    while (next !== NO_SHAPE && !isKeyAt(this.#words, bytes.length, at - 1, next, before))
      next = next.sibling;
    if (next === NO_SHAPE) return this.#learn(shape, at);
    this.#past = at - 1 + next.length;
    return next;
  }

  /** The shape that the key at `at` leads to for the first time; undefined where that is not known to be a new key. */
  #learn(shape: KeyShape, at: number): KeyShape | undefined {
    const bytes = this.#bytes;
    if (bytes[at] !== QUOTE || shape.depth === MAX_KEYS) return undefined;
    const end = skipString(bytes, this.#words, at + 1);
    if (bytes[end] !== COLON || end - at > MAX_KEY_BYTES) return undefined;
    if (bytes.subarray(at, end).includes(BACKSLASH)) return undefined;
    this.#past = end + 1;
    return this.#shapes.learn(shape, bytes, at, end + 1);
  }
}
