import { Kernel } from '../core/kernels/kernel.ts';
import { TYPE_SCAN_WASM } from '../core/kernels/type-scan.wasm.ts';
import { TypeTable } from './type-table.ts';

/** Numbers that the kernel writes of a line. */
const LINE_NUMBERS = 3;

/** Longer than any key in memory. */
const NO_KEY_LENGTH = -1;

/**
 * Finds the types of ordinary lines, many at a call. It says yes only where `TypeScanner` would find that very type, and leaves all
 * else to it: escaped or repeated type keys, odd spacing, deep nesting, anything broken. The work is done by `kernels/type-scan.ts`.
 */
export class FastTypeScanner {
  readonly names: readonly string[];
  readonly #kernel = new Kernel<'configure' | 'open' | 'scan'>(TYPE_SCAN_WASM);
  readonly #window: Buffer;
  readonly #lines: Int32Array;
  /** The kernel's addresses less the positions in the bytes that were opened. */
  #offset = 0;

  constructor(typeKey: string, typeNames: Iterable<string>) {
    this.names = [...typeNames];
    const kernel = this.#kernel;
    const table = new TypeTable(this.names);
    const key = Buffer.from(typeKey);
    const slots = kernel.constant('TABLES');
    const keyAt = slots + table.size;
    const memory = kernel.reserve(keyAt + key.length + BigUint64Array.BYTES_PER_ELEMENT);
    table.write(memory, slots);
    new Uint8Array(memory).set(key, keyAt);
    // A key that a line must spell with escapes is never found fast.
    const isPlain = JSON.stringify(typeKey) === `"${typeKey}"`;
    kernel.functions.configure(keyAt, isPlain ? key.length : NO_KEY_LENGTH, slots, table.slots - 1);
    this.#window = Buffer.from(memory, kernel.constant('WINDOW'), kernel.constant('WINDOW_BYTES'));
    this.#lines = new Int32Array(
      memory,
      kernel.constant('LINES'),
      kernel.constant('MAX_LINES') * LINE_NUMBERS,
    );
  }

  /** Bytes that may be opened at once. */
  get windowBytes(): number {
    return this.#window.length;
  }

  /**
   * Copies a window of lines in, which the next scans are of.
   * @param bytes From `start` to `end`, at most `windowBytes`: whole lines, each with its 0x0A, UTF-8 without a NUL.
   */
  open(bytes: Buffer, start: number, end: number): void {
    bytes.copy(this.#window, 0, start, end);
    this.#offset = this.#window.byteOffset - start;
    this.#kernel.functions.open(end - start);
  }

  /**
   * @param at Where a line of the window begins, not before the last line that was found.
   * @returns How many lines it found from there on; 0 where that line is not one to be sure of.
   */
  scan(at: number): number {
    return this.#kernel.functions.scan(at + this.#offset);
  }

  /** The place in `names` of the type of a line that the last scan found. */
  placeOf(line: number): number {
    return this.#lines[line * LINE_NUMBERS]!;
  }

  /** Past the last byte of a line, its terminator aside. */
  contentEndOf(line: number): number {
    return this.#lines[line * LINE_NUMBERS + 1]! - this.#offset;
  }

  /** Where the line after it begins. */
  nextOf(line: number): number {
    return this.#lines[line * LINE_NUMBERS + 2]! - this.#offset;
  }
}
