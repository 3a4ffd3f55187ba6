// Huffman codes of limited length: the in-place algorithm of Moffat and Katajainen (1995) over sorted frequencies; where it would go
// deeper than the limit, the nearest leaf above takes the two in.
import { COUNTERS, SORT, SORT_TOO } from './memory';

/** Bits of a sorted number that are its symbol; its frequency lies above. */
const SYMBOL_BITS: u32 = 9;
const SYMBOL_MASK: u32 = (1 << SYMBOL_BITS) - 1;
/** Bits that a pass of the radix sort looks at: frequencies of a block have 18 at most. */
const DIGIT_BITS: u32 = 6;
const DIGITS: i32 = 1 << DIGIT_BITS;

@inline
export function item(array: usize, index: i32): usize {
  return array + (<usize>index << 2);
}

/** Packs the symbols that come at all, and @returns how many. */
function gather(counts: usize, symbols: i32): i32 {
  let used = 0;
  for (let symbol = 0; symbol < symbols; symbol++) {
    const frequency = load<u32>(item(counts, symbol));
    if (frequency != 0) store<u32>(item(SORT, used++), (frequency << SYMBOL_BITS) | symbol);
  }
  return used;
}

/** One pass of the sort, by the digit above `shift`. @returns Whether any number has digits above that one. */
function sortByDigit(from: usize, to: usize, used: i32, shift: u32): bool {
  memory.fill(COUNTERS, 0, DIGITS << 2);
  let all: u32 = 0;
  for (let k = 0; k < used; k++) {
    const packed = load<u32>(item(from, k));
    all |= packed;
    const counter = item(COUNTERS, (packed >>> shift) & (DIGITS - 1));
    store<u32>(counter, load<u32>(counter) + 1);
  }
  let place: u32 = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const here = load<u32>(item(COUNTERS, digit));
    store<u32>(item(COUNTERS, digit), place);
    place += here;
  }
  for (let k = 0; k < used; k++) {
    const packed = load<u32>(item(from, k));
    const counter = item(COUNTERS, (packed >>> shift) & (DIGITS - 1));
    const at = load<u32>(counter);
    store<u32>(counter, at + 1);
    store<u32>(item(to, at), packed);
  }
  return all >>> (shift + DIGIT_BITS) != 0;
}

/** Puts nodes together, the two lightest first, until one is left: each of `nodes` becomes the index of its parent. */
function join(nodes: usize, used: i32): void {
  let leaf = 0;
  let inner = 0;
  for (let next = 0; next < used - 1; next++) {
    let weight: u32 = 0;
    for (let child = 0; child < 2; child++) {
      if (leaf >= used || (inner < next && load<u32>(item(nodes, inner)) < load<u32>(item(nodes, leaf)))) {
        weight += load<u32>(item(nodes, inner));
        store<u32>(item(nodes, inner++), next);
      } else {
        weight += load<u32>(item(nodes, leaf++));
      }
    }
    store<u32>(item(nodes, next), weight);
  }
}

/** Counts the leaves of each depth, of which none is below the limit. */
function countDepths(nodes: usize, used: i32, limit: i32): void {
  memory.fill(COUNTERS, 0, 16 << 2);
  store<u32>(item(nodes, used - 2), 0);
  store<u32>(item(COUNTERS, 1), 2);
  for (let node = used - 3; node >= 0; node--) {
    const depth = load<i32>(item(nodes, load<u32>(item(nodes, node)))) + 1;
    store<u32>(item(nodes, node), depth);
    let from = min(depth, limit - 1);
    while (load<u32>(item(COUNTERS, from)) == 0) from--;
    store<u32>(item(COUNTERS, from), load<u32>(item(COUNTERS, from)) - 1);
    store<u32>(item(COUNTERS, from + 1), load<u32>(item(COUNTERS, from + 1)) + 2);
  }
}

/**
 * Stores a code's length for each symbol, a byte each: 0 for those that do not come. There are always two codes, which all decoders
 * take; not all take a single one.
 * @param counts Frequencies, 32 bits each. @param limit The longest code: 2^limit is at least the number of symbols.
 */
export function codeLengths(counts: usize, symbols: i32, lengths: usize, limit: i32): void {
  memory.fill(lengths, 0, symbols);
  const used = gather(counts, symbols);
  if (used < 2) {
    const only = used == 0 ? 0 : load<u32>(SORT) & SYMBOL_MASK;
    store<u8>(lengths + only, 1);
    store<u8>(lengths + (only == 0 ? 1 : 0), 1);
    return;
  }
  let sorted = SORT;
  let nodes = SORT_TOO;
  for (let shift = SYMBOL_BITS, isMore = true; isMore; shift += DIGIT_BITS) {
    isMore = sortByDigit(sorted, nodes, used, shift);
    const other = sorted;
    sorted = nodes;
    nodes = other;
  }
  for (let k = 0; k < used; k++) store<u32>(item(nodes, k), load<u32>(item(sorted, k)) >>> SYMBOL_BITS);
  join(nodes, used);
  countDepths(nodes, used, limit);
  let place = 0;
  for (let length = limit; length > 0; length--)
    for (let left = load<u32>(item(COUNTERS, length)); left > 0; left--)
      store<u8>(lengths + (load<u32>(item(sorted, place++)) & SYMBOL_MASK), length);
}
