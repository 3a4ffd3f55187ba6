// Raw deflate (RFC 1951) of a block that stands alone, as fast as it goes while it shrinks like zlib's level 1. The input is turned into
// tokens (deflate/match.ts), whose frequencies make the codes (deflate/code-lengths.ts) that write them (deflate/body.ts).
import {
  COUNTS_BYTES, DISTANCE_CODES, DISTANCE_COUNTS, DISTANCE_LENGTHS, INPUT, LENGTH_CODES, LITERAL_CODES, LITERAL_COUNTS, LITERAL_LENGTHS,
  SECOND_TOKENS, SYMBOL_COUNTS, TOKENS,
} from './deflate/memory';
import { DISTANCES, distanceExtraBits, END_OF_BLOCK, FIRST_LENGTH, lengthExtraBits, LENGTHS, LITERALS } from './deflate/alphabet';
import { align, begin, bytesOut, put, putBytes } from './deflate/bits';
import { makeTables, putTokens } from './deflate/body';
import { codeLengths, item } from './deflate/code-lengths';
import { bitsOf, lengthOf, makeCodes } from './deflate/codes';
import { planHeader, putHeader } from './deflate/header';
import { findMatches, secondTokensEnd, tokensEnd } from './deflate/match';
import { SYMBOLS } from './deflate/tokens';

export { codeLengths, makeCodes };
export { INPUT, INPUT_BYTES, OUTPUT, OUTPUT_BYTES, MEMORY_END } from './deflate/memory';

/** One less than RFC 1951 has, so that a token and seven bits are 56 at most, and its 20 and 28 bits are no more than these. */
const LITERAL_LIMIT: i32 = 14;
const DISTANCE_LIMIT: i32 = 15;
/** RFC 1951, 3.2.4: what a stored block can hold. */
const STORED_BYTES: i32 = 65535;
/** A stored block's type, alignment and length. */
const STORED_HEAD_BYTES: i32 = 5;
/** RFC 1951, 3.2.3, behind the bit that says whether a block is the last one, which none is here. */
const FIXED: u64 = 1 << 1;
const DYNAMIC: u64 = 2 << 1;

/** Counts by the alphabet's codes what was counted by length. */
function countLiterals(): void {
  memory.copy(LITERAL_COUNTS, SYMBOL_COUNTS, END_OF_BLOCK << 2);
  memory.fill(item(LITERAL_COUNTS, END_OF_BLOCK), 0, (LITERALS - END_OF_BLOCK) << 2);
  store<u32>(item(LITERAL_COUNTS, END_OF_BLOCK), 1);
  for (let symbol = FIRST_LENGTH; symbol < SYMBOLS; symbol++) {
    const counter = item(LITERAL_COUNTS, FIRST_LENGTH + load<u8>(LENGTH_CODES + symbol - END_OF_BLOCK));
    store<u32>(counter, load<u32>(counter) + load<u32>(item(SYMBOL_COUNTS, symbol)));
  }
}

/** Bits of all extra bits, whatever the codes. */
function extraBits(): u32 {
  let bits: u32 = 0;
  for (let code = 0; code < LENGTHS; code++)
    bits += load<u32>(item(LITERAL_COUNTS, FIRST_LENGTH + code)) * lengthExtraBits(code);
  for (let code = 0; code < DISTANCES; code++) bits += load<u32>(item(DISTANCE_COUNTS, code)) * distanceExtraBits(code);
  return bits;
}

/** Bits of all codes, with the lengths that are there. */
function codeBits(): u32 {
  let bits: u32 = 0;
  for (let symbol = 0; symbol < LITERALS; symbol++)
    bits += load<u32>(item(LITERAL_COUNTS, symbol)) * load<u8>(LITERAL_LENGTHS + symbol);
  for (let code = 0; code < DISTANCES; code++)
    bits += load<u32>(item(DISTANCE_COUNTS, code)) * load<u8>(DISTANCE_LENGTHS + code);
  return bits;
}

/** RFC 1951, 3.2.6. */
function fixedLengths(): void {
  memory.fill(LITERAL_LENGTHS, 8, 144);
  memory.fill(LITERAL_LENGTHS + 144, 9, 112);
  memory.fill(LITERAL_LENGTHS + 256, 7, 24);
  memory.fill(LITERAL_LENGTHS + 280, 8, 8);
  memory.fill(DISTANCE_LENGTHS, 5, 32);
}

function dynamicLengths(): void {
  codeLengths(LITERAL_COUNTS, LITERALS, LITERAL_LENGTHS, LITERAL_LIMIT);
  codeLengths(DISTANCE_COUNTS, DISTANCES, DISTANCE_LENGTHS, DISTANCE_LIMIT);
}

function putCoded(): void {
  makeCodes(LITERAL_LENGTHS, LITERALS, LITERAL_CODES);
  makeCodes(DISTANCE_LENGTHS, DISTANCES, DISTANCE_CODES);
  makeTables();
  putTokens(TOKENS, tokensEnd);
  putTokens(SECOND_TOKENS, secondTokensEnd);
  const end = load<u32>(item(LITERAL_CODES, END_OF_BLOCK));
  put(bitsOf(end), lengthOf(end));
}

/** A stored block: without bytes it is what a flush writes. */
function putStored(from: usize, length: i32): void {
  put(0, 3);
  align();
  put(<u64>length | (<u64>(~length & 0xffff) << 16), 32);
  putBytes(from, length);
}

function putAllStored(length: i32): void {
  for (let from = 0; from < length; from += STORED_BYTES) putStored(INPUT + from, min(length - from, STORED_BYTES));
}

/** Writes the block in the way that takes the fewest bits. */
function putBlock(length: i32): void {
  countLiterals();
  fixedLengths();
  const fixedBits = codeBits();
  dynamicLengths();
  const dynamicBits = planHeader() + codeBits();
  const heads = (length + STORED_BYTES - 1) / STORED_BYTES;
  const storedBits: u32 = 8 * (length + STORED_HEAD_BYTES * heads);
  if (min(fixedBits, dynamicBits) + extraBits() + 3 >= storedBits) {
    putAllStored(length);
  } else if (dynamicBits < fixedBits) {
    put(DYNAMIC, 3);
    putHeader();
    putCoded();
  } else {
    fixedLengths();
    put(FIXED, 3);
    putCoded();
  }
}

/**
 * Deflates the `length` bytes at INPUT to OUTPUT: no final block, nothing refers to what came before, and the end is a byte's end
 * after an empty stored block, so that pieces may follow each other in one stream.
 * @returns How many bytes it wrote.
 */
export function deflate(length: i32): i32 {
  begin();
  memory.fill(SYMBOL_COUNTS, 0, COUNTS_BYTES);
  findMatches(length);
  putBlock(length);
  putStored(INPUT, 0);
  return bytesOut();
}
