import type { DuplexOptions } from 'node:stream';
import { constants, createDeflateRaw, type DeflateRaw, type ZlibOptions } from 'node:zlib';

/** Bytes of a block: whole ones are compressed apart from each other, which costs 2 % of ratio and saves a live stream a file. */
export const BLOCK_BYTES = 128 * 1024;

/** Blocks that are compressed at once, each on a thread of libuv's pool; the lines are cut on one more. */
const ENGINES = 2;

/**
 * Deflates blocks that stand alone, so that a few engines serve any number of files. A live stream for each file would cost
 * 268 KB each (zlib.h: "(1 << (windowBits+2)) + (1 << (memLevel+9))"), which no pod has for a thousand types.
 */
export class BlockDeflater {
  readonly #engines: Engine[] = [];
  readonly #level: number;

  constructor(level: number) {
    this.#level = level;
  }

  /**
   * Raw deflate data without a final block: pieces of it may follow each other in one stream.
   * @param block At most BLOCK_BYTES; must not change until this ends.
   */
  deflate(block: Buffer): Promise<Buffer> {
    const idle = this.#engines.find(({ waiting }) => waiting === 0);
    if (idle !== undefined) return idle.deflate(block);
    if (this.#engines.length < ENGINES) this.#engines.push(new Engine(this.#level));
    return this.#engines.reduce((a, b) => (b.waiting < a.waiting ? b : a)).deflate(block);
  }
}

const deflaters = new Map<number, BlockDeflater>();

/** The process's one deflater of a level: engines are kept, for making one costs as much as a small block. */
export function deflaterOf(level: number): BlockDeflater {
  const known = deflaters.get(level);
  if (known !== undefined) return known;
  const made = new BlockDeflater(level);
  deflaters.set(level, made);
  return made;
}

/** One zlib stream that forgets everything after each block, by a full flush. */
class Engine {
  readonly #stream: DeflateRaw;
  #turn: Promise<unknown> = Promise.resolve();
  /** Blocks that are compressed or wait for it. */
  waiting = 0;

  constructor(level: number) {
    const options: ZlibOptions & DuplexOptions = {
      level,
      flush: constants.Z_FULL_FLUSH,
      chunkSize: BLOCK_BYTES,
      // Nothing is read before a block is done: were the output ever more than this, the engine would wait for ever.
      readableHighWaterMark: 2 * BLOCK_BYTES,
    };
    this.#stream = createDeflateRaw(options);
  }

  deflate(block: Buffer): Promise<Buffer> {
    this.waiting++;
    const result = this.#turn.then(() => this.#run(block)).finally(() => this.waiting--);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #run(block: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#stream.write(block, (error) => {
        if (error) reject(error);
        else resolve((this.#stream.read() as Buffer | null) ?? Buffer.alloc(0));
      });
    });
  }
}
