import type { ByteView } from '../core/bytes/byte-view.ts';
import { excerpt } from '../core/rows/misfit.ts';
import type { QuarantineReason } from '../core/set-aside/record.ts';
import { HASH_SEED, hashOfName, mixHash } from '../core/kernels/name-hash.ts';

/** Nesting past this is set aside; twice what BigQuery's JSON type can hold (500), and a fixed KiB of stack here. */
export const MAX_LINE_DEPTH = 1_024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** What a line's top level says of its type. */
export type TypeVerdict =
  | { readonly type: string; readonly duplicate: boolean }
  /** `found`: the value of the type key, where there is one. */
  | { readonly reason: QuarantineReason; readonly found?: string };

const NOT_OBJECT: TypeVerdict = { reason: 'not_object' };

/**
 * Finds the value of the type key at the top level of a line and proves that the line is one balanced object. Bytes below the
 * top level are only skipped: the full grammar is the row check's business (design 5.1).
 */
export class TypeScanner {
  readonly #key: Buffer;
  readonly #keyText: string;
  /** In a line such a key is never spelled as its own bytes. */
  readonly #keyIsEscaped: boolean;
  readonly #types: TypesByBytes;
  /** A level's kind: 1 for an array. */
  readonly #arrays = new Uint8Array(MAX_LINE_DEPTH);

  constructor(typeKey: string, typeNames: Iterable<string>) {
    this.#keyText = typeKey;
    this.#key = Buffer.from(typeKey);
    this.#keyIsEscaped = this.#key.some((byte) => byte < 0x20 || byte === QUOTE || byte === BACKSLASH);
    this.#types = new TypesByBytes(typeNames);
  }

  /** @param view A line that is UTF-8, not blank, and holds no NUL. */
  scan(view: ByteView): TypeVerdict {
    let at = skipSpace(view, 0);
    if (view.at(at) !== 0x7b) return NOT_OBJECT;
    at = skipSpace(view, at + 1);
    let valueStart = -1;
    let valueEnd = -1;
    let found = 0;
    if (view.at(at) === 0x7d) return this.#finish(view, at + 1, -1, -1, 0);
    for (;;) {
      if (view.at(at) !== QUOTE) return NOT_OBJECT;
      const keyStart = at;
      at = skipString(view, at);
      if (at < 0) return NOT_OBJECT;
      const isTypeKey = this.#isTypeKey(view, keyStart, at);
      at = skipSpace(view, at);
      if (view.at(at) !== 0x3a) return NOT_OBJECT;
      const start = skipSpace(view, at + 1);
      at = this.#skipValue(view, start);
      if (at === TOO_DEEP) return { reason: 'too_deep' };
      if (at < 0) return NOT_OBJECT;
      if (isTypeKey) {
        valueStart = start;
        valueEnd = at;
        found++;
      }
      at = skipSpace(view, at);
      const byte = view.at(at);
      if (byte === 0x7d) return this.#finish(view, at + 1, valueStart, valueEnd, found);
      if (byte !== 0x2c) return NOT_OBJECT;
      at = skipSpace(view, at + 1);
    }
  }

  #finish(view: ByteView, end: number, valueStart: number, valueEnd: number, found: number): TypeVerdict {
    if (skipSpace(view, end) !== view.length) return NOT_OBJECT;
    if (found === 0) return { reason: 'no_type' };
    if (view.at(valueStart) !== QUOTE)
      return { reason: 'type_not_string', found: excerpt(view, valueStart, valueEnd) };
    const type = this.#types.find(view, valueStart, valueEnd);
    return type === undefined
      ? { reason: 'unknown_type', found: excerpt(view, valueStart, valueEnd) }
      : { type, duplicate: found > 1 };
  }

  #isTypeKey(view: ByteView, start: number, end: number): boolean {
    const length = end - start - 2;
    if (length === this.#key.length && !this.#keyIsEscaped) {
      let index = 0;
      while (index < length && view.at(start + 1 + index) === this.#key[index]) index++;
      if (index === length) return true;
    }
    return mayBeEscaped(view, start, end, this.#key.length) && unescape(view, start, end) === this.#keyText;
  }

  /** The position past the value at `at`, -1 where it is not balanced, TOO_DEEP where it nests too deep. */
  #skipValue(view: ByteView, at: number): number {
    const first = view.at(at);
    if (first === QUOTE) return skipString(view, at);
    if (first !== 0x7b && first !== 0x5b) return skipScalar(view, at);
    let depth = 0;
    for (;;) {
      const byte = view.at(at);
      if (byte === QUOTE) {
        at = skipString(view, at);
        if (at < 0) return -1;
        continue;
      }
      if (byte < 0) return -1;
      if (byte === 0x7b || byte === 0x5b) {
        if (depth === MAX_LINE_DEPTH) return TOO_DEEP;
        this.#arrays[depth++] = byte === 0x5b ? 1 : 0;
      } else if (byte === 0x7d || byte === 0x5d) {
        depth--;
        if (this.#arrays[depth] !== (byte === 0x5d ? 1 : 0)) return -1;
        if (depth === 0) return at + 1;
      }
      at++;
    }
  }
}

const TOO_DEEP = -2;

function skipSpace(view: ByteView, at: number): number {
  for (;;) {
    const byte = view.at(at);
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d && byte !== 0x0a) return at;
    at++;
  }
}

/** Past the closing quote, or -1 where the line ends first. */
function skipString(view: ByteView, at: number): number {
  for (;;) {
    const byte = view.at(++at);
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at++;
    else if (byte < 0) return -1;
  }
}

/** Past a number or literal, whatever it is: at least one byte, none of which has a meaning in JSON. */
function skipScalar(view: ByteView, at: number): number {
  const start = at;
  for (;;) {
    const byte = view.at(at);
    const ends = byte <= 0x20 || byte === 0x2c || byte === 0x7d || byte === 0x5d || byte === 0x3a;
    if (ends) return at === start ? -1 : at;
    if (byte === QUOTE || byte === 0x7b || byte === 0x5b) return -1;
    at++;
  }
}

/** An escape makes text longer, at most six bytes for one: only keys of such lengths are looked at twice. */
function mayBeEscaped(view: ByteView, start: number, end: number, keyLength: number): boolean {
  const length = end - start - 2;
  if (length <= keyLength || length > keyLength * 6) return false;
  for (let at = start + 1; at < end - 1; at++) if (view.at(at) === BACKSLASH) return true;
  return false;
}

function unescape(view: ByteView, start: number, end: number): string | undefined {
  try {
    return JSON.parse(view.text(start, end)) as string;
  } catch {
    return undefined;
  }
}

/** Names longer than this are refused by the schema's own schema (256 characters); escaped, each takes up to twelve bytes. */
const MAX_VALUE_BYTES = 256 * 12 + '""'.length;

/** The known types by their bytes, so that a line's type is found without making a string of it. */
class TypesByBytes {
  readonly #byHash = new Map<number, { bytes: Buffer; type: string }[]>();
  readonly #byText: ReadonlySet<string>;

  constructor(names: Iterable<string>) {
    this.#byText = new Set(names);
    for (const type of this.#byText) {
      const bytes = Buffer.from(type);
      const hash = hashOfName(bytes);
      this.#byHash.set(hash, [...(this.#byHash.get(hash) ?? []), { bytes, type }]);
    }
  }

  /** @param start Of the opening quote. */
  find(view: ByteView, start: number, end: number): string | undefined {
    if (end - start > MAX_VALUE_BYTES) return undefined;
    let hash = HASH_SEED;
    for (let at = start + 1; at < end - 1; at++) {
      const byte = view.at(at);
      if (byte === BACKSLASH) return this.#findEscaped(view, start, end);
      hash = mixHash(hash, byte);
    }
    return this.#byHash.get(hash)?.find(({ bytes }) => equals(view, start + 1, end - 1, bytes))?.type;
  }

  #findEscaped(view: ByteView, start: number, end: number): string | undefined {
    const text = unescape(view, start, end);
    return text !== undefined && this.#byText.has(text) ? text : undefined;
  }
}

function equals(view: ByteView, start: number, end: number, bytes: Buffer): boolean {
  if (end - start !== bytes.length) return false;
  for (let index = 0; index < bytes.length; index++)
    if (view.at(start + index) !== bytes[index]) return false;
  return true;
}
