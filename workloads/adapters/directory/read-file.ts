import { readSync } from 'node:fs';

/** As much as is read at a time; smaller pieces spend more on calls than on bytes. */
export const CHUNK_BYTES = 256 * 1024;

/**
 * Buffers that transient chunks go round in: one is with the reader, one was read ahead, one is being filled, and one more for a
 * reader that looks back at the last chunk's end. A fresh one each time is garbage that V8 does not see as such: 20 MiB gathered.
 */
const RING_CHUNKS = 4;

/** A file may have grown since it was opened: at its end one more read asks. */
const PROBE_BYTES = 4 * 1024;

/** A range of a file's bytes. */
export interface FileRange {
  readonly start: number;
  /** Past the last one; undefined = to the file's end. */
  readonly end: number | undefined;
  /** Bytes of the file when it was opened. */
  readonly size: number;
  /** Whether a chunk may be overwritten once the next but one is asked for. */
  readonly transient: boolean;
}

/**
 * The bytes of a range in chunks. The file stays open. Each chunk is read on this thread: the kernel reads ahead, and a turn through
 * libuv's pool costs twice as much as the copy from the page cache.
 */
export function* readFileRange(fd: number, { start, end, size, transient }: FileRange): Generator<Buffer> {
  const ring: Buffer[] = [];
  let at = start;
  for (let turn = 0; end === undefined || at < end; turn++) {
    const place = transient ? turn % RING_CHUNKS : turn;
    // No larger than what is left: of many small objects, whole chunks would be garbage that V8 does not see as such.
    const left = Math.max(size - at, PROBE_BYTES);
    const chunk = ring[place] ?? Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, left));
    if (transient) ring[place] = chunk;
    const wanted = end === undefined ? chunk.length : Math.min(chunk.length, end - at);
    const bytesRead = readSync(fd, chunk, 0, wanted, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}
