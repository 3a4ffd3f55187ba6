import { crc32 } from 'node:zlib';
import { deflaterOf } from './block-deflate.ts';
import { fastDeflate } from './fast-deflate.ts';

/** How staged parts and set-aside files are compressed. Level 1: the hour waits for deflate more than for anything else. */
export interface Compression {
  readonly kind: 'gzip' | 'none';
  readonly level: number;
}

/** The level at which our own kernel compresses, on the thread that cuts the lines; zlib does at all others, beside it. */
const FAST_LEVEL = 1;

/** Turns a file's blocks, in order, into its stored bytes: the same ones however the blocks came to be. */
export interface BlockEncoder {
  /** Before the first block. */
  head(): Buffer;
  /** @param block Must not change until this ends. @returns A promise only where another thread does it; else bytes until the next block. */
  block(block: Buffer): Buffer | Promise<Buffer>;
  /** What `block` gave is written and not needed any more. */
  release(encoded: Buffer): void;
  /** After the last block. */
  tail(): Buffer;
}

export function encoderOf({ kind, level }: Compression): BlockEncoder {
  if (kind === 'none') return PLAIN;
  return new GzipEncoder(level === FAST_LEVEL ? FAST : deflaterOf(level));
}

const NOTHING = Buffer.alloc(0);

const PLAIN: BlockEncoder = {
  head: () => NOTHING,
  block: (block) => block,
  release: () => undefined,
  tail: () => NOTHING,
};

/** RFC 1952: magic, deflate, no flags, no time (names are digests: the same rows must make the same bytes), no system. */
const GZIP_HEAD = Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0xff]);

/** RFC 1951: a last block with fixed codes that holds nothing but its end. */
const LAST_BLOCK = [0x03, 0x00] as const;

/** Deflates blocks so that they may follow each other in one stream. */
interface DeflateEngine {
  /** @returns Bytes that stay until they are released or, where they are given at once, until the next block. */
  deflate(block: Buffer): Buffer | Promise<Buffer>;
  release(result: Buffer): void;
}

const FAST: DeflateEngine = {
  deflate: (block) => fastDeflate().deflate(block),
  release: () => undefined,
};

/** One gzip member of blocks that were deflated apart. */
class GzipEncoder implements BlockEncoder {
  readonly #engine: DeflateEngine;
  #crc = 0;
  #bytes = 0;

  constructor(engine: DeflateEngine) {
    this.#engine = engine;
  }

  head(): Buffer {
    return GZIP_HEAD;
  }

  block(block: Buffer): Buffer | Promise<Buffer> {
    this.#crc = crc32(block, this.#crc);
    this.#bytes += block.length;
    return this.#engine.deflate(block);
  }

  release(encoded: Buffer): void {
    this.#engine.release(encoded);
  }

  tail(): Buffer {
    const tail = Buffer.alloc(10);
    tail.set(LAST_BLOCK);
    tail.writeUInt32LE(this.#crc, 2);
    // RFC 1952: the size modulo 2^32.
    tail.writeUInt32LE(this.#bytes % 2 ** 32, 6);
    return tail;
  }
}
