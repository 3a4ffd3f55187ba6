import { randomBytes } from 'node:crypto';
import { copyFile, link, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Crc32c } from '../../core/bytes/crc32c.ts';
import { systemCode, TransientError } from '../../core/errors.ts';
import type { LocalFile } from '../../core/ports/object-store.ts';
import { OWNER, OWNER_PATTERN } from '../../core/scratch/owner.ts';
import { sweep } from '../../core/scratch/sweep.ts';
import { readFileRange } from './read-file.ts';

/** Where objects are completed before they appear; on the same file system as the objects, and never listed. */
export const STAGE_FOLDER = '.logferry';

const STAGED_NAME = new RegExp(`^${OWNER_PATTERN}-[0-9a-f]{12}$`);
const swept = new Set<string>();

/**
 * A path for an object in the making. What a killed process leaves there is never read, and removed by a later one: of another
 * host, too, once it is a day old, for an object is in the making no longer than its copy takes.
 */
export async function stagePath(root: string): Promise<string> {
  const folder = join(root, STAGE_FOLDER);
  await mkdir(folder, { recursive: true });
  if (!swept.has(folder)) {
    swept.add(folder);
    await sweep(folder, STAGED_NAME, { kind: 'file', anyHost: true });
  }
  return join(folder, `${OWNER}-${randomBytes(6).toString('hex')}`);
}

/** Makes a folder and those above it, and waits until the disk has the names of those that it made. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  // The last one's own entries are synced once an object is in it.
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

/** Another file system, one without links, or a file that has as many as it may. */
const UNLINKABLE: readonly (string | undefined)[] = ['EXDEV', 'EPERM', 'ENOTSUP', 'EMLINK'];

/**
 * Takes a file's bytes, by its inode where that can be, and waits until the disk has them: a manifest must never outlive, after a
 * power cut, the parts that it names.
 * @throws TransientError where what is there does not have the digest that was announced, as a bucket refuses such an upload.
 */
export async function takeDurably(file: LocalFile, target: string): Promise<void> {
  await link(file.path, target).catch((error: unknown) => {
    if (UNLINKABLE.includes(systemCode(error))) return copyFile(file.path, target);
    throw error;
  });
  const crc = new Crc32c();
  let size = 0;
  const handle = await open(target, 'r+');
  try {
    await handle.sync();
    for await (const chunk of readFileRange(handle, { start: 0, end: undefined, transient: true })) {
      crc.update(chunk);
      size += chunk.length;
    }
  } finally {
    await handle.close();
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
