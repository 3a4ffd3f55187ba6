import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbandoned } from './owner.ts';

/**
 * Removes what killed processes left in a folder; a crash loop would fill the disk.
 * @param pattern The whole name of what may be removed; its first group is the owner.
 * Errors are passed over: what cannot be removed now hinders nobody, and another process may be removing it.
 */
export async function sweep(
  folder: string,
  pattern: RegExp,
  { kind, anyHost }: { kind: 'file' | 'folder'; anyHost: boolean },
): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const owner = pattern.exec(name)?.[1];
    if (owner === undefined) continue;
    const path = join(folder, name);
    try {
      const stats = await lstat(path);
      if (!(kind === 'file' ? stats.isFile() : stats.isDirectory())) continue;
      if (isAbandoned(owner, stats.mtime, { anyHost })) await rm(path, { recursive: true, force: true });
    } catch {
      continue;
    }
  }
}
