import { closeSync, readSync } from 'node:fs';
import { giveBack } from '../bytes/give-back.ts';
import { BLOCK_BYTES } from '../compression/block-deflate.ts';
import { encoderOf, type BlockEncoder, type Compression } from '../compression/block-encoder.ts';
import { TerminalError } from '../errors.ts';
import { SealedFileWriter, type SealedFile } from './sealed-file.ts';
import type { Scratch } from './scratch.ts';

/** A cold spool's buffer starts so small that a thousand rare types cost a few MiB, and grows once: what is full is written out. */
const FIRST_BUFFER_BYTES = 2 * 1024;
const COLD_BUFFER_BYTES = 8 * 1024;

/** What the spools of a pool share: disk, memory, and the number of blocks under way. */
export interface SpoolMemory {
  readonly scratch: Scratch;
  /** Whether no further block may be handed over for now. */
  readonly isBusy: boolean;
  /** A block that was handed over is encoded and written meanwhile. */
  begin(work: Promise<unknown>): void;
  /** Memory for a cold spool's buffer; where it is used up, the fullest cold spools write out what they hold. */
  reserve(bytes: number): void;
  /** A cold spool's buffer is not needed any more. */
  giveBack(buffer: Buffer): void;
  /** Whether one more spool may keep a block. */
  heat(spool: Spool): boolean;
  /** A spool has ended. */
  forget(spool: Spool): void;
  /** A buffer of a block, one that was used before where there is one. */
  takeBlock(): Buffer;
  returnBlock(block: Buffer): void;
}

/**
 * One append-only file in the making. It begins cold: a small buffer, written out raw where the pool needs the memory. With its
 * first whole block it becomes hot, if the pool has room for one more: from then on each full block is encoded, written and
 * digested, where another thread encodes while the next one fills. What was written out raw is encoded at the end. All ways make the same bytes.
 */
export class Spool {
  readonly #pool: SpoolMemory;
  readonly #label: string;
  readonly #encoder: BlockEncoder;
  #buffer: Buffer | undefined;
  #filled = 0;
  #bytes = 0;
  /** Where bytes that are not encoded yet were written out to, and how many. They follow on what is encoded, or on nothing. */
  #rawPath: string | undefined;
  #rawBytes = 0;
  /** Of a hot spool. */
  #file: SealedFileWriter | undefined;
  #isHot = false;
  #written: Promise<void> = Promise.resolve();
  #isOver = false;

  constructor(pool: SpoolMemory, label: string, compression: Compression) {
    this.#pool = pool;
    this.#label = label;
    this.#encoder = encoderOf(compression);
  }

  /** Bytes appended so far. */
  get bytes(): number {
    return this.#bytes;
  }

  append(bytes: Uint8Array): void {
    this.appendRange(bytes, 0, bytes.length);
  }

  /** Appends `source[start..end)`. */
  appendRange(source: Uint8Array, start: number, end: number): void {
    this.#bytes += end - start;
    while (start < end) {
      if (this.#filled === (this.#buffer?.length ?? 0)) this.#makeRoom(end - start);
      const buffer = this.#buffer!;
      const length = Math.min(end - start, buffer.length - this.#filled);
      copy(source, start, length, buffer, this.#filled);
      this.#filled += length;
      start += length;
    }
  }

  /** Bytes that wait in memory. */
  get held(): number {
    return this.#filled;
  }

  /**
   * Writes a cold spool's buffer out and drops it, or makes the spool a hot one, if there is a block's worth: of what is written out
   * each byte is written twice. @returns The bytes of memory that became free, beyond those that were given back.
   */
  spill(): number {
    if (this.#becomesHot(0)) return 0;
    const held = this.#buffer?.length ?? 0;
    this.#writeRaw();
    if (this.#buffer !== undefined) giveBack(this.#buffer);
    this.#buffer = undefined;
    return held;
  }

  /** Nothing more is appended: the file is finished. */
  async seal(): Promise<SealedFile> {
    try {
      await this.#written;
      const writer = this.#startFile();
      if (this.#rawBytes > 0) await this.#encodeRaw(writer);
      if (this.#filled > 0) await this.#encode(writer, this.#buffer!.subarray(0, this.#filled));
      writer.write(this.#encoder.tail());
      const file = writer.finish();
      this.#file = undefined;
      return file;
    } finally {
      this.discard();
    }
  }

  /** Deletes; writes nothing more, for it may be a full disk that ended the work. */
  discard(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#pool.forget(this);
    if (this.#buffer !== undefined && this.#isHot) this.#pool.returnBlock(this.#buffer);
    else if (this.#buffer !== undefined) this.#pool.giveBack(this.#buffer);
    this.#buffer = undefined;
    this.#filled = 0;
    this.#dropRaw();
    this.#file?.discard();
    this.#file = undefined;
  }

  #makeRoom(needed: number): void {
    if (this.#isHot) this.#handOver();
    else if (this.#becomesHot(needed)) return;
    else if (this.#filled === COLD_BUFFER_BYTES) this.#writeRaw();
    else this.#grow(needed);
  }

  #grow(needed: number): void {
    const former = this.#buffer;
    const filled = this.#filled;
    const size = filled + needed <= FIRST_BUFFER_BYTES ? FIRST_BUFFER_BYTES : COLD_BUFFER_BYTES;
    this.#pool.reserve(size);
    this.#buffer = Buffer.allocUnsafeSlow(size);
    // Where the pool needed the memory, the former buffer was just written out.
    if (former === undefined || this.#filled === 0) return;
    copy(former, 0, filled, this.#buffer, 0);
    this.#pool.giveBack(former);
  }

  /** The first block's worth is there, or about to come, and a place among the hot ones. */
  #becomesHot(needed: number): boolean {
    const isDue = this.#rawBytes < BLOCK_BYTES && this.#rawBytes + this.#filled + needed >= BLOCK_BYTES;
    if (!isDue || !this.#pool.heat(this)) return false;
    this.#heat();
    return true;
  }

  /** Takes the one block's worth that is there, wherever it lies, and goes on block by block. */
  #heat(): void {
    this.#isHot = true;
    const former = this.#buffer;
    const filled = this.#filled;
    this.#buffer = this.#pool.takeBlock();
    this.#filled = this.#rawBytes;
    this.#bytes -= filled;
    if (this.#rawBytes > 0) readRange(this.#pool.scratch, this.#rawPath!, this.#buffer, this.#rawBytes, 0);
    this.#dropRaw();
    if (former === undefined) return;
    this.appendRange(former, 0, filled);
    this.#pool.giveBack(former);
  }

  /** Encodes and writes the full block, at once or while a next one fills. */
  #handOver(): void {
    if (this.#rawBytes > 0 || this.#pool.isBusy) {
      this.#writeRaw();
      return;
    }
    const block = this.#buffer!;
    const writer = this.#startFile();
    const encoded = this.#encoder.block(block);
    this.#filled = 0;
    if (!(encoded instanceof Promise)) {
      writer.write(encoded);
      return;
    }
    this.#written = this.#write(writer, encoded, this.#written).finally(() => this.#pool.returnBlock(block));
    this.#pool.begin(this.#written);
    this.#buffer = this.#pool.takeBlock();
  }

  async #write(writer: SealedFileWriter, encoding: Promise<Buffer>, former: Promise<void>): Promise<void> {
    // The block is the engine's until its encoding has ended, whatever became of the former one.
    const [encoded, before] = await Promise.allSettled([encoding, former]);
    if (encoded.status === 'rejected') throw encoded.reason;
    try {
      if (before.status === 'rejected') throw before.reason;
      if (!this.#isOver) writer.write(encoded.value);
    } finally {
      this.#encoder.release(encoded.value);
    }
  }

  async #encode(writer: SealedFileWriter, block: Buffer): Promise<void> {
    const encoding = this.#encoder.block(block);
    // What is there at once is only there until another spool's next block: not even an await may come between.
    const encoded = encoding instanceof Promise ? await encoding : encoding;
    writer.write(encoded);
    this.#encoder.release(encoded);
  }

  #startFile(): SealedFileWriter {
    if (this.#file === undefined) {
      this.#file = new SealedFileWriter(this.#pool.scratch, this.#label);
      this.#file.write(this.#encoder.head());
    }
    return this.#file;
  }

  /** Encodes what was written out, in the blocks that would have been made at once. */
  async #encodeRaw(writer: SealedFileWriter): Promise<void> {
    this.#writeRaw();
    const block = this.#pool.takeBlock();
    try {
      for (let at = 0; at < this.#rawBytes; at += BLOCK_BYTES) {
        const length = Math.min(BLOCK_BYTES, this.#rawBytes - at);
        readRange(this.#pool.scratch, this.#rawPath!, block, length, at);
        await this.#encode(writer, block.subarray(0, length));
      }
    } finally {
      this.#pool.returnBlock(block);
    }
  }

  #writeRaw(): void {
    if (this.#filled === 0) return;
    const { scratch } = this.#pool;
    this.#rawPath ??= scratch.path(`${this.#label}.raw`);
    scratch.append(this.#rawPath, this.#buffer!.subarray(0, this.#filled));
    this.#rawBytes += this.#filled;
    this.#filled = 0;
  }

  #dropRaw(): void {
    if (this.#rawPath === undefined) return;
    this.#pool.scratch.release(this.#rawPath, this.#rawBytes);
    this.#rawPath = undefined;
    this.#rawBytes = 0;
  }
}

/** `Buffer.copy` makes no view of the range, of which there is one a line. */
function copy(source: Uint8Array, start: number, length: number, target: Buffer, at: number): void {
  if (source instanceof Buffer) source.copy(target, at, start, start + length);
  else target.set(source.subarray(start, start + length), at);
}

function readRange(scratch: Scratch, path: string, target: Buffer, length: number, position: number): void {
  const fd = scratch.openToRead(path);
  try {
    for (let read = 0; read < length;) {
      const more = readSync(fd, target, read, length - read, position + read);
      if (more === 0) throw cutShort(path, position + length, position + read);
      read += more;
    }
  } catch (error) {
    throw scratch.explain(path, error, 'reading');
  } finally {
    closeSync(fd);
  }
}

function cutShort(path: string, expected: number, found: number): TerminalError {
  return new TerminalError(`Scratch: reading ${path}: expected ${expected} bytes, found ${found}`, {
    advice: 'Something else wrote into the scratch folder. What needed it was not committed; run again.',
  });
}
