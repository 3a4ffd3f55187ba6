import { firstStop, stringStops, WORD_BYTES } from '../../../core/json/bytes/stops.ts';
import type { Column } from '../parquet/column.ts';
import { BYTE, skipString, UnreadableRowError } from './skip.ts';

/** Puts a JSON string's text into a column. @param at Behind the opening quote. @returns Past the closing one. */
export function putString(bytes: Buffer, words: DataView, at: number, limit: number, column: Column): number {
  const near = column.shortText(bytes, words, at);
  if (near >= 0) return near + 1;
  const close = skipString(bytes, words, at, limit);
  if (bytes.subarray(at, close - 1).includes(BYTE.backslash)) {
    // No escape is shorter than what it stands for.
    const start = column.begin(close - 1 - at);
    column.finish(unescape(bytes, words, at, close - 1, column.view, start));
  } else column.slice(bytes, at, close - 1);
  return close;
}

/** A scalar's text without its quotes and escapes, for the few numbers and times that are spelled with some. The quote is at `end`. */
export function plainText(bytes: Buffer, words: DataView, start: number, end: number): Buffer {
  const text = Buffer.allocUnsafeSlow(end - start + WORD_BYTES);
  return text.subarray(0, unescape(bytes, words, start, end, new DataView(text.buffer), 0));
}

/** JSON's short escapes, by the letter behind the backslash. */
const SHORT = new Uint8Array(256);
for (const [letter, byte] of Object.entries({
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  '"': 0x22,
  '\\': 0x5c,
  '/': 0x2f,
}))
  SHORT[letter.charCodeAt(0)] = byte;
const LETTER_U = 0x75;

/**
 * Writes the text of a JSON string's content as UTF-8: what lies between escapes word by word, so that up to three bytes behind it are
 * written too. The closing quote, at `end`, stops the last word. @returns Bytes of the text.
 */
function unescape(
  bytes: Buffer,
  words: DataView,
  start: number,
  end: number,
  out: DataView,
  to: number,
): number {
  const last = bytes.length - WORD_BYTES;
  let filled = to;
  let at = start;
  while (at < end) {
    while (at <= last) {
      const word = words.getInt32(at, true);
      out.setInt32(filled, word, true);
      const stops = stringStops(word);
      const plain = stops === 0 ? WORD_BYTES : firstStop(stops);
      at += plain;
      filled += plain;
      if (stops !== 0) break;
    }
    if (at === end) break;
    const byte = bytes[at++]!;
    if (byte !== BYTE.backslash) {
      out.setUint8(filled++, byte);
      continue;
    }
    const letter = bytes[at++]!;
    if (letter !== LETTER_U) {
      const short = SHORT[letter]!;
      if (short === 0) throw new UnreadableRowError('an escape', at - 1);
      out.setUint8(filled++, short);
      continue;
    }
    let unit = hexUnit(bytes, at);
    at += 4;
    if (unit >= 0xd800 && unit <= 0xdfff) {
      unit = 0x1_0000 + ((unit - 0xd800) << 10) + (hexUnit(bytes, at + 2) - 0xdc00);
      at += 6;
      if (!(unit >= 0x1_0000 && unit <= 0x10_ffff) || at > end)
        throw new UnreadableRowError('a surrogate pair', at);
    }
    filled = putCharacter(unit, out, filled);
  }
  return filled - to;
}

function putCharacter(unit: number, out: DataView, to: number): number {
  if (unit < 0x80) {
    out.setUint8(to, unit);
    return to + 1;
  }
  if (unit < 0x800) {
    out.setUint8(to, 0xc0 | (unit >> 6));
    out.setUint8(to + 1, 0x80 | (unit & 0x3f));
    return to + 2;
  }
  if (unit < 0x1_0000) {
    out.setUint8(to, 0xe0 | (unit >> 12));
    out.setUint8(to + 1, 0x80 | ((unit >> 6) & 0x3f));
    out.setUint8(to + 2, 0x80 | (unit & 0x3f));
    return to + 3;
  }
  out.setUint8(to, 0xf0 | (unit >> 18));
  out.setUint8(to + 1, 0x80 | ((unit >> 12) & 0x3f));
  out.setUint8(to + 2, 0x80 | ((unit >> 6) & 0x3f));
  out.setUint8(to + 3, 0x80 | (unit & 0x3f));
  return to + 4;
}

function hexUnit(bytes: Buffer, at: number): number {
  let unit = 0;
  for (let index = at; index < at + 4; index++) {
    const digit = HEX[bytes[index]!]!;
    if (digit === NO_DIGIT) throw new UnreadableRowError('four hexadecimal digits', index);
    unit = unit * 16 + digit;
  }
  return unit;
}

const NO_DIGIT = 0xff;
const HEX = new Uint8Array(256).fill(NO_DIGIT);
for (const digits of ['0123456789abcdef', '0123456789ABCDEF'])
  for (const [digit, letter] of Buffer.from(digits).entries()) HEX[letter] = digit;
