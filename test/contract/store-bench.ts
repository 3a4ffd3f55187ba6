import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { LocalFile, ObjectInfo, ObjectStore } from '../../workloads/core/ports/object-store.ts';
import { itIf } from '../support/skip.ts';
import { crc32cBase64 } from './crc32c-reference.ts';

/** A store, and the means by which others change what is in it: a producer knows nothing of logferry. */
export interface StoreBench {
  readonly store: ObjectStore;
  readonly put: (key: string, bytes: Buffer) => Promise<void>;
  /** Replaces an object by another version of it, as this kind of store's producers do. */
  readonly overwrite: (key: string, bytes: Buffer) => Promise<void>;
  readonly remove: (key: string) => Promise<void>;
}

/** What a kind of store cannot do, each with the reason; the tests of it are skipped aloud. */
export type StoreDifferences = Readonly<Partial<Record<'nestedKeys' | 'emptyParts' | 'rewritten', string>>>;

/** What every part of the contract is given. */
export interface StoreContract {
  readonly make: () => Promise<StoreBench>;
  readonly differences: StoreDifferences;
  /** A finished local file with the given bytes. */
  readonly local: (bytes: Buffer) => LocalFile;
}

/** A test of what only some kinds of stores can do. */
export function itUnless(reason: string | undefined): ReturnType<typeof itIf> {
  return itIf(reason === undefined, reason ?? '');
}

/** Makes local files in a folder; their digests are computed here, not by the product. */
export function localFiles(folder: string): (bytes: Buffer) => LocalFile {
  let count = 0;
  return (bytes) => {
    const path = join(folder, `local-${count++}`);
    writeFileSync(path, bytes);
    return { path, size: bytes.length, crc32c: crc32cBase64(bytes) };
  };
}

/** All keys below a prefix, in the order of the pages. */
export async function allKeys(store: ObjectStore, prefix: string, limit?: number): Promise<string[]> {
  return (await allObjects(store, prefix, limit)).map(({ key }) => key);
}

export async function allObjects(store: ObjectStore, prefix: string, limit?: number): Promise<ObjectInfo[]> {
  const objects: ObjectInfo[] = [];
  let next: string | undefined;
  for (let page = 0; ; page++) {
    assert.ok(page < 5_000, 'the pages of the listing do not end');
    const answer = await store.list(prefix, {
      ...(next === undefined ? {} : { next }),
      ...(limit === undefined ? {} : { limit }),
    });
    assert.ok(answer.objects.length <= (limit ?? 1_000), `a page of ${answer.objects.length} keys`);
    objects.push(...answer.objects);
    next = answer.next;
    if (next === undefined) return objects;
  }
}

export async function readText(
  store: ObjectStore,
  key: string,
  options?: Parameters<ObjectStore['read']>[1],
): Promise<string> {
  return (await buffer(await store.read(key, options))).toString();
}

/** The etag of an object that is there. */
export async function etagOf(store: ObjectStore, key: string): Promise<string> {
  const head = await store.head(key);
  assert.ok(head, `expected an object at ${key}`);
  return head.etag;
}

/** Larger than any buffer on the way, and no two blocks of it are equal. */
export function large(megabytes: number, seed: number): Buffer {
  const bytes = Buffer.allocUnsafe(megabytes * 1024 * 1024);
  for (let at = 0; at < bytes.length; at += 4)
    bytes.writeUInt32LE(Math.imul(at + seed, 2_654_435_761) >>> 0, at);
  return bytes;
}
