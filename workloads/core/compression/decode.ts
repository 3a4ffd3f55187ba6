import { giveBack, giveBackWhole } from '../bytes/give-back.ts';
import { DamagedObjectError } from './damage.ts';
import { EngineFeed, readHead } from './engine-feed.ts';
import { detectCompression, isCutMagic, type CompressedKind } from './magic.ts';

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
    const feed: EngineFeed = new EngineFeed(kind, rest, input);
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
