import type { Scratch } from './scratch.ts';
import { seal, type Compression, type SealedFile } from './seal.ts';

/** A spool's buffer starts so small that a thousand rare types cost a few MiB, and doubles up to the largest size. */
const FIRST_BUFFER_BYTES = 1024;
const LARGEST_BUFFER_BYTES = 64 * 1024;
/** All buffers of one pool together: beyond it everything is written out, so memory does not grow with the types. */
const POOL_BYTES = 4 * 1024 * 1024;

/** Appends to many files at once within a fixed amount of memory; no file stays open. */
export class SpoolPool {
  readonly scratch: Scratch;
  readonly #spools = new Set<Spool>();
  #held = 0;

  constructor(scratch: Scratch) {
    this.scratch = scratch;
  }

  open(label: string): Spool {
    const spool = new Spool(this.scratch.path(label), this);
    this.#spools.add(spool);
    return spool;
  }

  /** A spool asks for room; where the pool is used up, all spools write out what they hold. */
  reserve(bytes: number): void {
    if (this.#held + bytes > POOL_BYTES) {
      for (const spool of this.#spools) this.#held -= spool.flush();
    }
    this.#held += bytes;
  }

  /** Bytes of a buffer that its spool no longer needs. */
  giveBack(bytes: number): void {
    this.#held -= bytes;
  }

  forget(spool: Spool): void {
    this.#spools.delete(spool);
  }
}

/** One append-only scratch file behind a small buffer. */
export class Spool {
  readonly path: string;
  readonly #pool: SpoolPool;
  #buffer: Buffer | undefined;
  #filled = 0;
  #bytes = 0;
  #written = 0;

  constructor(path: string, pool: SpoolPool) {
    this.path = path;
    this.#pool = pool;
  }

  /** Bytes appended so far. */
  get bytes(): number {
    return this.#bytes;
  }

  append(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    if (this.#filled + bytes.length > (this.#buffer?.length ?? 0)) this.#makeRoom(bytes.length);
    if (this.#buffer === undefined || bytes.length > this.#buffer.length) {
      this.#write(bytes);
      return;
    }
    this.#buffer.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  /** Writes out and drops the buffer. @returns The bytes of memory that became free. */
  flush(): number {
    const held = this.#buffer?.length ?? 0;
    this.#writeOut();
    this.#buffer = undefined;
    return held;
  }

  /** Nothing more will be appended: all bytes are in the file, which exists even where there were none. */
  close(): void {
    this.#pool.giveBack(this.flush());
    if (this.#bytes === 0) this.#pool.scratch.append(this.path, new Uint8Array(0));
    this.#pool.forget(this);
  }

  /** Closes, and puts a finished file in the spool's place. */
  async seal(compression: Compression): Promise<SealedFile> {
    this.close();
    const bytes = this.#written;
    this.#written = 0;
    return seal(this.#pool.scratch, this.path, bytes, compression);
  }

  /** Deletes; writes nothing more, for it may be a full disk that ended the work. */
  discard(): void {
    this.#pool.giveBack(this.#buffer?.length ?? 0);
    this.#buffer = undefined;
    this.#filled = 0;
    this.#pool.scratch.release(this.path, this.#written);
    this.#written = 0;
    this.#pool.forget(this);
  }

  #makeRoom(needed: number): void {
    this.#writeOut();
    const held = this.#buffer?.length ?? 0;
    const size = Math.min(LARGEST_BUFFER_BYTES, Math.max(FIRST_BUFFER_BYTES, held * 2));
    if (held === size || needed > LARGEST_BUFFER_BYTES) return;
    this.#buffer = undefined;
    this.#pool.giveBack(held);
    this.#pool.reserve(size);
    this.#buffer = Buffer.allocUnsafeSlow(size);
  }

  #writeOut(): void {
    if (this.#buffer === undefined || this.#filled === 0) return;
    const filled = this.#filled;
    this.#filled = 0;
    this.#write(this.#buffer.subarray(0, filled));
  }

  #write(bytes: Uint8Array): void {
    this.#pool.scratch.append(this.path, bytes);
    this.#written += bytes.length;
  }
}
