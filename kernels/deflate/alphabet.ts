// RFC 1951, 3.2.5: what the codes of lengths and distances stand for.
import { LENGTH_CODES } from './memory';

/** The last two never come, but fixed codes are as if they did. */
export const LITERALS: i32 = 288;
export const END_OF_BLOCK: i32 = 256;
export const FIRST_LENGTH: i32 = 257;
export const LENGTHS: i32 = 29;
export const DISTANCES: i32 = 30;

/** The code of what is not a distance: it has no bits. */
export const NO_DISTANCE: u32 = 31;

/** Extra bits of a length code, which is told less 257. The last one is of 258 alone. */
export function lengthExtraBits(code: i32): i32 {
  return code < 8 || code == LENGTHS - 1 ? 0 : (code - 4) >> 2;
}

/** Extra bits of a distance code. */
export function distanceExtraBits(code: i32): i32 {
  return code < 4 ? 0 : (code - 2) >> 1;
}

/** The least distance of a code, less 1. */
export function firstDistance(code: i32): u32 {
  return code < 4 ? code : (2 + (code & 1)) << distanceExtraBits(code);
}

/** The code of a distance, told less 1: its highest bit and the one below. */
@inline
export function distanceCode(distance: u32): u32 {
  const extraBits = 30 - clz(distance | 2);
  return 2 * extraBits + (distance >>> extraBits);
}

function fillLengthCodes(): void {
  let length = 0;
  for (let code = 0; code < LENGTHS; code++)
    for (let k = 1 << lengthExtraBits(code); k > 0 && length < 256; k--) store<u8>(LENGTH_CODES + length++, code);
  // 258, which the code before could tell as well, has one of its own.
  store<u8>(LENGTH_CODES + 255, LENGTHS - 1);
}

fillLengthCodes();
