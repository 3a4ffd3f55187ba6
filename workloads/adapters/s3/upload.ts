import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { Crc32c } from '../../core/bytes/crc32c.ts';
import { TerminalError, TransientError, type LogferryError } from '../../core/errors.ts';
import type { LocalFile } from '../../core/ports/object-store.ts';
import { systemFailure } from '../../core/system-failure.ts';

/** "Upload an object in a single operation ... up to 5 GB" (S3 user guide). */
export const MAX_PUT_BYTES = 5 * 1024 ** 3;
const CHUNK_BYTES = 256 * 1024;

/** @throws TransientError where the file is not as long as announced; TerminalError where it is gone or too long for S3. */
export async function assertUploadable(file: LocalFile): Promise<void> {
  if (file.size > MAX_PUT_BYTES) {
    throw new TerminalError(
      `${file.path}: expected at most 5 GiB for one object in S3, found ${file.size} bytes`,
      {
        advice: 'Make parts smaller (--part-size).',
      },
    );
  }
  const found = await stat(file.path).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  if (found.size !== file.size) throw altered(file, `${found.size} bytes`);
}

/** One PUT of a whole file where nothing is yet. */
export async function putFile(
  client: S3Client,
  at: { readonly Bucket: string; readonly Key: string },
  file: LocalFile,
): Promise<void> {
  const end = new AbortController();
  const local: { fault?: Error } = {};
  const stream = uploadStream(file, (fault) => {
    local.fault = fault;
    end.abort();
  });
  try {
    const command = new PutObjectCommand({
      ...at,
      Body: file.size === 0 ? EMPTY : stream,
      ContentLength: file.size,
      ChecksumCRC32C: file.crc32c,
      IfNoneMatch: '*',
    });
    await client.send(command, { abortSignal: end.signal });
  } catch (error) {
    throw local.fault ?? error;
  } finally {
    // A key that is taken is told before the body was sent: the request would stay open for it.
    end.abort();
    stream.destroy();
  }
}

const EMPTY = Buffer.alloc(0);

/**
 * The file's bytes, held against what was announced. The last chunk is given out only once all of them are right: an upload of
 * other bytes never comes to its end, whatever the service checks.
 * @param onError Told of what ends the stream early: the SDK does not listen, and would wait for bytes that never come.
 */
function uploadStream(file: LocalFile, onError: (error: Error) => void): Readable {
  const bytes = Readable.from(verified(file), { objectMode: false, highWaterMark: CHUNK_BYTES });
  return bytes.on('error', onError);
}

async function* verified(file: LocalFile): AsyncGenerator<Buffer> {
  const crc = new Crc32c();
  let size = 0;
  let held: Buffer | undefined;
  try {
    for await (const chunk of createReadStream(file.path, {
      highWaterMark: CHUNK_BYTES,
    }) as AsyncIterable<Buffer>) {
      crc.update(chunk);
      size += chunk.length;
      if (size > file.size) break;
      if (held !== undefined) yield held;
      held = chunk;
    }
  } catch (error) {
    throw unreadable(file, error);
  }
  const found = crc.digest();
  if (size !== file.size || found !== file.crc32c) throw altered(file, `${size} bytes with ${found}`);
  if (held !== undefined) yield held;
}

function altered({ path, size, crc32c }: LocalFile, found: string): TransientError {
  return new TransientError(`${path}: expected ${size} bytes with crc32c ${crc32c}, found ${found}`, {
    advice:
      'The file changed after it was finished, or the disk returns other bytes than were written. Nothing was created.',
  });
}

function unreadable({ path }: LocalFile, error: unknown): LogferryError {
  return systemFailure(`${path}: cannot read it to upload it`, error, {
    advice: 'Something removed a file of the scratch folder. Nothing was created: run again.',
  });
}
