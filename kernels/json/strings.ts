import {
  BACKSLASH, LOWER_B, LOWER_F, LOWER_N, LOWER_R, LOWER_T, LOWER_U, QUOTE, SLASH, SPACE,
} from './bytes';
import { NOWHERE } from './nowhere';

/** Loaded where it is needed often: V8 would put a constant vector together anew at each use. */
const SPLATS: usize = memory.data<u8>([QUOTE, BACKSLASH, SPACE]);

/** Bits of the bytes at `at` that end or interrupt a string: quotes, backslashes and control characters. */
@inline
function stringStops(at: usize, quote: v128, backslash: v128, space: v128): i32 {
  const bytes = v128.load(at);
  return i8x16.bitmask(
    v128.or(v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, backslash)), i8x16.lt_u(bytes, space)),
  );
}

/**
 * Position past the closing quote of the string whose content begins at `at`; NOWHERE where a control character, a broken escape or half
 * of a surrogate pair comes first.
 */
export function skipString(at: usize): usize {
  const quote = v128.load8_splat(SPLATS);
  const backslash = v128.load8_splat(SPLATS, 1);
  const space = v128.load8_splat(SPLATS, 2);
  while (true) {
    const stops = stringStops(at, quote, backslash, space);
    if (stops == 0) {
      at += 16;
      continue;
    }
    at += <usize>ctz(stops);
    const byte = load<u8>(at);
    if (byte == QUOTE) return at + 1;
    if (byte != BACKSLASH) return NOWHERE;
    at = skipEscape(at);
    if (at == NOWHERE) return NOWHERE;
  }
}

/** The bytes that may follow a backslash, `u` aside. */
@inline
function isShortEscape(byte: u8): bool {
  if (byte == QUOTE || byte == BACKSLASH || byte == SLASH) return true;
  return byte == LOWER_N || byte == LOWER_T || byte == LOWER_R || byte == LOWER_B || byte == LOWER_F;
}

/** Position past the escape, or pair of escapes, that begins with the backslash at `at`; NOWHERE where it is none. */
function skipEscape(at: usize): usize {
  const kind = load<u8>(at, 1);
  if (kind != LOWER_U) return isShortEscape(kind) ? at + 2 : NOWHERE;
  const unit = hexUnit(at + 2);
  if (unit < 0) return NOWHERE;
  if (unit < 0xd800 || unit > 0xdfff) return at + 6;
  if (unit > 0xdbff || load<u8>(at, 6) != BACKSLASH || load<u8>(at, 7) != LOWER_U) return NOWHERE;
  const low = hexUnit(at + 8);
  return low >= 0xdc00 && low <= 0xdfff ? at + 12 : NOWHERE;
}

/** The UTF-16 unit that four hexadecimal digits spell; negative where they are none. */
@inline
function hexUnit(at: usize): i32 {
  return (
    (hexDigit(load<u8>(at)) << 12) |
    (hexDigit(load<u8>(at, 1)) << 8) |
    (hexDigit(load<u8>(at, 2)) << 4) |
    hexDigit(load<u8>(at, 3))
  );
}

@inline
function hexDigit(byte: u8): i32 {
  const digit = <u32>byte - 0x30;
  if (digit <= 9) return digit;
  const letter = <u32>(byte | 0x20) - 0x61;
  return letter < 6 ? <i32>letter + 10 : -1;
}
