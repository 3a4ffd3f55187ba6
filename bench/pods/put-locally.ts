import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SourceObject } from './hour.ts';

/** Puts an object into a source that is a folder. */
export function putLocally(folder: string, { key, body }: SourceObject): void {
  const path = join(folder, key);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, body);
}
