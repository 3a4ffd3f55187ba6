// What a block is turned into before its codes are known: a token is a literal, or a length and a distance, in 32 bits.
//
//   2..10   the symbol: a byte, or 253 + length (257 to 511), four times over as a table of 32-bit numbers has it
//   11..25  the distance less 1
//   27..31  the distance's code; 31 for a literal
//
// Lengths of 3 are not used, so 256 is free to be the end of the block.
import { DISTANCE_COUNTS, SYMBOL_COUNTS } from './memory';
import { distanceCode, NO_DISTANCE } from './alphabet';

export const SYMBOLS: i32 = 512;
/** What a length's symbol is more than the length. */
export const LENGTH_SYMBOL: u32 = 253;
const SYMBOL_MASK: u32 = 511 << 2;
const DISTANCE_SHIFT: u32 = 11;
const CODE_SHIFT: u32 = 27;

@inline
function count(counter: usize): void {
  store<u32>(counter, load<u32>(counter) + 1);
}

@inline
export function storeLiteral(at: usize, byte: u32): void {
  const symbol = byte << 2;
  store<u32>(at, symbol | (NO_DISTANCE << CODE_SHIFT));
  count(SYMBOL_COUNTS + <usize>symbol);
}

/** @param distance Less 1. */
@inline
export function storeMatch(at: usize, length: u32, distance: u32): void {
  const symbol = (length + LENGTH_SYMBOL) << 2;
  const code = distanceCode(distance);
  store<u32>(at, symbol | (distance << DISTANCE_SHIFT) | (code << CODE_SHIFT));
  count(SYMBOL_COUNTS + <usize>symbol);
  count(DISTANCE_COUNTS + <usize>(code << 2));
}

/** Four times the symbol. */
@inline
export function symbolOf(token: u32): usize {
  return <usize>(token & SYMBOL_MASK);
}

/** Less 1; 0 of a literal. */
@inline
export function distanceOf(token: u32): u32 {
  return (token >>> DISTANCE_SHIFT) & 0x7fff;
}

/** Four times the distance's code. */
@inline
export function codeOf(token: u32): usize {
  return <usize>((token >>> (CODE_SHIFT - 2)) & (31 << 2));
}
