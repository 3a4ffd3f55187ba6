import { isUtf8 } from 'node:buffer';
import { closeSync } from 'node:fs';
import { giveBack } from '../bytes/give-back.ts';
import type { Scratch } from '../scratch/scratch.ts';
import { Line } from './line.ts';

/** Lines up to this length are looked at in memory; longer ones are spooled to disk (design 5.1: 90 MB is a heap overflow). */
export const LONG_LINE_BYTES = 1024 * 1024;

const LF = 0x0a;
const CR = 0x0d;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** Called for each line, blank ones included, in order. The line is only valid during the call. */
export type LineHandler = (line: Line) => void;

/** Takes lines where they lie in a block, without their being cut first. */
export interface RunTaker {
  /**
   * Looks at whole lines, each with its 0x0A, UTF-8 without a NUL; they stay as they are until it has taken what it takes of them.
   * @returns Past the last line that it looked at: it may look at few at a time, and at none that is too long for it.
   */
  open(bytes: Buffer, start: number, end: number): number;
  /**
   * Takes the first lines from `at` on of those that were opened, as many as it is sure of.
   * @returns Where the first line begins that it did not take.
   */
  take(at: number): number;
  /** Lines of the last call. */
  readonly taken: number;
}

/** Cuts a stream of bytes into lines at 0x0A, within a fixed amount of memory, whatever the chunks' borders and lines' lengths. */
export class LineSplitter {
  readonly #scratch: Scratch;
  readonly #handler: LineHandler;
  readonly #runs: RunTaker | undefined;
  readonly #line = new Line();
  /** The beginning of a line whose end has not come yet; grows up to LONG_LINE_BYTES and a 0x0A. */
  #carry = Buffer.allocUnsafeSlow(4096);
  #carried = 0;
  #long: { path: string; write(bytes: Uint8Array): void; close(): void } | undefined;
  #longBytes = 0;
  #lineStart = 0;
  #number = 0;

  /** @param runs Is offered lines first, where it may take them; the handler gets the others. */
  constructor(scratch: Scratch, handler: LineHandler, runs?: RunTaker) {
    this.#scratch = scratch;
    this.#handler = handler;
    this.#runs = runs;
  }

  /** Lines handed out so far. */
  get lines(): number {
    return this.#number;
  }

  /** Bytes that belong to lines handed out, terminators, CRs and BOM included: equals the object's bytes at the end. */
  get bytes(): number {
    return this.#lineStart;
  }

  push(chunk: Buffer): void {
    let from = 0;
    const end = chunk.lastIndexOf(LF) + 1;
    if (end > 0) {
      if (this.#pending > 0) {
        from = chunk.indexOf(LF) + 1;
        this.#append(chunk.subarray(0, from - 1));
        this.#finishPending(1);
      }
      this.#cut(chunk, from, end);
    }
    if (end < chunk.length) this.#append(chunk.subarray(end));
  }

  /** Hands out the lines of `bytes[from..end)`, which ends with a 0x0A. */
  #cut(bytes: Buffer, from: number, end: number): void {
    const proven = isProven(bytes.subarray(from, end));
    this.#line.proven = proven;
    let opened = from;
    while (from < end) {
      if (proven && this.#runs !== undefined) {
        if (from >= opened) opened = this.#runs.open(bytes, from, end);
        if (from < opened) {
          from = this.#take(this.#runs, from);
          if (from === end) return;
          if (from === opened) continue;
        }
      }
      const lineEnd = bytes.indexOf(LF, from);
      this.#handOut(bytes, from, lineEnd);
      this.#lineStart += lineEnd + 1 - from;
      from = lineEnd + 1;
    }
  }

  #take(runs: RunTaker, from: number): number {
    const taken = runs.take(from);
    this.#number += runs.taken;
    this.#lineStart += taken - from;
    return taken;
  }

  /** The last line may lack its newline; nothing after a last newline is no line. */
  end(): void {
    if (this.#pending > 0) this.#finishPending(0);
  }

  /** Gives memory back, and the disk where the reading ended early. Nothing can be pushed any more. */
  discard(): void {
    this.#dropLong();
    giveBack(this.#carry);
  }

  get #pending(): number {
    return this.#carried + this.#longBytes;
  }

  #append(bytes: Uint8Array): void {
    if (this.#long === undefined && this.#carried + bytes.length <= LONG_LINE_BYTES) {
      this.#growCarry(this.#carried + bytes.length);
      this.#carry.set(bytes, this.#carried);
      this.#carried += bytes.length;
      return;
    }
    if (this.#long === undefined) {
      this.#long = this.#scratch.open('long-line');
      this.#long.write(this.#carry.subarray(0, this.#carried));
      this.#longBytes = this.#carried;
      this.#carried = 0;
    }
    this.#long.write(bytes);
    this.#longBytes += bytes.length;
  }

  #growCarry(needed: number): void {
    if (needed <= this.#carry.length) return;
    const larger = Buffer.allocUnsafeSlow(
      Math.min(LONG_LINE_BYTES + 1, Math.max(needed, this.#carry.length * 2)),
    );
    larger.set(this.#carry);
    this.#carry = larger;
  }

  #finishPending(terminator: 0 | 1): void {
    const length = this.#pending;
    if (this.#long !== undefined) {
      this.#handOutLong(this.#long.path, length);
      this.#lineStart += length + terminator;
      return;
    }
    this.#carried = 0;
    if (terminator === 1) {
      this.#growCarry(length + 1);
      this.#carry[length] = LF;
      this.#cut(this.#carry, 0, length + 1);
      return;
    }
    this.#line.proven = isProven(this.#carry.subarray(0, length));
    this.#handOut(this.#carry, 0, length);
    this.#lineStart += length;
  }

  #handOut(bytes: Buffer, start: number, end: number): void {
    const line = this.#line;
    line.offset = this.#lineStart;
    line.number = ++this.#number;
    if (end > start && bytes[end - 1] === CR) end--;
    if (
      this.#lineStart === 0 &&
      end - start >= BOM.length &&
      BOM.equals(bytes.subarray(start, start + BOM.length))
    ) {
      start += BOM.length;
      line.offset = BOM.length;
    }
    line.view.inMemory(bytes, start, end);
    this.#handler(line);
  }

  #handOutLong(path: string, length: number): void {
    const fd = this.#scratch.openToRead(path);
    try {
      const line = this.#line;
      line.proven = false;
      line.number = ++this.#number;
      const view = line.view.inFile(fd, length);
      const bom =
        this.#lineStart === 0 && BOM.every((byte, index) => view.at(index) === byte) ? BOM.length : 0;
      const cr = view.at(length - 1) === CR ? 1 : 0;
      line.offset = this.#lineStart + bom;
      view.inFile(fd, length - cr, bom);
      this.#handler(line);
    } finally {
      closeSync(fd);
      this.#dropLong();
    }
  }

  #dropLong(): void {
    if (this.#long === undefined) return;
    this.#long.close();
    this.#scratch.release(this.#long.path, this.#longBytes);
    this.#long = undefined;
    this.#longBytes = 0;
  }
}

/** One check for a whole block of lines: both are native and cost next to nothing there, but much a line. */
function isProven(block: Buffer): boolean {
  return isUtf8(block) && !block.includes(0);
}
