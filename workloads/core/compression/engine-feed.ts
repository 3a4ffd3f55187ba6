import { constants, createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib';
import { DamagedObjectError } from './damage.ts';
import { HEAD_BYTES, type CompressedKind } from './magic.ts';
import { lastWindow, MAX_HEADER_BYTES, MAX_WINDOW_BYTES, MAX_WINDOW_LOG } from './zstd-window.ts';

/** Output is given out in pieces of this size; 16 KiB, zlib's default, costs 2.6 times the CPU. */
const CHUNK_BYTES = 256 * 1024;

type Engine = Gunzip | ZstdDecompress;

const ENGINES: Readonly<Record<CompressedKind, () => Engine>> = {
  gzip: () => createGunzip({ chunkSize: CHUNK_BYTES }),
  zstd: () =>
    createZstdDecompress({
      chunkSize: CHUNK_BYTES,
      params: { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG },
    }),
};

/** At least the bytes that tell the kind, however small the stream's own chunks are; fewer only at its end. */
export async function readHead(
  input: AsyncIterator<Buffer>,
  begun: Buffer = Buffer.alloc(0),
): Promise<Buffer> {
  let head = begun;
  while (head.length < HEAD_BYTES) {
    const step = await input.next();
    if (step.done === true) break;
    head = head.length === 0 ? step.value : Buffer.concat([head, step.value]);
  }
  return head;
}

/**
 * Feeds one decompressor, a chunk at a time: where a chunk is not taken whole, a frame has ended in it, and the next chunk must
 * not reach this engine any more, which would decode it as if nothing had come between.
 */
export class EngineFeed {
  readonly engine: Engine;
  readonly #first: Buffer;
  readonly #input: AsyncIterator<Buffer>;
  #leftover: Buffer | undefined;
  /** Holds the header that the engine refused, if it refused one: within an engine a frame begins where a chunk does. */
  #latest: Buffer = Buffer.alloc(0);
  /** Compressed bytes handed to the engine. */
  #fed = 0;

  constructor(kind: CompressedKind, first: Buffer, input: AsyncIterator<Buffer>) {
    this.engine = ENGINES[kind]();
    this.#first = first;
    this.#input = input;
  }

  async *output(): AsyncGenerator<Buffer> {
    let inputError: Error | undefined;
    const feeding = this.#feed().catch((error: unknown) => {
      inputError = error as Error;
      this.engine.destroy();
    });
    try {
      for await (const chunk of this.engine) yield chunk as Buffer;
    } catch (error) {
      if (inputError === undefined) throw damageOf(error, this.#latest);
    } finally {
      this.engine.destroy();
      await feeding;
    }
    if (inputError !== undefined) throw inputError;
  }

  async #feed(): Promise<void> {
    for (let chunk: Buffer | undefined = this.#first; chunk !== undefined; chunk = await this.#next()) {
      if (this.engine.destroyed) return;
      this.#fed += chunk.length;
      this.#latest = Buffer.concat([
        this.#latest.subarray(-(MAX_HEADER_BYTES - 1)),
        chunk.subarray(0, MAX_HEADER_BYTES),
      ]);
      await written(this.engine, chunk);
      const untaken = this.#fed - this.engine.bytesWritten;
      if (untaken > 0) {
        this.#leftover = chunk.subarray(chunk.length - untaken);
        return;
      }
    }
    this.engine.end();
  }

  async #next(): Promise<Buffer | undefined> {
    const step = await this.#input.next();
    return step.done === true ? undefined : step.value;
  }

  /** What came after the end of the frame, or nothing. */
  async leftover(): Promise<Buffer | undefined> {
    return this.#leftover === undefined ? undefined : readHead(this.#input, this.#leftover);
  }
}

/** Resolves once the engine is done with the chunk, or with everything. */
function written(engine: Engine, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      engine.off('close', done);
      resolve();
    };
    engine.once('close', done);
    engine.write(chunk, done);
  });
}

/** @param latest The bytes around the beginning of the chunk that the engine met the error in. */
function damageOf(error: unknown, latest: Buffer): DamagedObjectError {
  const { code, message } = error as { code?: string; message: string };
  if (code === 'ZSTD_error_frameParameter_windowTooLarge') {
    const found = lastWindow(latest);
    return new DamagedObjectError(
      'window',
      `a zstd frame wants a window of ${found ?? 'more'} bytes, expected at most ${MAX_WINDOW_BYTES}: ` +
        'compress it again with "zstd --long=23", or without --long and --ultra',
    );
  }
  return new DamagedObjectError(
    code === 'Z_BUF_ERROR' ? 'truncated' : 'corrupt',
    `${message} (${code ?? 'no code'})`,
  );
}
