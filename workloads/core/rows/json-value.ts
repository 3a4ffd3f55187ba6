import { createHash } from 'node:crypto';
import type { ByteView } from '../bytes/byte-view.ts';
import {
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

/** Longer keys are compared by digest, so that a 90 MB key is not held as text. */
const LONG_KEY_BYTES = 256;
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
      if (exact && loneSurrogate) report(state, 'lone_surrogate', 'whole surrogate pairs in \\u escapes', at, end);
      return end;
    }
    case 'number': {
      const { end, integer } = scanNumber(view, at, state.number);
      if (exact && !isShortInteger(integer, end - at) && !isExactNumberAt(view, at, end, integer)) {
        report(state, 'range', 'a number that BigQuery’s JSON type keeps exactly (a 64-bit integer or a double)', at, end);
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
  return scanObject(state.view, at, key, (_start, _end, _escaped, valueAt) => checkJson(state, valueAt, false, depth + 1));
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
export function reportSeen(state: CheckState, seen: SeenKeys, keyStart: number, keyEnd: number, escaped: boolean): void {
  const answer = seen.add(state.view, keyStart, keyEnd, escaped);
  if (answer === 'new') return;
  const expected = answer === 'again' ? 'each key once' : `at most ${MAX_KEYS} keys in one object`;
  report(state, 'duplicate_key', expected, keyStart, keyEnd);
}

function newKey(): StringFacts {
  return { end: 0, escaped: false, loneSurrogate: false };
}

/** The keys of one object so far. */
export class SeenKeys {
  readonly #keys = new Set<string>();

  add(view: ByteView, start: number, end: number, escaped: boolean): 'new' | 'again' | 'too many' {
    const size = this.#keys.size;
    if (size >= MAX_KEYS) return 'too many';
    this.#keys.add(end - start <= LONG_KEY_BYTES || escaped ? stringText(view, start, end, escaped) : digestOf(view, start, end));
    return this.#keys.size === size ? 'again' : 'new';
  }
}

/** Digest of a long key's bytes; begins with a byte that makes it differ from every short key. */
function digestOf(view: ByteView, start: number, end: number): string {
  const hash = createHash('sha256');
  view.eachPiece(start + 1, end - 1, (piece) => hash.update(piece));
  return `\u0000sha256:${hash.digest('hex')}`;
}

/** A key as paths show it. */
export function keyExcerpt(view: ByteView, start: number, end: number, escaped: boolean): string {
  const key = end - start <= LONG_KEY_BYTES ? stringText(view, start, end, escaped) : `${view.text(start + 1, start + 41)}…`;
  return key.toWellFormed();
}
