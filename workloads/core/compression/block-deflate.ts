import { giveBack } from '../bytes/give-back.ts';
import { constants, createDeflateRaw, type DeflateRaw } from 'node:zlib';

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
  readonly #results = new Results();
  readonly #level: number;

  constructor(level: number) {
    this.#level = level;
  }

  /**
   * Raw deflate data without a final block: pieces of it may follow each other in one stream.
   * @param block At most BLOCK_BYTES; must not change until this ends.
   * @returns Bytes that are the caller's until they are released.
   */
  deflate(block: Buffer): Promise<Buffer> {
    const idle = this.#engines.find(({ waiting }) => waiting === 0);
    if (idle !== undefined) return idle.deflate(block);
    if (this.#engines.length < ENGINES) this.#engines.push(new Engine(this.#level, this.#results));
    return this.#engines.reduce((a, b) => (b.waiting < a.waiting ? b : a)).deflate(block);
  }

  /** What `deflate` gave is not needed any more. */
  release(result: Buffer): void {
    this.#results.add(result);
  }
}

/** Bytes that deflate may add to what does not shrink (zlib.h, deflateBound: 5 in 16 KiB, 7, and a flush's own), rounded up. */
const RESULT_BYTES = BLOCK_BYTES + 1024;

/** Buffers that results go round in, few more than there are engines: fresh ones would be garbage that V8 does not see as such. */
class Results {
  readonly #spare: Buffer[] = [];

  take(): Buffer {
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(RESULT_BYTES);
  }

  add({ buffer }: Buffer): void {
    const result = Buffer.from(buffer);
    if (this.#spare.length < 2 * ENGINES) this.#spare.push(result);
    else giveBack(result);
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
  readonly #results: Results;
  /** The output of the block at hand, in zlib's own buffers. */
  #pieces: Buffer[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  /** Blocks that are compressed or wait for it. */
  waiting = 0;

  constructor(level: number, results: Results) {
    this.#results = results;
    const options = {
      level,
      flush: constants.Z_FULL_FLUSH,
      chunkSize: BLOCK_BYTES,
    };
    this.#stream = createDeflateRaw(options);
    this.#stream.on('data', (piece: Buffer) => this.#pieces.push(piece));
  }

  deflate(block: Buffer): Promise<Buffer> {
    this.waiting++;
    const result = this.#turn.then(() => this.#run(block)).finally(() => this.waiting--);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #run(block: Buffer): Promise<Buffer> {
    await new Promise<void>((resolve, reject) => {
      this.#stream.write(block, (error) => (error ? reject(error) : resolve()));
    });
    return this.#gather();
  }

  /** Copies the pieces together, and gives zlib's buffers back once they are full: the engine takes a new one then. */
  #gather(): Buffer {
    const total = this.#pieces.reduce((sum, { length }) => sum + length, 0);
    if (total > RESULT_BYTES)
      throw new RangeError(`deflate: expected at most ${RESULT_BYTES} bytes, found ${total}`);
    const result = this.#results.take();
    let length = 0;
    for (const piece of this.#pieces) {
      length += piece.copy(result, length);
      giveBack(piece);
    }
    this.#pieces = [];
    return result.subarray(0, length);
  }
}
