import type { Column } from '../parquet/column.ts';
import { BYTE, UnreadableRowError } from './skip.ts';

const PADDING = 0x3d;
const SLASH = 0x2f;
const NO_DIGIT = 0xff;
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const DIGIT = new Uint8Array(256).fill(NO_DIGIT);
for (const [digit, letter] of Buffer.from(DIGITS).entries()) DIGIT[letter] = digit;

/** Puts the bytes that a JSON string of base64 stands for into a column. @param close Past the closing quote. */
export function putBase64(bytes: Buffer, at: number, close: number, column: Column): void {
  const start = column.begin(Math.ceil(((close - at) * 3) / 4));
  const out = column.target;
  let filled = start;
  let held = 0;
  let bits = 0;
  for (let next = at; next < close - 1; next++) {
    // `\/` is the one escape that the row check lets through here.
    if (bytes[next] === BYTE.backslash && bytes[next + 1] === SLASH) next++;
    const digit = DIGIT[bytes[next]!]!;
    if (digit === NO_DIGIT) {
      if (bytes[next] === PADDING) break;
      throw new UnreadableRowError('base64', next);
    }
    held = ((held & 0x3f) << 6) | digit;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out[filled++] = held >> bits;
  }
  column.finish(filled - start);
}
