// RFC 1951, 3.2.2: the codes that follow from their lengths.
import { COUNTERS } from './memory';
import { item } from './code-lengths';

/** RFC 1951. */
const MAX_LENGTH: i32 = 15;
/** A code's length is kept above its bits. */
const LENGTH_SHIFT: u32 = 24;

/** Huffman codes are told from their first bit on, all else in deflate from the last. */
function reversed(code: u32, length: u32): u32 {
  code = ((code & 0x5555) << 1) | ((code >>> 1) & 0x5555);
  code = ((code & 0x3333) << 2) | ((code >>> 2) & 0x3333);
  code = ((code & 0x0f0f) << 4) | ((code >>> 4) & 0x0f0f);
  code = ((code & 0x00ff) << 8) | ((code >>> 8) & 0x00ff);
  return code >>> (16 - length);
}

/** Stores a code for each symbol, 32 bits each: its bits, and above bit 24 how many they are. */
export function makeCodes(lengths: usize, symbols: i32, codes: usize): void {
  memory.fill(COUNTERS, 0, (MAX_LENGTH + 1) << 2);
  for (let symbol = 0; symbol < symbols; symbol++) {
    const counter = item(COUNTERS, load<u8>(lengths + symbol));
    store<u32>(counter, load<u32>(counter) + 1);
  }
  let first: u32 = 0;
  for (let length = 1; length <= MAX_LENGTH; length++) {
    const counter = item(COUNTERS, length);
    const here = load<u32>(counter);
    first <<= 1;
    store<u32>(counter, first);
    first += here;
  }
  for (let symbol = 0; symbol < symbols; symbol++) {
    const length: u32 = load<u8>(lengths + symbol);
    if (length == 0) {
      store<u32>(item(codes, symbol), 0);
      continue;
    }
    const counter = item(COUNTERS, length);
    const code = load<u32>(counter);
    store<u32>(counter, code + 1);
    store<u32>(item(codes, symbol), reversed(code, length) | (length << LENGTH_SHIFT));
  }
}

@inline
export function bitsOf(code: u32): u32 {
  return code & ((1 << LENGTH_SHIFT) - 1);
}

@inline
export function lengthOf(code: u32): u32 {
  return code >>> LENGTH_SHIFT;
}

@inline
export function codeOf(bits: u32, length: u32): u32 {
  return bits | (length << LENGTH_SHIFT);
}
