import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
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
  const source = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const target = createWriteStream(sealed);
  try {
    await (compression.kind === 'gzip'
      ? pipeline(source, createGzip({ level: compression.level, chunkSize: CHUNK_BYTES }), digest, target)
      : pipeline(source, digest, target));
  } catch (error) {
    scratch.release(sealed, size);
    throw scratch.explain(sealed, error);
  } finally {
    scratch.release(path, bytes);
  }
  return { path: sealed, size, crc32c: crc.digest(), sha256: sha.digest('hex') };
}
