// Where things are in memory. Fixed addresses, for a load's offset must be a constant of the compiler: static data ends below the first.

/** Bytes of input at most: a block of 128 KiB. */
export const INPUT_BYTES: i32 = 128 * 1024;

/** Loads of 16 bytes may reach this far past what they are meant to see. */
const SLACK: usize = 16;

/** How often each symbol of a token comes: 512 numbers of 32 bits. */
export const SYMBOL_COUNTS: usize = 0x1000;
/** How often each distance code comes; the last counter is of tokens without a distance. */
export const DISTANCE_COUNTS: usize = SYMBOL_COUNTS + 512 * 4;
export const COUNTS_BYTES: usize = (512 + 32) * 4;

/** Of each token's symbol, 32 bits: its code and extra bits, and above bit 24 how many bits these are. */
export const SYMBOL_BITS: usize = DISTANCE_COUNTS + 32 * 4;
/** Of each distance code, 32 bits: what is to be added to the distance, shifted past the code, to make code and extra bits. */
export const DISTANCE_BITS: usize = SYMBOL_BITS + 512 * 4;
/** Of each distance code, every four bytes: how long the code is, and how long it is with its extra bits. */
export const DISTANCE_SIZES: usize = DISTANCE_BITS + 32 * 4;

/** Of each length less 3, one byte: its code less 257. */
export const LENGTH_CODES: usize = DISTANCE_SIZES + 32 * 4;

/** The three alphabets, with how often their symbols come, how long their codes are, and the codes. */
export const LITERAL_COUNTS: usize = LENGTH_CODES + 256;
export const LITERAL_LENGTHS: usize = LITERAL_COUNTS + 288 * 4;
export const LITERAL_CODES: usize = LITERAL_LENGTHS + 288;
export const DISTANCE_LENGTHS: usize = LITERAL_CODES + 288 * 4;
export const DISTANCE_CODES: usize = DISTANCE_LENGTHS + 32;
export const RUN_COUNTS: usize = DISTANCE_CODES + 32 * 4;
export const RUN_LENGTHS: usize = RUN_COUNTS + 20 * 4;
export const RUN_CODES: usize = RUN_LENGTHS + 20;

/** All code lengths in a row, as a header tells them, and the same as runs: 16 bits each, a symbol and above bit 5 its extra bits. */
export const ALL_LENGTHS: usize = RUN_CODES + 20 * 4;
export const RUNS: usize = ALL_LENGTHS + 320;

/** Room to sort symbols in, twice, and to count in. */
export const SORT: usize = RUNS + 320 * 2;
export const SORT_TOO: usize = SORT + 288 * 4;
export const COUNTERS: usize = SORT_TOO + 288 * 4;

/** Two hash tables, of the two halves of a block. */
export const BUCKETS_LOG2: i32 = 13;
export const TABLE_BYTES: usize = 4 << BUCKETS_LOG2;
export const TABLE: usize = 0x8000;
export const SECOND_TABLE: usize = TABLE + TABLE_BYTES;

/** The tokens of two halves, at worst one a byte. */
export const TOKENS: usize = SECOND_TABLE + TABLE_BYTES;
export const SECOND_TOKENS: usize = TOKENS + (<usize>INPUT_BYTES / 2 + 2) * 4;
const TOKENS_END: usize = SECOND_TOKENS + (<usize>INPUT_BYTES / 2 + 2) * 4;

/** A multiple of 64 KiB, so that the zeros of an empty table mean the first byte. */
export const INPUT: usize = (TOKENS_END + 0xffff) & ~0xffff;

export const OUTPUT: usize = INPUT + INPUT_BYTES + SLACK;
/** What does not shrink takes three stored blocks, of 5 bytes more each; 5 for the flush; and 8 that are stored to write one. */
export const OUTPUT_BYTES: i32 = INPUT_BYTES + 3 * 5 + 5 + 8;
export const MEMORY_END: usize = OUTPUT + OUTPUT_BYTES;
