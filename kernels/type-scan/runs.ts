// The lines that were taken, type by type.
import { LF } from '../json/bytes';
import { GATHERED, LINE_BYTES, LINES, RUN_BYTES, RUNS } from './memory';

/** Of each type, where its run is while lines are gathered, or 0; 32 bits each. */
let runOfType: usize = 0;

/** @param at Of a zero for each type. */
export function keepRunsAt(at: usize): void {
  runOfType = at;
}

/** Adds a line to its type's run. @param next Where a new run may be put. @returns Whether it is a new one. */
@inline
export function count(place: i32, bytes: u32, next: usize): bool {
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
export function gather(runsEnd: usize, linesEnd: usize): void {
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
