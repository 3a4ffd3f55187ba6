import type { Dirent } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { compareUtf8 } from '../../core/digest.ts';
import { systemCode, TerminalError } from '../../core/errors.ts';
import { systemFailure } from '../../core/system-failure.ts';
import { STAGE_FOLDER } from './durable.ts';

/**
 * The keys below a prefix in the byte order of whole keys, as a bucket lists them: `a/b` comes before `a0` because `/` does.
 * @param after Only keys behind this one.
 */
export async function* walk(root: string, prefix: string, after?: string): AsyncGenerator<string> {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  // No key has empty, "." or ".." parts or lies in the stage folder, so nothing is below such a prefix.
  if (folder !== '' && !isKey(folder.slice(0, -1))) return;
  yield* walkFolder(root, folder, prefix, after);
}

async function* walkFolder(
  root: string,
  folder: string,
  prefix: string,
  after: string | undefined,
): AsyncGenerator<string> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return [];
    throw systemFailure(`Listing ${join(root, folder)} failed`, error, {
      advice:
        'Check the path and its permissions. A listing is never taken for whole when a part of it failed.',
    });
  });
  const keys: { key: string; directory: boolean }[] = [];
  for (const entry of entries) {
    if (folder === '' && entry.name === STAGE_FOLDER) continue;
    const directory = await isDirectory(root, folder, entry);
    keys.push({ key: `${folder}${entry.name}${directory ? '/' : ''}`, directory });
  }
  keys.sort((a, b) => compareUtf8(a.key, b.key));
  for (const { key, directory } of keys) {
    if (key.includes('\uFFFD'))
      throw new TerminalError(`Listing ${root}: the name of ${key} is not UTF-8`, {
        advice: 'Rename the file.',
      });
    if (!key.startsWith(prefix) && !(directory && prefix.startsWith(key))) continue;
    if (directory) {
      if (after === undefined || after.startsWith(key) || compareUtf8(key, after) > 0)
        yield* walkFolder(root, key, prefix, after);
    } else if (after === undefined || compareUtf8(key, after) > 0) {
      yield key;
    }
  }
}

/** A link to a folder is walked like one: passing it over would lose its lines, and so would one that leads nowhere. */
async function isDirectory(root: string, folder: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  const path = join(root, folder, entry.name);
  const target = await stat(path).catch(async (error: unknown) => {
    const removed = await lstat(path).then(
      () => false,
      () => true,
    );
    if (removed) return undefined;
    throw systemFailure(`Listing ${join(root, folder)}: the link ${entry.name} cannot be followed`, error, {
      advice: 'Mend or remove the link. A listing is never taken for whole when a part of it failed.',
    });
  });
  return target?.isDirectory() ?? false;
}

/** Whether a text can be the key of an object in a directory. */
export function isKey(text: string): boolean {
  const parts = text.split('/');
  return (
    parts[0] !== STAGE_FOLDER &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0'))
  );
}
