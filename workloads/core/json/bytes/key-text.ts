import { WORD_BYTES } from './stops.ts';

const COMMA = 0x2c;

/**
 * The text of an object's key as it mostly stands, `,"key":`, in words of four bytes (little-endian): most logs write keys in one
 * order, so it is enough to see that the expected one follows.
 */
export interface KeyText {
  /** Bytes, from the comma to the colon. */
  readonly length: number;
  readonly first: number;
  /** The last four bytes; they may overlap the others. */
  readonly last: number;
  /** What lies between. */
  readonly middle: readonly number[];
}

/** Longer than any memory: stands at no place. */
export const NO_KEY: KeyText = { length: 0x3fff_ffff, first: 0, last: 0, middle: [] };

/** @param bytes Hold the key with its quotes and its colon at `[at..end)`. */
export function keyText(bytes: Buffer, at: number, end: number): KeyText {
  const text = Buffer.alloc(end - at + 1, COMMA);
  text.set(bytes.subarray(at, end), 1);
  const middle: number[] = [];
  for (let offset = WORD_BYTES; offset < text.length - WORD_BYTES; offset += WORD_BYTES)
    middle.push(text.readInt32LE(offset));
  return {
    length: text.length,
    first: text.readInt32LE(0),
    last: text.readInt32LE(text.length - WORD_BYTES),
    middle,
  };
}

/** The same of a field's name, which JSON needs no escapes for. */
export function keyTextOf(name: string): KeyText {
  const key = Buffer.from(`"${name}":`);
  return keyText(key, 0, key.length);
}

/**
 * Whether a key stands at `at`, behind one byte in front of its quote.
 * @param limit End of the memory.
 * @param instead That byte, xor a comma: 0 where it is one.
 */
export function isKeyAt(words: DataView, limit: number, at: number, key: KeyText, instead: number): boolean {
  const end = at + key.length;
  if (end > limit || (words.getInt32(at, true) ^ instead) !== key.first) return false;
  if (words.getInt32(end - WORD_BYTES, true) !== key.last) return false;
  const { middle } = key;
  for (let index = 0; index < middle.length; index++)
    if (words.getInt32(at + WORD_BYTES * (index + 1), true) !== middle[index]) return false;
  return true;
}
