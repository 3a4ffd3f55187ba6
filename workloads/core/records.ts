import { text } from 'node:stream/consumers';
import { writeFile } from 'node:fs/promises';
import { Crc32c } from './bytes/crc32c.ts';
import { backoff } from './attempts.ts';
import { AlreadyExistsError, ObjectNotFoundError, TerminalError, TransientError } from './errors.ts';
import type { FolderHour } from './hour.ts';
import { epochOfKey, manifestKey, manifestPrefix } from './layout.ts';
import { parseManifest, type Manifest } from './manifest.ts';
import type { ListPage, LocalFile, ObjectInfo, ObjectStore } from './ports/object-store.ts';
import type { Scratch } from './scratch/scratch.ts';

/** How often a page of a listing is asked for before the listing fails. */
const LIST_TRIES = 4;

/** All objects below a prefix, page by page. A page that fails is asked for again: a listing is whole or an error. */
export async function* listObjects(store: ObjectStore, prefix: string): AsyncGenerator<ObjectInfo> {
  let next: string | undefined;
  do {
    const page = await listPage(store, prefix, next);
    yield* page.objects;
    next = page.next;
  } while (next !== undefined);
}

async function listPage(store: ObjectStore, prefix: string, next: string | undefined): Promise<ListPage> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await store.list(prefix, { next });
    } catch (error) {
      if (!(error instanceof TransientError) || attempt === LIST_TRIES) throw error;
      await backoff(attempt, 50, 1_000);
    }
  }
}

/**
 * Publishes a local file under a key that only this content may have (its digest is in the name, or its content is a function
 * of the key). What is there already is our own of a former try, or a defect; so is what is there after an answer was lost.
 * @throws TerminalError where other bytes are at the key.
 */
export async function publish(store: ObjectStore, key: string, file: LocalFile): Promise<void> {
  try {
    await store.create(key, file);
  } catch (error) {
    if (!mayBeThere(error)) throw error;
    const there = await store.head(key);
    if (there?.size === file.size && there.crc32c === file.crc32c) return;
    if (there === undefined && error instanceof TransientError) throw error;
    const found = there === undefined ? 'nothing' : `${there.size} bytes with crc32c ${there.crc32c}`;
    throw new TerminalError(
      `Object ${store.url}/${key}: expected ${file.size} bytes with crc32c ${file.crc32c}, found ${found}`,
      {
        advice: 'Something else writes into this store. Remove the object once you know who wrote it.',
        context: { object: key },
      },
    );
  }
}

/** Whether a create that failed so may have left the object: it was there before, or only the answer was lost. */
export function mayBeThere(error: unknown): error is AlreadyExistsError | TransientError {
  return error instanceof AlreadyExistsError || error instanceof TransientError;
}

/** A small text as a local file, ready to be created as an object. */
export async function textFile(scratch: Scratch, label: string, content: string): Promise<LocalFile> {
  const path = scratch.path(label);
  const bytes = Buffer.from(content);
  const crc = new Crc32c();
  crc.update(bytes);
  scratch.claim(bytes.length);
  await writeFile(path, bytes).catch((error: unknown) => {
    scratch.release(path, bytes.length);
    throw scratch.explain(path, error);
  });
  return { path, size: bytes.length, crc32c: crc.digest() };
}

/** The manifest of the highest epoch of an hour, or undefined where the hour was never classified. */
export async function latestManifest(records: ObjectStore, hour: FolderHour): Promise<Manifest | undefined> {
  let highest = 0;
  for await (const { key } of listObjects(records, manifestPrefix(hour)))
    highest = Math.max(highest, epochOfKey(key) ?? 0);
  return highest === 0 ? undefined : readManifest(records, hour, highest);
}

/** @throws ObjectNotFoundError where that epoch was never committed. */
export async function readManifest(records: ObjectStore, hour: FolderHour, epoch: number): Promise<Manifest> {
  const key = manifestKey(hour, epoch);
  return parseManifest(key, await readText(records, key));
}

/** A small object whole. @throws ObjectNotFoundError where nothing is at the key. */
export async function readText(store: ObjectStore, key: string): Promise<string> {
  return text(await store.read(key));
}

/** The same, or undefined where nothing is at the key. */
export async function readTextIfThere(store: ObjectStore, key: string): Promise<string | undefined> {
  try {
    return await readText(store, key);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whether an error says that the object is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof ObjectNotFoundError;
}
