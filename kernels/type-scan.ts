// Finds the types of ordinary lines, a window of whole lines at a time. It says yes only where the scanner that judges every line
// would find that very type, and leaves all else to it: escaped or repeated type keys, odd spacing, deep nesting, anything broken.
// So nothing here needs to be clever about what is wrong, and nothing wrong gets past it.
//
// Two stages, as simdjson has them. The first turns 64 bytes at a time into masks: where strings begin and end, where brackets
// stand outside of strings. The second goes from bit to bit, and never looks at what lies between.

const LF: u8 = 0x0a;
const CR: u8 = 0x0d;
const SPACE: u8 = 0x20;
const QUOTE: u8 = 0x22;
const COMMA: u8 = 0x2c;
const COLON: u8 = 0x3a;
const OPEN_BRACKET: u8 = 0x5b;
const BACKSLASH: u8 = 0x5c;
const CLOSE_BRACKET: u8 = 0x5d;
const OPEN_BRACE: u8 = 0x7b;
const CLOSE_BRACE: u8 = 0x7d;

/** Bytes that one mask tells of. */
const WORD: usize = 64;

/** A level's kind is a bit of a 64-bit number. */
const MAX_DEPTH: i32 = 60;

/** No position: nothing ends at the beginning of memory. */
const NOWHERE: usize = 0;

/** Bytes of lines in one window: a line that is held in memory, of 1 MiB at most, and its terminator. */
export const WINDOW_BYTES: usize = 1024 * 1024 + WORD;

/** Lines that one call takes at most. */
const MAX_LINES: usize = 1024;

/** Of each line that is taken: its type's place, where it begins, and past its content; 32 bits each. */
const LINES: usize = (__heap_base + WORD - 1) & ~(WORD - 1);
const LINE_BYTES: usize = 12;
/** What one call took: of each type its place, where its lines are, how many bytes and how many lines; 32 bits each. */
export const RUNS: usize = LINES + MAX_LINES * LINE_BYTES;
const RUN_BYTES: usize = 16;
/** Runs of one call at most. */
export const MAX_RUNS: usize = MAX_LINES;
export const WINDOW: usize = RUNS + MAX_RUNS * RUN_BYTES;
const MASK_BYTES: usize = WINDOW_BYTES / 8 + 3 * sizeof<u64>();
/** Quotes that begin or end a string. */
const QUOTES: usize = WINDOW + WINDOW_BYTES + WORD;
/** These, and every backslash. */
const STOPS: usize = QUOTES + MASK_BYTES;
/** Brackets outside of strings, and the lines' ends. */
const BRACKETS: usize = STOPS + MASK_BYTES;
/** The lines that were taken, type by type, each with a 0x0A and no 0x0D before it. */
export const GATHERED: usize = BRACKETS + MASK_BYTES;
/**
 * From here on the caller lays out the type key, the names of the types, the slots that find them, and a 32-bit zero for each type: where
 * its run is while lines are gathered.
 */
export const TABLES: usize = GATHERED + WINDOW_BYTES + WORD;

let key: usize = 0;
let keyLength: usize = 0;
/** The key's first bytes, eight at most, and which of a number's bytes they are. */
let keyHead: u64 = 0;
let keyHeadMask: u64 = 0;
let slots: usize = 0;
let slotMask: u32 = 0;
let runOfType: usize = 0;

/** Past the last byte of the window's lines. */
let end: usize = 0;
/** Past the last byte that the masks tell of: where the window ends, or something is broken. */
let known: usize = 0;

/**
 * @param keyAt Of the type key's bytes. @param slotsAt Open addressing by FNV-1a, four 32-bit numbers a slot: where the name's bytes are
 * (0 = an empty slot), how many, the type's place, and nothing. @param mask The number of slots, a power of two, less one.
 * @param runOfTypeAt A zero for each type.
 */
export function configure(keyAt: usize, keyBytes: usize, slotsAt: usize, mask: u32, runOfTypeAt: usize): void {
  key = keyAt;
  keyLength = keyBytes;
  keyHeadMask = keyBytes < 8 ? ~(~(<u64>0) << (keyBytes << 3)) : ~(<u64>0);
  keyHead = load<u64>(keyAt) & keyHeadMask;
  slots = slotsAt;
  slotMask = mask;
  runOfType = runOfTypeAt;
}

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
function index(from: usize): void {
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
      know(at + <usize>popcnt(whole));
      return;
    }
    inString = <u64>(<i64>strings >> 63);
    wanted = ~(<u64>0);
  }
  know(end);
}

/** The highest bit that is set, and all below. */
@inline
function upToLast(bits: u64): u64 {
  return bits == 0 ? 0 : ~(<u64>0) >> clz(bits);
}

function know(at: usize): void {
  known = at;
  // A search that begins before `known` may look two words far.
  const place = ((at - WINDOW + WORD - 1) >> 6) << 3;
  for (let word: usize = 0; word < 16; word += 8) {
    store<u64>(QUOTES + place + word, 0);
    store<u64>(STOPS + place + word, 0);
    store<u64>(BRACKETS + place + word, 0);
  }
}

/** The first position that a mask has, at or after `at`, which is not past `known`; NOWHERE where there is none. */
@inline
function next(masks: usize, at: usize): usize {
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

/** Past the object or array that begins at `at`, or NOWHERE. There is a branch a value and not one a bracket: nobody could foresee those. */
function skipNested(at: usize): usize {
  let kinds: u64 = load<u8>(at) == OPEN_BRACKET ? 1 : 0;
  let depth: i32 = 1;
  let wrong: u32 = 0;
  do {
    at = next(BRACKETS, at + 1);
    if (at == NOWHERE) return NOWHERE;
    const byte = load<u8>(at);
    // Bit 1 parts those that open from those that close, bit 5 braces from brackets.
    const opens = ((byte >> 1) & 1) != 0;
    const kind: u64 = <u64>(~(byte >> 5) & 1);
    wrong |= <u32>(byte == LF) | (<u32>!opens & (<u32>(kinds ^ kind) & 1));
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

@inline
function equals(a: usize, b: usize, length: usize): bool {
  for (let index: usize = 0; index < length; index++)
    if (load<u8>(a + index) != load<u8>(b + index)) return false;
  return true;
}

/** The place of the type whose name these bytes are, or -1. */
function find(name: usize, length: usize): i32 {
  let hash: u32 = 0x811c9dc5;
  for (let index: usize = 0; index < length; index++) hash = (hash ^ load<u8>(name + index)) * 0x01000193;
  let slot = hash & slotMask;
  while (true) {
    const at = slots + (<usize>slot << 4);
    const bytes = load<u32>(at);
    if (bytes == 0) return -1;
    if (load<u32>(at, 4) == <u32>length && equals(bytes, name, length)) return load<i32>(at, 8);
    slot = (slot + 1) & slotMask;
  }
}

/** Of the type, without its quotes. */
let valueStart: usize = 0;
let valueEnd: usize = 0;

/** The position past the object that begins at `at`, or NOWHERE. */
function members(at: usize): usize {
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
    // Both at once, for names of the key's length are too frequent to be a surprise.
    if (((load<u64>(name) ^ keyHead) & keyHeadMask) == 0 && nameEnd - name == keyLength && equals(name, key, keyLength)) {
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

let takenLines: u32 = 0;
let takenEnd: usize = 0;

/** Lines that the last call took. */
export function lines(): u32 {
  return takenLines;
}

/** Where the first line begins that the last call did not take. */
export function rest(): usize {
  return takenEnd;
}

/**
 * Takes the lines from `at` on, as many as it is sure of and MAX_LINES at most, and gathers them by type.
 * @returns The number of runs; a type has one at most.
 */
export function take(at: usize): u32 {
  // What is broken is judged elsewhere, a line at a time; behind it the masks begin anew.
  if (at >= known && at < end) index(at);
  let line = LINES;
  let run = RUNS;
  while (at < known && line < LINES + MAX_LINES * LINE_BYTES) {
    const contentEnd = members(at);
    if (contentEnd == NOWHERE) break;
    const terminator = load<u8>(contentEnd) == CR ? contentEnd + 1 : contentEnd;
    if (load<u8>(terminator) != LF) break;
    const place = find(valueStart, valueEnd - valueStart);
    if (place < 0) break;
    store<i32>(line, place);
    store<u32>(line, <u32>at, 4);
    store<u32>(line, <u32>contentEnd, 8);
    line += LINE_BYTES;
    if (count(place, <u32>(contentEnd - at + 1), run)) run += RUN_BYTES;
    at = terminator + 1;
  }
  takenLines = <u32>((line - LINES) / LINE_BYTES);
  takenEnd = at;
  gather(run, line);
  return <u32>((run - RUNS) / RUN_BYTES);
}

/** Adds a line to its type's run. @param next Where a new run may be put. @returns Whether it is a new one. */
@inline
function count(place: i32, bytes: u32, next: usize): bool {
  const at = runOfType + (<usize>place << 2);
  const run = <usize>load<u32>(at);
  if (run != 0) {
    store<u32>(run, load<u32>(run, 8) + bytes, 8);
    store<u32>(run, load<u32>(run, 12) + 1, 12);
    return false;
  }
  store<u32>(at, <u32>next);
  store<i32>(next, place);
  store<u32>(next, bytes, 8);
  store<u32>(next, 1, 12);
  return true;
}

/** Copies the lines, each run's one behind the other. */
function gather(runsEnd: usize, linesEnd: usize): void {
  let start = GATHERED;
  for (let run = RUNS; run < runsEnd; run += RUN_BYTES) {
    store<u32>(run, <u32>start, 4);
    start += <usize>load<u32>(run, 8);
  }
  for (let line = LINES; line < linesEnd; line += LINE_BYTES) {
    const run = <usize>load<u32>(runOfType + (<usize>load<u32>(line) << 2));
    const begin = <usize>load<u32>(line, 4);
    const length = <usize>load<u32>(line, 8) - begin;
    const target = <usize>load<u32>(run, 4);
    memory.copy(target, begin, length);
    store<u8>(target + length, LF);
    store<u32>(run, <u32>(target + length + 1), 4);
  }
  for (let run = RUNS; run < runsEnd; run += RUN_BYTES) {
    store<u32>(run, load<u32>(run, 4) - load<u32>(run, 8), 4);
    store<u32>(runOfType + (<usize>load<u32>(run) << 2), 0);
  }
}
