import { createHash } from 'node:crypto';
import type { ByteView } from '../bytes/byte-view.ts';
import { BYTE, stringText } from '../json/scan.ts';

/** Characters; longer keys are compared by digest, so that a 90 MB key is not held as text. */
const LONG_KEY = 256;
/** Bytes of a character's longest form in JSON, an escape. */
const ESCAPE_BYTES = 6;
/** Bytes of a long key that are looked at together. */
const PIECE_BYTES = 64 * 1024;
/** Keys of one row that are held at a time. Above this, duplicates could not be told without holding a line's worth of keys. */
const MAX_KEYS = 100_000;

/** How many keys the objects that are open at a place of a row hold together: nesting must not multiply the bound. */
export interface KeyBudget {
  held: number;
}

/** The keys of one object so far. */
export class SeenKeys {
  readonly #keys = new Set<string>();
  readonly #budget: KeyBudget;

  constructor(budget: KeyBudget = { held: 0 }) {
    this.#budget = budget;
  }

  /** The object has ended. */
  release(): void {
    this.#budget.held -= this.#keys.size;
    this.#keys.clear();
  }

  /** @param prefix What stands before the key where keys of several objects are told apart by their paths. */
  add(
    view: ByteView,
    start: number,
    end: number,
    escaped: boolean,
    prefix = '',
  ): 'new' | 'again' | 'too many' {
    const size = this.#keys.size;
    if (this.#budget.held >= MAX_KEYS) return 'too many';
    this.#keys.add(identityOf(view, start, end, escaped, prefix));
    if (this.#keys.size === size) return 'again';
    this.#budget.held++;
    return 'new';
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

/** @param answer Of `SeenKeys.add`, when it was not `new`. */
export function expectedOnce(answer: 'again' | 'too many', once: string): string {
  return answer === 'again' ? once : `at most ${MAX_KEYS} keys in one object and those around it`;
}
