// RFC 1951, 3.2.7: the code lengths of a block, told as runs with a code of their own.
import {
  ALL_LENGTHS, DISTANCE_LENGTHS, LITERAL_LENGTHS, RUN_CODES, RUN_COUNTS, RUN_LENGTHS, RUNS,
} from './memory';
import { DISTANCES, FIRST_LENGTH, LITERALS } from './alphabet';
import { put } from './bits';
import { codeLengths, item } from './code-lengths';
import { bitsOf, lengthOf, makeCodes } from './codes';

const RUN_SYMBOLS: i32 = 19;
const RUN_LIMIT: i32 = 7;
/** The last length again, 3 to 6 times; 3 to 10 zeros; 11 to 138 zeros. */
const REPEAT: u32 = 16;
const ZEROS: u32 = 17;
const MANY_ZEROS: u32 = 18;
/** Those that are needed least come last, and are left out. */
const ORDER: usize = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

let literals: i32 = 0;
let distances: i32 = 0;
let runs: i32 = 0;
let runCodes: i32 = 0;

@inline
function extraBitsOf(symbol: u32): u32 {
  return symbol < REPEAT ? 0 : symbol == REPEAT ? 2 : symbol == ZEROS ? 3 : 7;
}

function addRun(symbol: u32, extra: u32): void {
  store<u16>(RUNS + (<usize>runs << 1), <u16>(symbol | (extra << 5)));
  runs++;
  const counter = item(RUN_COUNTS, symbol);
  store<u32>(counter, load<u32>(counter) + 1);
}

/** Adds what tells a length so many times. */
function addRuns(length: u32, times: u32): void {
  if (length == 0) {
    while (times >= 11) {
      const most = min<u32>(times, 138);
      addRun(MANY_ZEROS, most - 11);
      times -= most;
    }
    if (times >= 3) {
      addRun(ZEROS, times - 3);
      times = 0;
    }
  } else {
    addRun(length, 0);
    times--;
    while (times >= 3) {
      const most = min<u32>(times, 6);
      addRun(REPEAT, most - 3);
      times -= most;
    }
  }
  for (; times > 0; times--) addRun(length, 0);
}

/** Lengths without the zeros at their end, which go without saying. */
function trimmed(lengths: usize, symbols: i32, least: i32): i32 {
  while (symbols > least && load<u8>(lengths + symbols - 1) == 0) symbols--;
  return symbols;
}

/** Makes the header of the code lengths that are there. @returns Its size in bits, the block's first three aside. */
export function planHeader(): u32 {
  literals = trimmed(LITERAL_LENGTHS, LITERALS, FIRST_LENGTH);
  distances = trimmed(DISTANCE_LENGTHS, DISTANCES, 1);
  memory.copy(ALL_LENGTHS, LITERAL_LENGTHS, literals);
  memory.copy(ALL_LENGTHS + literals, DISTANCE_LENGTHS, distances);
  memory.fill(RUN_COUNTS, 0, RUN_SYMBOLS << 2);
  runs = 0;
  const total = literals + distances;
  for (let from = 0, to = 0; from < total; from = to) {
    const length = load<u8>(ALL_LENGTHS + from);
    while (to < total && load<u8>(ALL_LENGTHS + to) == length) to++;
    addRuns(length, to - from);
  }
  codeLengths(RUN_COUNTS, RUN_SYMBOLS, RUN_LENGTHS, RUN_LIMIT);
  runCodes = RUN_SYMBOLS;
  while (runCodes > 4 && load<u8>(RUN_LENGTHS + load<u8>(ORDER + runCodes - 1)) == 0) runCodes--;
  let bits: u32 = 5 + 5 + 4 + 3 * runCodes;
  for (let symbol = 0; symbol < RUN_SYMBOLS; symbol++)
    bits += load<u32>(item(RUN_COUNTS, symbol)) * (load<u8>(RUN_LENGTHS + symbol) + extraBitsOf(symbol));
  return bits;
}

/** Writes what was planned. */
export function putHeader(): void {
  put(literals - FIRST_LENGTH, 5);
  put(distances - 1, 5);
  put(runCodes - 4, 4);
  for (let k = 0; k < runCodes; k++) put(load<u8>(RUN_LENGTHS + load<u8>(ORDER + k)), 3);
  makeCodes(RUN_LENGTHS, RUN_SYMBOLS, RUN_CODES);
  for (let k = 0; k < runs; k++) {
    const run: u32 = load<u16>(RUNS + (<usize>k << 1));
    const symbol = run & 31;
    const code = load<u32>(item(RUN_CODES, symbol));
    put(bitsOf(code), lengthOf(code));
    put(run >>> 5, extraBitsOf(symbol));
  }
}
