import { readSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import type { ReadRing } from '../../core/bytes/read-ring.ts';

/** As much as is read at a time; smaller pieces spend more on calls than on bytes. */
export const CHUNK_BYTES = 256 * 1024;

/** A file may have grown since it was opened: at its end one more read asks. So small that Node takes it from the pool that all share. */
const PROBE_BYTES = 1024;

/** A range of a file's bytes. */
export interface FileRange {
  readonly start: number;
  /** Past the last one; undefined = to the file's end. */
  readonly end: number | undefined;
  /** Bytes of the file when it was opened. */
  readonly size: number;
  /** The reader's buffers; undefined where each chunk is its to keep. */
  readonly ring: ReadRing | undefined;
}

/**
 * The bytes of a range in chunks. The file stays open. Each chunk is read on this thread: the kernel reads ahead, and a way through
 * libuv's pool costs twice as much as the copy from the page cache. But what never waits never lets the event loop turn: signals would
 * not be heard before the last file's end, and what streams hold until the next turn would gather, a MB a GB. So each chunk begins with one.
 */
export async function* readFileRange(
  fd: number,
  { start, end, size, ring }: FileRange,
): AsyncGenerator<Buffer> {
  let at = start;
  while (end === undefined || at < end) {
    await turn();
    // No larger than what is left: of many small objects, whole chunks would be memory that holds nothing.
    const room = Math.min(CHUNK_BYTES, size - at);
    const chunk =
      room <= 0 ? Buffer.allocUnsafe(PROBE_BYTES) : (ring?.next(room) ?? Buffer.allocUnsafeSlow(room));
    const wanted = end === undefined ? chunk.length : Math.min(chunk.length, end - at);
    const bytesRead = readSync(fd, chunk, 0, wanted, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}
