/** Bytes that are looked at together: what a number of 32 bits holds, little-endian. */
export const WORD_BYTES = 4;

/**
 * Marks, by their high bits, the bytes of a word that end or interrupt a JSON string: quotes, backslashes and control characters. Above
 * the lowest one that is set, others may be set wrongly.
 */
export function stringStops(word: number): number {
  // Exchanging 0x20 to 0x22 puts the quote right above the control characters. A subtraction borrows from the next byte only where it
  // found something itself, so the lowest high bit marks the first stop exactly.
  return (((word ^ 0x02020202) - 0x21212121) | ((word ^ 0x5c5c5c5c) - 0x01010101)) & ~word & 0x80808080;
}

/** Which byte of a word is the first that is marked; some must be. */
export function firstStop(stops: number): number {
  return (31 - Math.clz32(stops & -stops)) >> 3;
}
