// Where things are in memory. Fixed addresses, for a load's offset must be a constant of the compiler: static data ends below the first.

/** Bytes that one mask tells of. */
export const WORD: usize = 64;

/** Bytes of lines in one window: a line that is held in memory, of 1 MiB at most, and its terminator. */
export const WINDOW_BYTES: usize = 1024 * 1024 + WORD;

/** Lines that one call takes at most. */
export const MAX_LINES: usize = 1024;

/** Of each line that is taken: its type's place, where it begins, and past its content; 32 bits each. */
export const LINES: usize = 0x1000;
export const LINE_BYTES: usize = 12;
/** What one call took: of each type its place, where its lines are, how many bytes and how many lines; 32 bits each. */
export const RUNS: usize = LINES + MAX_LINES * LINE_BYTES;
export const RUN_BYTES: usize = 16;
/** Runs of one call at most. */
export const MAX_RUNS: usize = MAX_LINES;
export const WINDOW: usize = RUNS + MAX_RUNS * RUN_BYTES;
/** A load from within the last word reaches into one behind it. */
const MASK_BYTES: usize = WINDOW_BYTES / 8 + sizeof<u64>();
/** Quotes that begin or end a string. */
export const QUOTES: usize = WINDOW + WINDOW_BYTES + WORD;
/** These, and every backslash. */
export const STOPS: usize = QUOTES + MASK_BYTES;
/** Brackets outside of strings, and the lines' ends. */
export const BRACKETS: usize = STOPS + MASK_BYTES;
/** The lines that were taken, type by type, each with a 0x0A and no 0x0D before it. */
export const GATHERED: usize = BRACKETS + MASK_BYTES;
/**
 * From here on the caller lays out the type key, the names of the types, the slots that find them, and a 32-bit zero for each type: where
 * its run is while lines are gathered.
 */
export const TABLES: usize = GATHERED + WINDOW_BYTES + WORD;
