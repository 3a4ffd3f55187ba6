// The first stage: 64 bytes at a time become masks, and searches go from bit to bit of these.
import { BACKSLASH, CLOSE_BRACE, LF, OPEN_BRACE, QUOTE } from '../json/bytes';
import { NOWHERE } from '../json/nowhere';
import { BRACKETS, QUOTES, STOPS, WINDOW, WORD } from './memory';

/** Past the last byte of the window's lines. */
export let end: usize = 0;
/** Past the last byte that the masks tell of: where the window ends, or something is broken. */
export let known: usize = 0;

/** A window of `length` bytes is there: whole lines, each with its 0x0A, UTF-8 without a NUL. */
export function open(length: usize): void {
  end = WINDOW + length;
  index(WINDOW);
}

@inline
function maskOf(a: v128, b: v128, c: v128, d: v128): u64 {
  return (
    <u64>(<u32>i8x16.bitmask(a)) |
    (<u64>(<u32>i8x16.bitmask(b)) << 16) |
    (<u64>(<u32>i8x16.bitmask(c)) << 32) |
    (<u64>(<u32>i8x16.bitmask(d)) << 48)
  );
}

@inline
function hasAny(a: v128, b: v128, c: v128, d: v128, byte: v128): bool {
  return v128.any_true(
    v128.or(v128.or(i8x16.eq(a, byte), i8x16.eq(b, byte)), v128.or(i8x16.eq(c, byte), i8x16.eq(d, byte))),
  );
}

/** `{`, `}`, `[`, `]`: braces are brackets with bit 5 set. */
@inline
function isBracket(bytes: v128, bit5: v128, open: v128, close: v128): v128 {
  const brace = v128.or(bytes, bit5);
  return v128.or(i8x16.eq(brace, open), i8x16.eq(brace, close));
}

/** Loaded where it is needed often: V8 would put a constant vector together anew at each use. */
const SPLATS: usize = memory.data<u8>([QUOTE, LF, BACKSLASH, 0x20, OPEN_BRACE, CLOSE_BRACE]);

/** Each bit becomes the parity of itself and all below: between a quote and the next one it is 1. */
@inline
function parity(bits: u64): u64 {
  bits ^= bits << 1;
  bits ^= bits << 2;
  bits ^= bits << 4;
  bits ^= bits << 8;
  bits ^= bits << 16;
  return bits ^ (bits << 32);
}

const EVEN: u64 = 0x5555555555555555;

/** Makes the masks from a line's beginning on, until the window ends or a string holds a line's end, or a backslash stands outside of one. */
export function index(from: usize): void {
  let at = from & ~(WORD - 1);
  let wanted: u64 = ~(<u64>0) << (from & (WORD - 1));
  let inString: u64 = 0;
  let isEscaped: u64 = 0;
  const quote = v128.load8_splat(SPLATS);
  const lf = v128.load8_splat(SPLATS, 1);
  const backslash = v128.load8_splat(SPLATS, 2);
  const bit5 = v128.load8_splat(SPLATS, 3);
  const open = v128.load8_splat(SPLATS, 4);
  const close = v128.load8_splat(SPLATS, 5);
  for (; at < end; at += WORD) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    if (end - at < WORD) wanted &= ~(~(<u64>0) << (end - at));
    let quotes = maskOf(i8x16.eq(a, quote), i8x16.eq(b, quote), i8x16.eq(c, quote), i8x16.eq(d, quote)) & wanted;
    let ends: u64 = 0;
    if (hasAny(a, b, c, d, lf))
      ends = maskOf(i8x16.eq(a, lf), i8x16.eq(b, lf), i8x16.eq(c, lf), i8x16.eq(d, lf)) & wanted;
    const brackets =
      maskOf(
        isBracket(a, bit5, open, close),
        isBracket(b, bit5, open, close),
        isBracket(c, bit5, open, close),
        isBracket(d, bit5, open, close),
      ) & wanted;
    let slashes: u64 = 0;
    if (isEscaped != 0 || hasAny(a, b, c, d, backslash)) {
      slashes =
        maskOf(i8x16.eq(a, backslash), i8x16.eq(b, backslash), i8x16.eq(c, backslash), i8x16.eq(d, backslash)) &
        wanted;
      // A run of backslashes escapes what follows it where it is odd. Subtracting carries through each run to its end, so that
      // its parity shows in whether that end fell on an even bit.
      const begins = slashes & ~isEscaped;
      const codes = (((begins << 1) | ~EVEN) - begins) ^ ~EVEN;
      quotes &= ~(codes ^ (slashes | isEscaped));
      isEscaped = (codes & slashes) >> 63;
    }
    const strings = parity(quotes) ^ inString;
    const broken = (ends & strings) | (slashes & ~strings);
    // Of a word with something broken, the lines that end before it are known.
    const whole = broken == 0 ? ~(<u64>0) : upToLast(ends & (broken ^ (broken - 1)) & ~broken);
    const place = (at - WINDOW) >> 3;
    store<u64>(QUOTES + place, quotes & whole);
    store<u64>(STOPS + place, (quotes | slashes) & whole);
    store<u64>(BRACKETS + place, (brackets | ends) & ~strings & whole);
    if (broken != 0) {
      // A search begins before this, in a line that ends before this or in one that is broken in this word: it never gets behind it.
      known = at + <usize>popcnt(whole);
      return;
    }
    inString = <u64>(<i64>strings >> 63);
    wanted = ~(<u64>0);
  }
  known = end;
}

/** The highest bit that is set, and all below. */
@inline
function upToLast(bits: u64): u64 {
  return bits == 0 ? 0 : ~(<u64>0) >> clz(bits);
}

/** The first position that a mask has, at or after `at`, which is not past `known`; NOWHERE where there is none. */
@inline
export function next(masks: usize, at: usize): usize {
  const bits = load<u64>(masks + ((at - WINDOW) >> 3)) >> (at & 7);
  return bits != 0 ? at + <usize>ctz(bits) : nextFar(masks, at);
}

function nextFar(masks: usize, at: usize): usize {
  at &= ~7;
  while (true) {
    at += WORD;
    if (at >= known) return NOWHERE;
    const bits = load<u64>(masks + ((at - WINDOW) >> 3));
    if (bits != 0) return at + <usize>ctz(bits);
  }
}
