import { readSync } from 'node:fs';

/** Bytes that a spooled line is looked at through, at a time. Small: a pod of 128 MiB may look at a 90 MB line. */
const WINDOW_BYTES = 64 * 1024;

/**
 * Random access to one line's bytes, whether they lie in memory or, for a line too long to hold, in a scratch file. All scanners
 * (type, grammar, schema) are written against it, so that a line of 90 MB is judged by the same code as one of 90 bytes.
 */
export class ByteView {
  length = 0;
  /** Where the line lies in memory: `bytes[start..start + length)`; undefined where it lies in a file. */
  bytes: Buffer | undefined;
  start = 0;
  #window: Buffer = Buffer.alloc(0);
  /** Line position of the window's first byte; negative where the line starts inside a larger buffer. */
  #base = 0;
  /** First line position past the window. */
  #limit = 0;
  #fd = -1;
  /** File position of the line's first byte. */
  #origin = 0;
  #spare: Buffer | undefined;
  #piece: Buffer | undefined;

  /** Looks at `bytes[start..end)` in place; the bytes must not change meanwhile. */
  inMemory(bytes: Buffer, start: number, end: number): this {
    this.bytes = bytes;
    this.start = start;
    this.#window = bytes;
    // Not -start: -0 is no integer to the engine, and would make every position a double.
    this.#base = 0 - start;
    this.#limit = end - start;
    this.length = end - start;
    this.#fd = -1;
    return this;
  }

  /** Looks at the bytes `[start..end)` of a file through a window. */
  inFile(fd: number, end: number, start = 0): this {
    this.bytes = undefined;
    this.#spare ??= Buffer.allocUnsafeSlow(WINDOW_BYTES);
    this.#window = this.#spare;
    this.#base = 0;
    this.#limit = 0;
    this.length = end - start;
    this.#fd = fd;
    this.#origin = start;
    return this;
  }

  /** The byte at a position of the line, or -1 past its end. */
  at(position: number): number {
    if (position < this.#limit && (this.#fd < 0 || position >= this.#base))
      return this.#window[position - this.#base]!;
    return this.#seek(position);
  }

  /** UTF-8 text of a range; meant for short ones (keys, numbers, excerpts). */
  text(start: number, end: number): string {
    const last = Math.min(end, this.length);
    if (this.#holds(start, last)) return this.#window.toString('utf8', start - this.#base, last - this.#base);
    return this.copy(start, last).toString('utf8');
  }

  /** A copy of a range. */
  copy(start: number, end: number): Buffer {
    const length = Math.max(0, Math.min(end, this.length) - start);
    if (this.#holds(start, start + length)) {
      return Buffer.from(this.#window.subarray(start - this.#base, start - this.#base + length));
    }
    const bytes = Buffer.allocUnsafe(length);
    return bytes.subarray(0, readSync(this.#fd, bytes, 0, length, this.#origin + start));
  }

  /** Hands the range over in pieces no larger than the window, in place: no long line is ever held, no short one copied. */
  eachPiece(start: number, end: number, take: (piece: Uint8Array) => void): void {
    if (this.#holds(start, end)) {
      take(this.#window.subarray(start - this.#base, end - this.#base));
      return;
    }
    // One buffer for all pieces: a new one for each piles up outside of the heap until the whole line is in memory after all.
    this.#piece ??= Buffer.allocUnsafeSlow(WINDOW_BYTES);
    for (let from = start; from < end; from += WINDOW_BYTES) {
      const length = Math.min(WINDOW_BYTES, end - from);
      take(this.#piece.subarray(0, readSync(this.#fd, this.#piece, 0, length, this.#origin + from)));
    }
  }

  /** Small pieces of a spooled line are mostly in the window already: a system call each would take longer than all else. */
  #holds(start: number, end: number): boolean {
    return this.#fd < 0 || (start >= this.#base && end <= this.#limit);
  }

  #seek(position: number): number {
    if (position < 0 || position >= this.length || this.#fd < 0) return -1;
    // A little before the position too: scanners step back at most to the start of a token.
    const base = Math.max(0, position - 1024);
    const wanted = Math.min(WINDOW_BYTES, this.length - base);
    this.#base = base;
    this.#limit = base + readSync(this.#fd, this.#window, 0, wanted, this.#origin + base);
    return this.#window[position - base]!;
  }
}
