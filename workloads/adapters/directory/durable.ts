import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, fsync, linkSync, mkdirSync, openSync, readSync } from 'node:fs';
import { copyFile, mkdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Crc32c } from '../../core/bytes/crc32c.ts';
import { giveBack } from '../../core/bytes/give-back.ts';
import { systemCode, TransientError } from '../../core/errors.ts';
import type { LocalFile } from '../../core/ports/object-store.ts';
import { OWNER, OWNER_PATTERN } from '../../core/scratch/owner.ts';
import { sweep } from '../../core/scratch/sweep.ts';
import { CHUNK_BYTES } from './read-file.ts';

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
  await sweepOnce(folder);
  return join(folder, `${OWNER}-${randomBytes(6).toString('hex')}`);
}

async function sweepOnce(folder: string): Promise<void> {
  if (swept.has(folder)) return;
  swept.add(folder);
  await sweep(folder, STAGED_NAME, { kind: 'file', anyHost: true });
}

/**
 * Makes a folder and those above it.
 * @returns The folders that have new ones in them: an object is there after a power cut only if they are synced.
 */
export function makeFolder(folder: string): string[] {
  const first = mkdirSync(folder, { recursive: true });
  const parents: string[] = [];
  if (first === undefined) return parents;
  // The last one's own entries are synced once an object is in it.
  for (let made = folder; made.length >= first.length; made = dirname(made)) parents.push(dirname(made));
  return parents;
}

/** Another file system, one without links, or a file that has as many as it may. */
const UNLINKABLE: readonly (string | undefined)[] = ['EXDEV', 'EPERM', 'ENOTSUP', 'EMLINK'];

/**
 * Gives a finished file an object's path, by a link to it or, where that cannot be, to a copy. The path appears with all bytes on the
 * disk, or not at all: a manifest must never outlive, after a power cut, the parts that it names.
 * What takes the kernel microseconds is asked on this thread: a turn through libuv's pool would cost several times as much.
 * @param root Of the store: a copy is made on its file system. @param parents Folders that have new ones in them, the target's among
 * these: they are on the disk before the path appears.
 * @throws TransientError where what is there does not have the digest that was announced, as a bucket refuses such an upload; EEXIST
 * where something is at the path.
 */
export async function placeDurably(
  root: string,
  file: LocalFile,
  target: string,
  parents: readonly string[],
): Promise<void> {
  await sweepOnce(join(root, STAGE_FOLDER));
  // At once: the disk is waited for once, and not for each.
  await Promise.all([syncFolders(parents), assertOnDisk(file.path, file)]);
  try {
    linkSync(file.path, target);
    return;
  } catch (error) {
    if (!UNLINKABLE.includes(systemCode(error))) throw error;
  }
  const staged = await stagePath(root);
  try {
    await copyFile(file.path, staged);
    await assertOnDisk(staged, file);
    linkSync(staged, target);
  } finally {
    await unlink(staged).catch(() => undefined);
  }
}

/** Waits for the disk. @throws TransientError where the file is not what was announced. */
async function assertOnDisk(path: string, announced: LocalFile): Promise<void> {
  const fd = openSync(path, 'r+');
  try {
    await sync(fd);
    if (isAsSealed(fd, announced)) return;
    const { size, crc32c } = digestOf(fd);
    if (size === announced.size && crc32c === announced.crc32c) return;
    throw new TransientError(
      `${path} as stored: expected ${announced.size} bytes with crc32c ${announced.crc32c}, found ${size} with ${crc32c}`,
      {
        advice:
          'The file changed after it was finished, or the disk returns other bytes than were written. Nothing was created.',
      },
    );
  } finally {
    closeSync(fd);
  }
}

function digestOf(fd: number): Pick<LocalFile, 'size' | 'crc32c'> {
  const crc = new Crc32c();
  let size = 0;
  const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  try {
    for (let read = -1; read !== 0; size += read) {
      read = readSync(fd, chunk, 0, CHUNK_BYTES, size);
      crc.update(chunk.subarray(0, read));
    }
  } finally {
    giveBack(chunk);
  }
  return { size, crc32c: crc.digest() };
}

/** Whether nobody touched the file since its digest was taken: a link moves no byte, so there is nothing that reading it could show. */
function isAsSealed(fd: number, { sealed, size }: LocalFile): boolean {
  if (sealed === undefined) return false;
  const found = fstatSync(fd, { bigint: true });
  return (
    found.dev === sealed.device &&
    found.ino === sealed.inode &&
    found.mtimeNs === sealed.modified &&
    found.size === BigInt(size)
  );
}

/** Waits until the disk has folders' entries: a new object is there after a power cut only if its name is. */
export async function syncFolders(folders: readonly string[]): Promise<void> {
  await Promise.all(folders.map(syncFolder));
}

async function syncFolder(folder: string): Promise<void> {
  const fd = openSync(folder, 'r');
  try {
    await sync(fd);
  } finally {
    closeSync(fd);
  }
}

/** The one thing here that takes the disk's time. */
function sync(fd: number): Promise<void> {
  return new Promise((resolve, reject) => fsync(fd, (error) => (error === null ? resolve() : reject(error))));
}
