import { firstStop, WORD_BYTES } from './stops.ts';

/**
 * Position of the first byte from `at` on that is no decimal digit. Four bytes at a time: `words` is a view of the same memory as
 * `bytes`.
 */
export function skipDigits(bytes: Buffer, words: DataView, at: number): number {
  at |= 0;
  const last = (bytes.length - WORD_BYTES) | 0;
  while (at <= last) {
    // A digit becomes 0 to 9; adding 0x76 carries every other byte into its high bit, or it has it set already.
    const values = words.getInt32(at, true) ^ 0x30303030;
    const stops = ((values + 0x76767676) | values) & 0x80808080;
    if (stops !== 0) return at + firstStop(stops);
    at += WORD_BYTES;
  }
  while ((bytes[at]! ^ 0x30) <= 9) at++;
  return at;
}
