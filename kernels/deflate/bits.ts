// The output, bit by bit from the lowest on. Eight bytes are stored each time and those that are whole are passed: no branch.
import { OUTPUT } from './memory';

let out: usize = 0;
let pending: u64 = 0;
/** Bits that are pending: fewer than 8 after each call. */
let count: u32 = 0;

export function begin(): void {
  out = OUTPUT;
  pending = 0;
  count = 0;
}

/** @param length At most 56. */
export function put(bits: u64, length: u32): void {
  pending |= bits << count;
  count += length;
  store<u64>(out, pending);
  out += <usize>count >> 3;
  pending >>= count & ~7;
  count &= 7;
}

/** The rest of a byte becomes zeros. */
export function align(): void {
  if (count != 0) put(0, 8 - count);
}

/** Copies bytes; the output is aligned. */
export function putBytes(from: usize, length: usize): void {
  memory.copy(out, from, length);
  out += length;
}

/** @returns How many bytes are whole. */
export function bytesOut(): i32 {
  return <i32>(out - OUTPUT);
}

/** For loops that keep the state of the output in variables of their own. */
@inline
export function outAt(): usize {
  return out;
}

@inline
export function pendingBits(): u64 {
  return pending;
}

@inline
export function pendingCount(): u32 {
  return count;
}

@inline
export function goOn(at: usize, bits: u64, length: u32): void {
  out = at;
  pending = bits;
  count = length;
}
