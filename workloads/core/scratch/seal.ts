import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Crc32c } from '../bytes/crc32c.ts';
import type { LocalFile } from '../ports/object-store.ts';
import type { Scratch } from './scratch.ts';

/** How staged parts and set-aside files are compressed. Level 1: the hour waits for deflate more than for anything else. */
export interface Compression {
  readonly kind: 'gzip' | 'none';
  readonly level: number;
}

/** A finished file with everything that its name and the manifest say of it. */
export interface SealedFile extends LocalFile {
  /** SHA-256 of the file's bytes, hexadecimal. */
  readonly sha256: string;
}

/** 256 KiB: zlib's default of 16 KiB spends more time between JavaScript and C than in C. */
const CHUNK_BYTES = 256 * 1024;

/**
 * Buffers that a file goes round in. A fresh one for each read is garbage that V8 does not see as such: 20 MiB of it gathered before
 * they were collected. At most three are under way, for every stream between here and the disk holds back at less than one. Were one
 * ever overwritten too early, the store that the file goes to would refuse it by its CRC-32C.
 */
const RING_CHUNKS = 5;

/**
 * Compresses a scratch file into a new one, computing its digests on the way, and removes the original. Where that fails (the
 * disk is full) neither is left: the next hour may need less room.
 */
export async function seal(
  scratch: Scratch,
  path: string,
  bytes: number,
  compression: Compression,
): Promise<SealedFile> {
  const sealed = `${path}.sealed`;
  const sha = createHash('sha256');
  const crc = new Crc32c();
  let size = 0;
  const digest = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sha.update(chunk);
      crc.update(chunk);
      try {
        scratch.claim(chunk.length);
        size += chunk.length;
        done(null, chunk);
      } catch (error) {
        done(error as Error);
      }
    },
  });
  const target = createWriteStream(sealed);
  try {
    await (compression.kind === 'gzip'
      ? pipeline(
          bytesOf(path),
          createGzip({ level: compression.level, chunkSize: CHUNK_BYTES }),
          digest,
          target,
        )
      : pipeline(bytesOf(path), digest, target));
  } catch (error) {
    scratch.release(sealed, size);
    throw scratch.explain(sealed, error);
  } finally {
    scratch.release(path, bytes);
  }
  return { path: sealed, size, crc32c: crc.digest(), sha256: sha.digest('hex') };
}

/** A file's bytes, for one pipeline and nothing else: a chunk is overwritten some chunks later. */
async function* bytesOf(path: string): AsyncGenerator<Buffer> {
  const ring: Buffer[] = [];
  const handle = await open(path, 'r');
  try {
    for (let turn = 0; ; turn++) {
      const chunk = (ring[turn % RING_CHUNKS] ??= Buffer.allocUnsafeSlow(CHUNK_BYTES));
      const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES);
      if (bytesRead === 0) return;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
