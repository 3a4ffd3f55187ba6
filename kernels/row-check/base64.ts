import { NOWHERE } from '../json/nowhere';
import { BACKSLASH, EQUALS, PLUS, QUOTE, SLASH } from '../json/bytes';

/** Of each byte the value that it has as a digit, or -1; 8 bits. Made once, below: a branch a digit cannot be foreseen. */
const VALUES: usize = memory.data(256);

/** Position past a BYTES value at `at`, or NOWHERE: canonical base64 (RFC 4648, section 4), in which `\/` stands for `/`. */
export function skipBase64(at: usize): usize {
  if (load<u8>(at) != QUOTE) return NOWHERE;
  let digits: u32 = 0;
  let last: i32 = 0;
  at++;
  while (true) {
    const value: i32 = load<i8>(VALUES + <usize>load<u8>(at));
    if (value >= 0) {
      last = value;
      at++;
    } else if (load<u8>(at) == BACKSLASH && load<u8>(at, 1) == SLASH) {
      last = 63;
      at += 2;
    } else break;
    digits++;
  }
  return skipPadding(at, digits & 3, last);
}

/** @param open Digits of the group of four that has begun. @param last Its last digit: bits behind the last whole byte must be 0. */
function skipPadding(at: usize, open: u32, last: i32): usize {
  const padding = open == 2 && (last & 15) == 0 ? 2 : open == 3 && (last & 3) == 0 ? 1 : 0;
  if (open != 0 && padding == 0) return NOWHERE;
  for (let count = 0; count < padding; count++) if (load<u8>(at++) != EQUALS) return NOWHERE;
  return load<u8>(at) == QUOTE ? at + 1 : NOWHERE;
}

/** Of a digit of base64 (RFC 4648, section 4); -1 for every other byte. */
function valueOf(byte: u8): i32 {
  const letter = <i32>(byte | 0x20) - 0x61;
  if (<u32>letter < 26) return byte & 0x20 ? letter + 26 : letter;
  const digit = <i32>byte - 0x30;
  if (<u32>digit < 10) return digit + 52;
  return byte == PLUS ? 62 : byte == SLASH ? 63 : -1;
}

for (let byte = 0; byte < 256; byte++) store<i8>(VALUES + byte, <i8>valueOf(<u8>byte));
