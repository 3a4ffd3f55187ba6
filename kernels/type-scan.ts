// Takes ordinary lines, a window of whole lines at a time, and gathers them by type. It says yes only where the scanner that judges
// every line would find that very type, and leaves all else to it: escaped or repeated type keys, odd spacing, deep nesting, anything
// broken. So nothing here needs to be clever about what is wrong, and nothing wrong gets past it.
//
// Two stages, as simdjson has them. The first turns 64 bytes at a time into masks: where strings begin and end, where brackets
// stand outside of strings (type-scan/masks.ts). The second goes from bit to bit (type-scan/members.ts), and never looks at what
// lies between.
import { NOWHERE } from './json/nowhere';
import { CR, LF } from './json/bytes';
import { index, known } from './type-scan/masks';
import { members, valueEnd, valueStart } from './type-scan/members';
import { LINE_BYTES, LINES, MAX_LINES, RUN_BYTES, RUNS } from './type-scan/memory';
import { count, gather, keepRunsAt } from './type-scan/runs';
import { knowTypes, placeOfType } from './type-scan/types';

export { open } from './type-scan/masks';
export { GATHERED, MAX_RUNS, RUNS, TABLES, WINDOW, WINDOW_BYTES } from './type-scan/memory';

/** Where the caller laid out the type key, the slots of the types' names, and a zero for each type. */
export function configure(keyAt: usize, keyBytes: usize, slotsAt: usize, mask: u32, runOfTypeAt: usize): void {
  knowTypes(keyAt, keyBytes, slotsAt, mask);
  keepRunsAt(runOfTypeAt);
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
  // The line at `known` is broken, and judged elsewhere; behind it the masks begin anew.
  if (at > known) index(at);
  let line = LINES;
  let run = RUNS;
  while (at < known && line < LINES + MAX_LINES * LINE_BYTES) {
    const contentEnd = members(at);
    if (contentEnd == NOWHERE) break;
    const terminator = load<u8>(contentEnd) == CR ? contentEnd + 1 : contentEnd;
    if (load<u8>(terminator) != LF) break;
    const place = placeOfType(valueStart, valueEnd - valueStart);
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
