import { createReadStream } from 'node:fs';
import { link, mkdir, open, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { Crc32c } from '../../core/bytes/crc32c.ts';
import { AlreadyExistsError, ObjectNotFoundError, SourceChangedError, systemCode, TerminalError } from '../../core/errors.ts';
import type { ListPage, LocalFile, ObjectInfo, ObjectStore } from '../../core/ports/object-store.ts';
import { copyDurably, STAGE_FOLDER, stagePath } from './durable.ts';
import { walk } from './walk.ts';

/** As many keys as S3 and GCS give on a page. */
const PAGE_KEYS = 1_000;

/**
 * A directory in place of a bucket: keys are paths, an object appears whole or not at all (a hard link is the conditional create),
 * and its etag is its modification time and size. Objects that others write in place are noticed while they are read.
 */
export class DirectoryStore implements ObjectStore {
  readonly url: string;
  readonly #root: string;

  constructor(root: string) {
    this.#root = resolve(root);
    this.url = `file:${root}`;
  }

  async list(prefix: string, { next, limit = PAGE_KEYS }: { next?: string | undefined; limit?: number } = {}): Promise<ListPage> {
    const objects: ObjectInfo[] = [];
    for await (const key of walk(this.#root, prefix, next)) {
      if (objects.length === limit) return { objects, next: objects.at(-1)!.key };
      const info = await this.#info(key);
      // Deleted between the directory's listing and the look at it: as if it had been deleted before.
      if (info !== undefined) objects.push(info);
    }
    return { objects };
  }

  async head(key: string): Promise<(ObjectInfo & { crc32c: string }) | undefined> {
    const info = await this.#info(key);
    if (info === undefined) return undefined;
    const crc = new Crc32c();
    for await (const chunk of await this.read(key, { etag: info.etag })) crc.update(chunk as Buffer);
    return { ...info, crc32c: crc.digest() };
  }

  async read(key: string, { etag, start, end }: { etag?: string; start?: number; end?: number } = {}): Promise<Readable> {
    const file = await open(this.locate(key), 'r').catch((error: unknown) => this.#explain(key, 'read', error));
    const before = etagOf(await file.stat({ bigint: true }));
    if (etag !== undefined && etag !== before) {
      await file.close();
      throw this.#changed(key, etag, before);
    }
    const bytes = createReadStream('', {
      fd: file,
      highWaterMark: 256 * 1024,
      ...(start === undefined ? {} : { start }),
      ...(end === undefined ? {} : { end: end - 1 }),
    });
    if (etag === undefined) return bytes;
    // A writer may change the file in place while it is read: what was given out then is of no version at all.
    const verified = async function* (store: DirectoryStore): AsyncGenerator<Buffer> {
      for await (const chunk of bytes) yield chunk as Buffer;
      const after = await store.#info(key);
      if (after?.etag !== etag) throw store.#changed(key, etag, after?.etag ?? 'nothing');
    };
    return Readable.from(verified(this), { objectMode: false, highWaterMark: 256 * 1024 });
  }

  async create(key: string, file: LocalFile): Promise<void> {
    const target = this.locate(key);
    if (await this.#info(key)) throw new AlreadyExistsError(`Object ${this.url}/${key} exists`, { context: { object: key } });
    const staged = stagePath(this.#root);
    try {
      await mkdir(dirname(staged), { recursive: true });
      await mkdir(dirname(target), { recursive: true });
      await copyDurably(file, staged);
      await link(staged, target);
    } catch (error) {
      return await this.#explain(key, 'create', error);
    } finally {
      await unlink(staged).catch(() => undefined);
    }
  }

  locate(key: string): string {
    const path = join(this.#root, key);
    if (key.startsWith(`${STAGE_FOLDER}/`) || key.split('/').some((part) => part === '..' || part === '.' || part === '')) {
      throw new TerminalError(`Object "${key}": expected a key without empty, "." or ".." parts in ${this.url}`);
    }
    return path;
  }

  async #info(key: string): Promise<ObjectInfo | undefined> {
    try {
      const stats = await stat(this.locate(key), { bigint: true });
      return stats.isFile() ? { key, etag: etagOf(stats), size: Number(stats.size) } : undefined;
    } catch (error) {
      if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined;
      return this.#explain(key, 'look at', error);
    }
  }

  #changed(key: string, expected: string, found: string): SourceChangedError {
    return new SourceChangedError(`Object ${this.url}/${key} changed while it was read: expected ${expected}, found ${found}`, {
      context: { object: key },
    });
  }

  #explain(key: string, doing: string, error: unknown): Promise<never> {
    const code = systemCode(error);
    const context = { object: key };
    if (code === 'ENOENT') return Promise.reject(new ObjectNotFoundError(`Object ${this.url}/${key} is not there`, { context, cause: error }));
    if (code === 'EEXIST') return Promise.reject(new AlreadyExistsError(`Object ${this.url}/${key} exists`, { context, cause: error }));
    const advice =
      code === 'ENOSPC'
        ? 'The disk is full. Nothing was committed; make room and run again.'
        : code === 'EPERM' || code === 'ENOTSUP'
          ? 'The file system must support hard links: they are what makes a create all-or-nothing.'
          : 'Check the path and its permissions.';
    return Promise.reject(
      new TerminalError(`Object ${this.url}/${key}: cannot ${doing} it (${code ?? String(error)})`, { advice, context, cause: error }),
    );
  }
}

/** Nanoseconds: two writes within a millisecond are two versions. */
function etagOf({ mtimeNs, size }: { mtimeNs: bigint; size: bigint }): string {
  return `${mtimeNs.toString(36)}-${size.toString(36)}`;
}
