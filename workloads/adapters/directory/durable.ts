import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Crc32c } from '../../core/bytes/crc32c.ts';
import { TransientError } from '../../core/errors.ts';
import type { LocalFile } from '../../core/ports/object-store.ts';

/** Where objects are completed before they appear; on the same file system as the objects, and never listed. */
export const STAGE_FOLDER = '.logferry';

/** A path for an object in the making. What a killed process leaves there is never read. */
export function stagePath(root: string): string {
  return join(root, STAGE_FOLDER, `${process.pid}-${randomBytes(6).toString('hex')}`);
}

/**
 * Copies a file and waits until the disk has it: a manifest must never outlive, after a power cut, the parts that it names.
 * @throws TransientError where the copy does not have the digest that was announced, as a bucket refuses such an upload.
 */
export async function copyDurably(file: LocalFile, target: string): Promise<void> {
  await copyFile(file.path, target);
  const handle = await open(target, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  const crc = new Crc32c();
  let size = 0;
  for await (const chunk of createReadStream(target, {
    highWaterMark: 256 * 1024,
  }) as AsyncIterable<Buffer>) {
    crc.update(chunk);
    size += chunk.length;
  }
  if (size === file.size && crc.digest() === file.crc32c) return;
  throw new TransientError(
    `${file.path} as stored: expected ${file.size} bytes with crc32c ${file.crc32c}, found ${size} with ${crc.digest()}`,
    {
      advice:
        'The file changed after it was finished, or the disk returns other bytes than were written. Nothing was created.',
    },
  );
}

/** Waits until the disk has a folder's entries: a new object is there after a power cut only if its name is. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
