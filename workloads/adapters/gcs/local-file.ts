import { open } from 'node:fs/promises';
import { Crc32c } from '../../core/bytes/crc32c.ts';
import { TransientError, type LogferryError } from '../../core/errors.ts';
import type { LocalFile } from '../../core/ports/object-store.ts';
import { systemFailure } from '../../core/system-failure.ts';

const CHUNK_BYTES = 64 * 1024;

/**
 * Buffers that an upload goes round in. Fresh ones for each read cost 9 MiB more at the peak and a third more CPU. At most 8 are under
 * way: every stream between here and the socket holds back at 64 KiB. Were one ever overwritten too early, GCS would refuse the
 * object by its crc32c.
 */
const RING_CHUNKS = 16;

/**
 * Reads the file once before anything of it is sent: an emulator may not compare digests, and a resumed upload sends a part only.
 * @throws TransientError where it is not what was announced; TerminalError where it cannot be read.
 */
export async function assertAsAnnounced(file: LocalFile): Promise<void> {
  const crc = new Crc32c();
  let size = 0;
  try {
    const handle = await open(file.path, 'r');
    // One buffer for all: of a fresh one for each read, 30 MiB gather before they are collected.
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    try {
      for (;;) {
        const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, size);
        if (bytesRead === 0) break;
        crc.update(chunk.subarray(0, bytesRead));
        size += bytesRead;
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(file, error);
  }
  const found = crc.digest();
  if (size === file.size && found === file.crc32c) return;
  throw new TransientError(
    `${file.path}: expected ${file.size} bytes with crc32c ${file.crc32c}, found ${size} with ${found}`,
    {
      advice:
        'The file changed after it was finished, or the disk returns other bytes than were written. Nothing was created.',
    },
  );
}

/**
 * The file's bytes from `start` on, for a request's body and nothing else: a chunk is overwritten some chunks later.
 * @param alive Called for each chunk.
 */
export async function* fileBytes(file: LocalFile, start: number, alive: () => void): AsyncGenerator<Buffer> {
  if (start >= file.size) return;
  const ring = Array.from({ length: RING_CHUNKS }, () => Buffer.allocUnsafeSlow(CHUNK_BYTES));
  try {
    const handle = await open(file.path, 'r');
    try {
      // Not beyond what was announced: a file that grows would break the request's length.
      for (let at = start, turn = 0; at < file.size; turn++) {
        const chunk = ring[turn % RING_CHUNKS]!;
        const { bytesRead } = await handle.read(chunk, 0, Math.min(CHUNK_BYTES, file.size - at), at);
        if (bytesRead === 0) return;
        at += bytesRead;
        alive();
        yield chunk.subarray(0, bytesRead);
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable({ path }: LocalFile, error: unknown): LogferryError {
  return systemFailure(`${path}: cannot read it to upload it`, error, {
    advice: 'Something removed a file of the scratch folder. Nothing was created: run again.',
  });
}
