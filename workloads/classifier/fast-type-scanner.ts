import { Kernel } from '../core/kernels/kernel.ts';
import { TYPE_SCAN_WASM } from '../core/kernels/type-scan.wasm.ts';
import { NameTable } from '../core/kernels/name-table.ts';

/** Numbers that the kernel writes of a run. */
const RUN_NUMBERS = 4;

/** Longer than any key in memory. */
const NO_KEY_LENGTH = -1;

/**
 * Takes ordinary lines, many at a call, and gathers them by type. It says yes only where `TypeScanner` would find that very type, and leaves all
 * else to it: escaped or repeated type keys, odd spacing, deep nesting, anything broken. The work is done by `kernels/type-scan.ts`.
 */
export class FastTypeScanner {
  readonly names: readonly string[];
  readonly #kernel = new Kernel<'configure' | 'lines' | 'open' | 'rest' | 'take'>(TYPE_SCAN_WASM);
  readonly #window: Buffer;
  readonly #runs: Int32Array;
  /** Where the lines are that the last call took; until the next one. */
  readonly gathered: Buffer;
  /** The kernel's addresses less the positions in the bytes that were opened. */
  #offset = 0;

  constructor(typeKey: string, typeNames: Iterable<string>) {
    this.names = [...typeNames];
    const kernel = this.#kernel;
    const table = new NameTable(this.names);
    const key = Buffer.from(typeKey);
    const runOfTypeAt = kernel.constant('TABLES');
    const slotsAt = runOfTypeAt + this.names.length * Uint32Array.BYTES_PER_ELEMENT;
    const keyAt = slotsAt + table.size;
    const memory = kernel.reserve(keyAt + key.length + BigUint64Array.BYTES_PER_ELEMENT);
    table.write(memory, slotsAt);
    new Uint8Array(memory).set(key, keyAt);
    // A key that a line must spell with escapes is never found fast.
    const isPlain = JSON.stringify(typeKey) === `"${typeKey}"`;
    const keyLength = isPlain ? key.length : NO_KEY_LENGTH;
    kernel.functions.configure(keyAt, keyLength, slotsAt, table.slots - 1, runOfTypeAt);
    this.#window = Buffer.from(memory, kernel.constant('WINDOW'), kernel.constant('WINDOW_BYTES'));
    this.gathered = Buffer.from(memory, kernel.constant('GATHERED'), kernel.constant('WINDOW_BYTES'));
    this.#runs = new Int32Array(memory, kernel.constant('RUNS'), kernel.constant('MAX_RUNS') * RUN_NUMBERS);
  }

  /** Bytes that may be opened at once. */
  get windowBytes(): number {
    return this.#window.length;
  }

  /**
   * Copies a window of lines in, of which the next calls take.
   * @param bytes From `start` to `end`, at most `windowBytes`: whole lines, each with its 0x0A, UTF-8 without a NUL.
   */
  open(bytes: Buffer, start: number, end: number): void {
    bytes.copy(this.#window, 0, start, end);
    this.#offset = this.#window.byteOffset - start;
    this.#kernel.functions.open(end - start);
  }

  /**
   * Takes the lines from `at` on, up to the first one that it is not sure of, or as many as it takes at once.
   * @param at Where a line of the window begins, not before the last one that was taken.
   * @returns The number of runs: the lines of a type, in their order, one behind the other in `gathered`.
   */
  take(at: number): number {
    return this.#kernel.functions.take(at + this.#offset);
  }

  /** Lines that the last call took. */
  get lines(): number {
    return this.#kernel.functions.lines();
  }

  /** Where the first line begins that the last call did not take. */
  get rest(): number {
    return this.#kernel.functions.rest() - this.#offset;
  }

  /** The place in `names` of a run's type. */
  placeOf(run: number): number {
    return this.#runs[run * RUN_NUMBERS]!;
  }

  /** Where a run begins in `gathered`. */
  startOf(run: number): number {
    return this.#runs[run * RUN_NUMBERS + 1]! - this.gathered.byteOffset;
  }

  /** Bytes of a run. Each line has its 0x0A, and no 0x0D before it. */
  bytesOf(run: number): number {
    return this.#runs[run * RUN_NUMBERS + 2]!;
  }

  linesOf(run: number): number {
    return this.#runs[run * RUN_NUMBERS + 3]!;
  }
}
