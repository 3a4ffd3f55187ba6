// Writes tokens with the codes at hand. Nothing in it is left to a branch that could be foreseen wrongly: a literal is a token whose
// distance has no bits.
import {
  DISTANCE_BITS, DISTANCE_CODES, DISTANCE_SIZES, LENGTH_CODES, LITERAL_CODES, SYMBOL_BITS,
} from './memory';
import { distanceExtraBits, DISTANCES, END_OF_BLOCK, firstDistance, FIRST_LENGTH, NO_DISTANCE } from './alphabet';
import { goOn, outAt, pendingBits, pendingCount } from './bits';
import { item } from './code-lengths';
import { bitsOf, codeOf as withLength, lengthOf } from './codes';
import { lengthExtraBits } from './alphabet';
import { codeOf, distanceOf, symbolOf } from './tokens';

/** Bits that may be added to fewer than eight. */
const MOST_BITS: u32 = 56;

/** Makes the tables of symbols and distances from the codes. */
export function makeTables(): void {
  memory.copy(SYMBOL_BITS, LITERAL_CODES, (END_OF_BLOCK + 1) << 2);
  for (let length = 1, extra: u32 = 0, last: u32 = 0; length < 256; length++) {
    const lengthCode: u32 = load<u8>(LENGTH_CODES + length);
    extra = lengthCode == last ? extra + 1 : 0;
    last = lengthCode;
    const code = load<u32>(item(LITERAL_CODES, FIRST_LENGTH + lengthCode));
    const size = lengthOf(code);
    store<u32>(
      item(SYMBOL_BITS, END_OF_BLOCK + length),
      withLength(bitsOf(code) | (extra << size), size + lengthExtraBits(lengthCode)),
    );
  }
  for (let distance = 0; distance < DISTANCES; distance++) {
    const code = load<u32>(item(DISTANCE_CODES, distance));
    const size = lengthOf(code);
    store<u32>(item(DISTANCE_BITS, distance), bitsOf(code) - (firstDistance(distance) << size));
    store<u8>(item(DISTANCE_SIZES, distance), size);
    store<u8>(item(DISTANCE_SIZES, distance) + 1, size + distanceExtraBits(distance));
  }
  store<u32>(item(DISTANCE_BITS, NO_DISTANCE), 0);
  store<u32>(item(DISTANCE_SIZES, NO_DISTANCE), 0);
}

@inline
function bits(token: u32, symbol: u32): u64 {
  const code = codeOf(token);
  const distance = (distanceOf(token) << <u32>load<u8>(code, DISTANCE_SIZES)) + load<u32>(code, DISTANCE_BITS);
  return <u64>bitsOf(symbol) | (<u64>distance << lengthOf(symbol));
}

@inline
function size(token: u32, symbol: u32): u32 {
  return lengthOf(symbol) + <u32>load<u8>(codeOf(token), DISTANCE_SIZES + 1);
}

/** Writes tokens, two at a time, which are seldom too many bits for one. */
export function putTokens(token: usize, end: usize): void {
  let out = outAt();
  let pending = pendingBits();
  let count = pendingCount();
  while (token < end) {
    const first = load<u32>(token);
    const firstSymbol = load<u32>(symbolOf(first), SYMBOL_BITS);
    let both = bits(first, firstSymbol);
    let length = size(first, firstSymbol);
    token += 4;
    if (token < end) {
      const second = load<u32>(token);
      const secondSymbol = load<u32>(symbolOf(second), SYMBOL_BITS);
      const secondLength = size(second, secondSymbol);
      if (length + secondLength <= MOST_BITS) {
        both |= bits(second, secondSymbol) << length;
        length += secondLength;
        token += 4;
      }
    }
    pending |= both << count;
    count += length;
    store<u64>(out, pending);
    out += <usize>count >> 3;
    pending >>= count & ~7;
    count &= 7;
  }
  goOn(out, pending, count);
}
