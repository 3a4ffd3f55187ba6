import { buffer, text } from 'node:stream/consumers';
import { writeFile } from 'node:fs/promises';
import { Crc32c } from './bytes/crc32c.ts';
import { AlreadyExistsError, ObjectNotFoundError, TerminalError } from './errors.ts';
import type { FolderHour } from './hour.ts';
import { epochOfKey, manifestKey, manifestPrefix } from './layout.ts';
import { parseManifest, type Manifest } from './manifest.ts';
import type { LocalFile, ObjectInfo, ObjectStore } from './ports/object-store.ts';
import type { Scratch } from './scratch/scratch.ts';

/** All objects below a prefix, page by page. */
export async function* listObjects(store: ObjectStore, prefix: string): AsyncGenerator<ObjectInfo> {
  let next: string | undefined;
  do {
    const page = await store.list(prefix, { next });
    yield* page.objects;
    next = page.next;
  } while (next !== undefined);
}

/**
 * Publishes a local file under a key that only this content may have (its digest is in the name, or its content is a function
 * of the key). What is there already is our own of a former try, or a defect.
 * @throws TerminalError where other bytes are at the key.
 */
export async function publish(store: ObjectStore, key: string, file: LocalFile): Promise<void> {
  try {
    await store.create(key, file);
  } catch (error) {
    if (!(error instanceof AlreadyExistsError)) throw error;
    const there = await store.head(key);
    if (there?.size === file.size && there.crc32c === file.crc32c) return;
    const found = there === undefined ? 'nothing' : `${there.size} bytes with crc32c ${there.crc32c}`;
    throw new TerminalError(
      `Object ${store.url}/${key}: expected ${file.size} bytes with crc32c ${file.crc32c}, found ${found}`,
      { advice: 'Something else writes into this store. Remove the object once you know who wrote it.', context: { object: key } },
    );
  }
}

/** A small text as a local file, ready to be created as an object. */
export async function textFile(scratch: Scratch, label: string, content: string): Promise<LocalFile> {
  const path = scratch.path(label);
  const bytes = Buffer.from(content);
  const crc = new Crc32c();
  crc.update(bytes);
  scratch.claim(bytes.length);
  await writeFile(path, bytes);
  return { path, size: bytes.length, crc32c: crc.digest() };
}

/** The manifest of the highest epoch of an hour, or undefined where the hour was never classified. */
export async function latestManifest(records: ObjectStore, hour: FolderHour): Promise<Manifest | undefined> {
  let highest = 0;
  for await (const { key } of listObjects(records, manifestPrefix(hour))) highest = Math.max(highest, epochOfKey(key) ?? 0);
  return highest === 0 ? undefined : readManifest(records, hour, highest);
}

/** @throws ObjectNotFoundError where that epoch was never committed. */
export async function readManifest(records: ObjectStore, hour: FolderHour, epoch: number): Promise<Manifest> {
  const key = manifestKey(hour, epoch);
  return parseManifest(key, await text(await records.read(key)));
}

/** An object of records, whole; meant for small ones. @throws ObjectNotFoundError. */
export async function readWhole(store: ObjectStore, key: string): Promise<Buffer> {
  return buffer(await store.read(key));
}

/** Whether an error says that the object is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof ObjectNotFoundError;
}
