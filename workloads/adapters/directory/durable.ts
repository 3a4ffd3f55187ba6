import { randomBytes } from 'node:crypto';
import { copyFile, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalFile } from '../../core/ports/object-store.ts';

/** Where objects are completed before they appear; on the same file system as the objects, and never listed. */
export const STAGE_FOLDER = '.logferry';

/** A path for an object in the making. What a killed process leaves there is never read. */
export function stagePath(root: string): string {
  return join(root, STAGE_FOLDER, `${process.pid}-${randomBytes(6).toString('hex')}`);
}

/** Copies a file and waits until the disk has it: a manifest must never outlive, after a power cut, the parts that it names. */
export async function copyDurably(file: LocalFile, target: string): Promise<void> {
  await copyFile(file.path, target);
  const handle = await open(target, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
