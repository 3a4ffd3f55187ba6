// The second stage: one line, member by member.
import { CLOSE_BRACE, CLOSE_BRACKET, COLON, COMMA, LF, OPEN_BRACE, OPEN_BRACKET, QUOTE, SPACE } from '../json/bytes';
import { NOWHERE } from '../json/nowhere';
import { known, next } from './masks';
import { BRACKETS, QUOTES, STOPS } from './memory';
import { isTypeKey } from './types';

/** A level's kind is a bit of a 64-bit number. */
const MAX_DEPTH: i32 = 60;

/** Past the object or array that begins at `at`, or NOWHERE. There is a branch a value and not one a bracket: nobody could foresee those. */
function skipNested(at: usize): usize {
  let kinds: u64 = load<u8>(at) == OPEN_BRACKET ? 1 : 0;
  let depth: i32 = 1;
  let wrong: u32 = 0;
  do {
    at = next(BRACKETS, at + 1);
    if (at == NOWHERE) return NOWHERE;
    const byte = load<u8>(at);
    if (byte == LF) return NOWHERE;
    // Bit 1 parts those that open from those that close, bit 5 braces from brackets.
    const opens = ((byte >> 1) & 1) != 0;
    const kind: u64 = <u64>(~(byte >> 5) & 1);
    wrong |= <u32>!opens & <u32>(kinds ^ kind) & 1;
    kinds = select<u64>((kinds << 1) | kind, kinds >> 1, opens);
    depth += select<i32>(1, -1, opens);
    if (depth > MAX_DEPTH) return NOWHERE;
  } while (depth != 0);
  return wrong != 0 ? NOWHERE : at + 1;
}

/** Past a number or a literal, whatever it is; NOWHERE where there is none. */
@inline
function skipScalar(at: usize): usize {
  const start = at;
  while (true) {
    const bytes = v128.load(at);
    const brace = v128.or(bytes, i8x16.splat(0x20));
    const ends = i8x16.bitmask(
      v128.or(
        v128.or(
          v128.or(i8x16.le_u(bytes, i8x16.splat(SPACE)), i8x16.eq(bytes, i8x16.splat(QUOTE))),
          v128.or(i8x16.eq(bytes, i8x16.splat(COMMA)), i8x16.eq(bytes, i8x16.splat(COLON))),
        ),
        v128.or(i8x16.eq(brace, i8x16.splat(OPEN_BRACE)), i8x16.eq(brace, i8x16.splat(CLOSE_BRACE))),
      ),
    );
    if (ends != 0) {
      at += <usize>ctz(ends);
      return at == start || at > known ? NOWHERE : at;
    }
    at += 16;
  }
}

/** Of the type, without its quotes. */
export let valueStart: usize = 0;
export let valueEnd: usize = 0;

/** The position past the object that begins at `at`, or NOWHERE. */
export function members(at: usize): usize {
  let found: usize = NOWHERE;
  let foundEnd: usize = NOWHERE;
  if (load<u8>(at) != OPEN_BRACE) return NOWHERE;
  while (true) {
    const name = at + 2;
    if (load<u8>(at, 1) != QUOTE) return NOWHERE;
    const nameEnd = next(STOPS, name);
    if (nameEnd == NOWHERE) return NOWHERE;
    if (load<u16>(nameEnd) != ((<u16>COLON << 8) | QUOTE)) return NOWHERE;
    const value = load<u8>(nameEnd, 2) == SPACE ? nameEnd + 3 : nameEnd + 2;
    const first = load<u8>(value);
    if (first == QUOTE) {
      at = next(QUOTES, value + 1);
      if (at == NOWHERE) return NOWHERE;
      at++;
    } else {
      at = (first | 0x20) == OPEN_BRACE ? skipNested(value) : skipScalar(value);
      if (at == NOWHERE) return NOWHERE;
    }
    if (isTypeKey(name, nameEnd - name)) {
      if (found != NOWHERE || first != QUOTE || next(STOPS, value + 1) != at - 1) return NOWHERE;
      found = value + 1;
      foundEnd = at - 1;
    }
    const separator = load<u8>(at);
    if (separator != COMMA) {
      if (separator != CLOSE_BRACE || found == NOWHERE) return NOWHERE;
      valueStart = found;
      valueEnd = foundEnd;
      return at + 1;
    }
    if (load<u8>(at, 1) == SPACE) at++;
  }
}
