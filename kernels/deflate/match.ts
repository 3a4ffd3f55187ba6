// Finds what came before: greedily, two candidates a position. A step's time is that of loads which wait for each other (the bytes,
// the bucket, the candidate, the next position), so both halves of a block are gone through at once, one step of each in turn.
import { BUCKETS_LOG2, INPUT, SECOND_TABLE, SECOND_TOKENS, TABLE, TABLE_BYTES, TOKENS } from './memory';
import { storeLiteral, storeMatch } from './tokens';

/** Shorter ones save little or nothing, and a bucket's candidates agree in four bytes mostly. */
const MIN_MATCH: u32 = 4;
/** RFC 1951. */
const MAX_MATCH: usize = 258;
const WINDOW: usize = 32768;
/** Bytes of candidates that are compared at once. */
const WIDTH: u32 = 16;
/** 2^32 divided by the golden ratio: Fibonacci hashing (Knuth, TAOCP 3, 6.4). */
const FIBONACCI: u32 = 0x9e3779b1;
/** Blocks from here on are gone through in two halves. */
const MIN_SPLIT: i32 = 32768;
/** The second half is told every fourth position of the first one's end: all of them would find 0.1 % more and cost 2 % of time. */
const SEED_STEP: usize = 4;

/** Where the tokens of each half end. */
export let tokensEnd: usize = 0;
export let secondTokensEnd: usize = 0;

@inline
function bucketOf(at: usize, table: usize): usize {
  return table + (<usize>((load<u32>(at) * FIBONACCI) >>> (32 - BUCKETS_LOG2)) << 2);
}

/** A bucket holds two positions modulo 64 KiB, the newer one in the upper half. */
@inline
function insert(at: usize, table: usize): void {
  const bucket = bucketOf(at, table);
  store<u32>(bucket, (load<u32>(bucket) >>> 16) | (<u32>at << 16));
}

/** How many of these 16 bytes are also found at `at`. */
@inline
function prefix(bytes: v128, at: usize): u32 {
  return ctz(~(<u32>i8x16.bitmask(i8x16.eq(bytes, v128.load(at)))));
}

/** How many bytes are equal, at most `most`; 16 are known to be. */
function extend(a: usize, b: usize, most: usize): u32 {
  let length: usize = WIDTH;
  while (length < most) {
    const differing = load<u64>(a + length) ^ load<u64>(b + length);
    if (differing != 0) {
      length += <usize>ctz(differing) >> 3;
      break;
    }
    length += 8;
  }
  return <u32>min(length, most);
}

/**
 * Stores the token of what is at `at`. A position that is 32 KiB or more away is taken modulo 32 KiB: what is there then is as good a
 * candidate as any, and never lies before the input, of which the first byte is at no candidate's mercy.
 * @param isEnd Whether fewer than 16 bytes may be left. @returns Where the next token begins.
 */
@inline
function step(at: usize, token: usize, table: usize, end: usize, isEnd: bool): usize {
  const bytes = v128.load(at);
  const bucket = bucketOf(at, table);
  const older = load<u32>(bucket);
  const newer = older >>> 16;
  store<u32>(bucket, newer | (<u32>at << 16));
  const before = at - 1;
  const distance1 = (<u32>before - newer) & (<u32>WINDOW - 1);
  const distance2 = (<u32>before - older) & (<u32>WINDOW - 1);
  const length1 = prefix(bytes, before - <usize>distance1);
  const length2 = prefix(bytes, before - <usize>distance2);
  let length = select<u32>(length2, length1, length2 > length1);
  if (isEnd) length = min(length, <u32>(end - at));
  if (length < MIN_MATCH) {
    storeLiteral(token, load<u8>(at));
    return at + 1;
  }
  let distance = select<u32>(distance1, distance2, length1 >= length);
  if (length == WIDTH) {
    const most = min(end - at, MAX_MATCH);
    length = extend(at, before - distance, most);
    if (length1 == length2) {
      const other = extend(at, before - distance2, most);
      if (other > length) {
        length = other;
        distance = distance2;
      }
    }
  }
  storeMatch(token, length, distance);
  // Of a match's positions these two find nearly all that all of them would, and leave the buckets' older candidates alone.
  insert(at + 1, table);
  at += length;
  insert(at - 1, table);
  return at;
}

function seed(from: usize, to: usize): void {
  for (let at = from; at < to; at += SEED_STEP) insert(at, SECOND_TABLE);
}

/** Turns the input into tokens, and counts them. */
export function findMatches(length: i32): void {
  memory.fill(TABLE, 0, 2 * TABLE_BYTES);
  const end = INPUT + <usize>length;
  const middle = length >= MIN_SPLIT ? INPUT + (<usize>length >> 1) : end;
  let token = TOKENS;
  let second = SECOND_TOKENS;
  let at = INPUT;
  let secondAt = middle;
  if (length > 0) {
    storeLiteral(token, load<u8>(at++));
    token += 4;
  }
  if (middle < end) {
    seed(max(INPUT, middle - WINDOW), middle);
    const lag = SECOND_TOKENS - TOKENS - 4;
    while (at < middle - WIDTH && secondAt < end - WIDTH) {
      at = step(at, token, TABLE, middle, false);
      secondAt = step(secondAt, token + lag, SECOND_TABLE, end, false);
      token += 4;
    }
    second = token + lag;
  }
  for (; at < middle; token += 4) at = step(at, token, TABLE, middle, true);
  for (; secondAt < end; second += 4) secondAt = step(secondAt, second, SECOND_TABLE, end, true);
  tokensEnd = token;
  secondTokensEnd = second;
}
