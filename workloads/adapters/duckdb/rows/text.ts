import type { Column } from '../parquet/column.ts';
import { BYTE, skipString, UnreadableRowError } from './skip.ts';

/** Puts a JSON string's text into a column. @param at Behind the opening quote. @returns Past the closing one. */
export function putString(bytes: Buffer, at: number, limit: number, column: Column): number {
  const near = column.until(bytes, at, limit, BYTE.quote, BYTE.backslash);
  if (near >= 0) return near + 1;
  let end = at;
  for (; end < limit; end++) {
    const byte = bytes[end];
    if (byte === BYTE.quote) {
      column.slice(bytes, at, end);
      return end + 1;
    }
    if (byte === BYTE.backslash) break;
  }
  const close = skipString(bytes, end, limit);
  // No escape is shorter than what it stands for.
  const start = column.begin(close - 1 - at);
  column.finish(unescape(bytes, at, close - 1, column.target, start));
  return close;
}

/** A scalar's text without its quotes and escapes, for the few numbers and times that are spelled with some. */
export function plainText(bytes: Buffer, start: number, end: number): Buffer {
  const text = Buffer.allocUnsafe(end - start);
  return text.subarray(0, unescape(bytes, start, end, text, 0));
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

/** Writes the text of a JSON string's content as UTF-8. @returns Bytes written. */
function unescape(bytes: Buffer, start: number, end: number, out: Buffer, to: number): number {
  let filled = to;
  for (let at = start; at < end;) {
    const byte = bytes[at++]!;
    if (byte !== BYTE.backslash) {
      out[filled++] = byte;
      continue;
    }
    const letter = bytes[at++]!;
    if (letter !== LETTER_U) {
      const short = SHORT[letter]!;
      if (short === 0) throw new UnreadableRowError('an escape', at - 1);
      out[filled++] = short;
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

function putCharacter(unit: number, out: Buffer, to: number): number {
  let filled = to;
  if (unit < 0x80) out[filled++] = unit;
  else if (unit < 0x800) {
    out[filled++] = 0xc0 | (unit >> 6);
    out[filled++] = 0x80 | (unit & 0x3f);
  } else if (unit < 0x1_0000) {
    out[filled++] = 0xe0 | (unit >> 12);
    out[filled++] = 0x80 | ((unit >> 6) & 0x3f);
    out[filled++] = 0x80 | (unit & 0x3f);
  } else {
    out[filled++] = 0xf0 | (unit >> 18);
    out[filled++] = 0x80 | ((unit >> 12) & 0x3f);
    out[filled++] = 0x80 | ((unit >> 6) & 0x3f);
    out[filled++] = 0x80 | (unit & 0x3f);
  }
  return filled;
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
