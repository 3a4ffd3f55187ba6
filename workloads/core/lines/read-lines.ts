import { decode, type Origin } from '../compression/decode.ts';
import { ConservationError } from '../errors.ts';
import type { Scratch } from '../scratch/scratch.ts';
import { LineSplitter, type LineHandler, type RunTaker } from './splitter.ts';

/** What one object held. */
export interface LinesRead {
  readonly lines: number;
  /** Decompressed bytes. */
  readonly bytes: number;
}

/**
 * Decompresses an object and hands out its lines, those that `runs` takes in blocks. After each block `pause` is awaited: the reader never runs ahead of a writer.
 * @throws DamagedObjectError after lines may have been handed out; ConservationError where bytes in and lines out differ.
 */
export async function readLines(
  source: AsyncIterable<Buffer>,
  origin: Origin,
  scratch: Scratch,
  handler: LineHandler,
  pause: (bytes: number) => Promise<void> | void = () => undefined,
  runs?: RunTaker,
): Promise<LinesRead> {
  const splitter = new LineSplitter(scratch, handler, runs);
  let bytes = 0;
  try {
    for await (const chunk of decode(source, origin)) {
      bytes += chunk.length;
      splitter.push(chunk);
      await pause(chunk.length);
    }
    splitter.end();
  } finally {
    splitter.discard();
  }
  if (splitter.bytes !== bytes) {
    throw new ConservationError(`Lines: expected ${bytes} bytes in lines, found ${splitter.bytes}`);
  }
  return { lines: splitter.lines, bytes };
}
