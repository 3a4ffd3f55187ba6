import { constants, createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib';
import { giveBack, giveBackWhole } from '../bytes/give-back.ts';
import { detectCompression, HEAD_BYTES, isCutMagic, type CompressedKind } from './magic.ts';
import { lastWindow, MAX_HEADER_BYTES, MAX_WINDOW_BYTES, MAX_WINDOW_LOG } from './zstd-window.ts';

/** Why an object cannot be decoded: it is quarantined whole (design 4.1). */
export type DamageReason = 'truncated' | 'corrupt' | 'bomb' | 'window';

/** The object's compressed bytes are broken, or want more than they may; none of its lines may count. */
export class DamagedObjectError extends Error {
  readonly reason: DamageReason;

  constructor(reason: DamageReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Output is given out in pieces of this size; 16 KiB, zlib's default, costs 2.6 times the CPU. */
const CHUNK_BYTES = 256 * 1024;

/** A log that shrinks more than this is no log. zlib ends at 1,032:1 by itself, zstd has no end. */
const MAX_RATIO = 500;
/** Before this much output a high ratio is just a small repetitive file. */
const RATIO_FLOOR_BYTES = 100 * 1024 * 1024;

/**
 * Who wrote an object. Anybody may write into the source, so an object there inflates to 500 times its stored `size` (bytes) and no
 * more. What logferry wrote itself has no such end: it compresses a hole of NULs up to 880 times, and must read that again.
 */
export type Origin = { readonly from: 'source'; readonly size: number } | { readonly from: 'logferry' };

/** The origin of staged parts, load copies, and what was set aside. */
export const OURS: Origin = { from: 'logferry' };

type Engine = Gunzip | ZstdDecompress;

/**
 * The decompressed bytes of an object: plain, gzip with any number of members, zstd with any number of frames.
 * A chunk is valid until the next one is asked for: its memory is given back at once then, for V8 sees too little of it to hurry.
 * @throws DamagedObjectError, possibly after all bytes were given out: what was read counts only after a clean end.
 */
export async function* decode(source: AsyncIterable<Buffer>, origin: Origin): AsyncGenerator<Buffer> {
  const input = source[Symbol.asyncIterator]();
  try {
    const head = await readHead(input);
    const kind = detectCompression(head);
    if (kind === 'plain') {
      if (head.length > 0) yield head;
      for (let step = await input.next(); step.done !== true; step = await input.next()) yield step.value;
    } else {
      yield* decompress(head, input, kind, mostBytes(origin));
    }
  } finally {
    // Destroys a stream, too.
    await input.return?.();
  }
}

/** Told from the whole object and not from what has come of it: a verdict must not depend on how the bytes arrive. */
function mostBytes(origin: Origin): number {
  return origin.from === 'logferry' ? Infinity : Math.max(RATIO_FLOOR_BYTES, origin.size * MAX_RATIO);
}

const ENGINES: Readonly<Record<CompressedKind, () => Engine>> = {
  gzip: () => createGunzip({ chunkSize: CHUNK_BYTES }),
  zstd: () =>
    createZstdDecompress({
      chunkSize: CHUNK_BYTES,
      params: { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG },
    }),
};

/** At least the bytes that tell the kind, however small the stream's own chunks are; fewer only at its end. */
async function readHead(input: AsyncIterator<Buffer>, begun: Buffer = Buffer.alloc(0)): Promise<Buffer> {
  let head = begun;
  while (head.length < HEAD_BYTES) {
    const step = await input.next();
    if (step.done === true) break;
    head = head.length === 0 ? step.value : Buffer.concat([head, step.value]);
  }
  return head;
}

async function* decompress(
  head: Buffer,
  input: AsyncIterator<Buffer>,
  kind: CompressedKind,
  most: number,
): AsyncGenerator<Buffer> {
  let taken = 0;
  let given = 0;
  let rest: Buffer | undefined = head;
  while (rest !== undefined) {
    const feed: EngineFeed = new EngineFeed(ENGINES[kind](), rest, input);
    let last: Buffer | undefined;
    for await (const chunk of feed.output()) {
      given += chunk.length;
      if (given > most) {
        feed.engine.destroy();
        throw new DamagedObjectError(
          'bomb',
          `inflates more than ${MAX_RATIO} times: expected at most ${most} bytes, found more`,
        );
      }
      yield chunk;
      giveBack(chunk);
      last = chunk;
    }
    // The engine has ended: what is left of the buffer that it was filling gets nothing any more.
    if (last !== undefined) giveBackWhole(last);
    taken += feed.engine.bytesWritten;
    rest = await feed.leftover();
    // Node's engines stop at the end of a frame and drop what follows it in the same chunk: that would lose lines silently.
    if (rest !== undefined) assertBegins(rest, kind, taken);
  }
}

/**
 * What follows the end of a member or frame must begin the next one. Told from these bytes alone: where a chunk ends with the frame,
 * the engine judges them, by the same measure, and the verdict must not depend on how the bytes arrive.
 * @throws DamagedObjectError
 */
function assertBegins(rest: Buffer, kind: CompressedKind, at: number): void {
  if (detectCompression(rest) === kind) return;
  throw isCutMagic(rest, kind)
    ? new DamagedObjectError('truncated', `ends within the first bytes of a ${kind} frame at byte ${at}`)
    : new DamagedObjectError('corrupt', `bytes follow the compressed data at byte ${at}`);
}

/**
 * Feeds one decompressor, a chunk at a time: where a chunk is not taken whole, a frame has ended in it, and the next chunk must
 * not reach this engine any more, which would decode it as if nothing had come between.
 */
class EngineFeed {
  readonly engine: Engine;
  readonly #first: Buffer;
  readonly #input: AsyncIterator<Buffer>;
  #leftover: Buffer | undefined;
  /** Holds the header that the engine refused, if it refused one: within an engine a frame begins where a chunk does. */
  #latest: Buffer = Buffer.alloc(0);
  /** Compressed bytes handed to the engine. */
  #fed = 0;

  constructor(engine: Engine, first: Buffer, input: AsyncIterator<Buffer>) {
    this.engine = engine;
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
