import { createHash } from 'node:crypto';
import type { ByteView } from '../bytes/byte-view.ts';
import {
  BYTE,
  JsonDepthError,
  kindAt,
  MAX_JSON_DEPTH,
  scanArray,
  scanLiteral,
  scanNumber,
  scanObject,
  scanString,
  stringText,
  type StringFacts,
} from '../json/scan.ts';
import { report, type CheckState } from './misfit.ts';
import { isExactJsonNumber } from './numbers.ts';

/** Characters; longer keys are compared by digest, so that a 90 MB key is not held as text. */
const LONG_KEY = 256;
/** Bytes of a character's longest form in JSON, an escape. */
const ESCAPE_BYTES = 6;
/** Bytes of a long key that are looked at together. */
const PIECE_BYTES = 64 * 1024;
/** Above this, duplicates could not be told without holding a line's worth of keys. */
const MAX_KEYS = 100_000;

/**
 * The end of any JSON value. With `exact`, what BigQuery's JSON type would not keep is reported: numbers that change, lone
 * surrogates, keys that come twice (BigQuery keeps one of them).
 */
export function checkJson(state: CheckState, at: number, exact: boolean, depth = 1): number {
  const { view } = state;
  switch (kindAt(view, at)) {
    case 'string': {
      const { end, loneSurrogate } = scanString(view, at, state.string);
      if (exact && loneSurrogate)
        report(state, 'lone_surrogate', 'whole surrogate pairs in \\u escapes', at, end);
      return end;
    }
    case 'number': {
      const { end, integer } = scanNumber(view, at, state.number);
      if (exact && !isShortInteger(integer, end - at) && !isExactNumberAt(view, at, end, integer)) {
        report(
          state,
          'range',
          'a number that BigQuery’s JSON type keeps exactly (a 64-bit integer or a double)',
          at,
          end,
        );
      }
      return end;
    }
    case 'boolean':
    case 'null':
      return scanLiteral(view, at);
    case 'array':
      if (depth > MAX_JSON_DEPTH) throw new JsonDepthError(at);
      return scanArray(view, at, (valueAt, index) => {
        state.path.push(index);
        const end = checkJson(state, valueAt, exact, depth + 1);
        state.path.pop();
        return end;
      });
    case 'object':
      if (depth > MAX_JSON_DEPTH) throw new JsonDepthError(at);
      return exact ? checkObject(state, at, depth) : skipObject(state, at, depth);
  }
}

/** Up to 15 digits and a sign, which is nearly every number: no text is made of it; only -0 needs a look. */
function isShortInteger(integer: boolean, length: number): boolean {
  return integer && length <= 15 && length !== 2;
}

/** A number of a thousand digits is none that a double gives back. */
const MAX_NUMBER_BYTES = 800;

function isExactNumberAt(view: ByteView, at: number, end: number, integer: boolean): boolean {
  return end - at <= MAX_NUMBER_BYTES && isExactJsonNumber(view.text(at, end), integer);
}

function skipObject(state: CheckState, at: number, depth: number): number {
  const key = newKey();
  return scanObject(state.view, at, key, (_start, _end, _escaped, valueAt) =>
    checkJson(state, valueAt, false, depth + 1),
  );
}

function checkObject(state: CheckState, at: number, depth: number): number {
  const seen = new SeenKeys();
  return scanObject(state.view, at, newKey(), (keyStart, keyEnd, escaped, valueAt, lone) => {
    state.path.push(keyExcerpt(state.view, keyStart, keyEnd, escaped));
    if (lone) report(state, 'lone_surrogate', 'whole surrogate pairs in \\u escapes', keyStart, keyEnd);
    else reportSeen(state, seen, keyStart, keyEnd, escaped);
    const end = checkJson(state, valueAt, true, depth + 1);
    state.path.pop();
    return end;
  });
}

/** Reports a key that came before in the same object. */
function reportSeen(
  state: CheckState,
  seen: SeenKeys,
  keyStart: number,
  keyEnd: number,
  escaped: boolean,
): void {
  const answer = seen.add(state.view, keyStart, keyEnd, escaped);
  if (answer !== 'new')
    report(state, 'duplicate_key', expectedOnce(answer, 'each key once'), keyStart, keyEnd);
}

/** @param answer Of `SeenKeys.add`, when it was not `new`. */
export function expectedOnce(answer: 'again' | 'too many', once: string): string {
  return answer === 'again' ? once : `at most ${MAX_KEYS} keys in one object`;
}

function newKey(): StringFacts {
  return { end: 0, escaped: false, loneSurrogate: false };
}

/** The keys of one object so far. */
export class SeenKeys {
  readonly #keys = new Set<string>();

  /** @param prefix What stands before the key where keys of several objects are told apart by their paths. */
  add(
    view: ByteView,
    start: number,
    end: number,
    escaped: boolean,
    prefix = '',
  ): 'new' | 'again' | 'too many' {
    const size = this.#keys.size;
    if (size >= MAX_KEYS) return 'too many';
    this.#keys.add(identityOf(view, start, end, escaped, prefix));
    return this.#keys.size === size ? 'again' : 'new';
  }
}

/** The same for two spellings of one key, and for no two keys. */
function identityOf(view: ByteView, start: number, end: number, escaped: boolean, prefix: string): string {
  if (end - start - 2 <= LONG_KEY * ESCAPE_BYTES) {
    const text = prefix + stringText(view, start, end, escaped);
    if (text.length <= LONG_KEY) return text;
  }
  return digestOf(view, start, end, prefix);
}

/** Digest of a long key's text; begins with a character that makes it differ from every short key of a log. */
function digestOf(view: ByteView, start: number, end: number, prefix: string): string {
  const hash = createHash('sha256').update(prefix, 'utf16le');
  for (let at = start + 1; at < end - 1;) {
    const next = pieceEnd(view, at, end - 1);
    // UTF-16, for a piece may end between the two escapes of a surrogate pair.
    hash.update(JSON.parse(`"${view.text(at, next)}"`) as string, 'utf16le');
    at = next;
  }
  return `\u0000sha256:${hash.digest('hex')}`;
}

/** Where a piece of a string's content may end: not inside a character, nor inside an escape. */
function pieceEnd(view: ByteView, at: number, end: number): number {
  if (end - at <= PIECE_BYTES) return end;
  let position = at;
  while (position < at + PIECE_BYTES) {
    const escape = view.at(position) === BYTE.backslash;
    position += !escape ? 1 : view.at(position + 1) === 0x75 ? ESCAPE_BYTES : 2;
  }
  while ((view.at(position) & 0xc0) === 0x80) position++;
  return position;
}

/** A key as paths show it. */
export function keyExcerpt(view: ByteView, start: number, end: number, escaped: boolean): string {
  const key =
    end - start <= LONG_KEY ? stringText(view, start, end, escaped) : `${view.text(start + 1, start + 41)}…`;
  return key.toWellFormed();
}
