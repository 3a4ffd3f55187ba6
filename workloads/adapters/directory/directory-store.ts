import { closeSync, constants, fstatSync, openSync, statSync, type BigIntStats } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { Crc32c } from '../../core/bytes/crc32c.ts';
import { ReadRing } from '../../core/bytes/read-ring.ts';
import {
  AlreadyExistsError,
  LogferryError,
  ObjectNotFoundError,
  SourceChangedError,
  systemCode,
  TerminalError,
} from '../../core/errors.ts';
import type {
  ListPage,
  LocalFile,
  ObjectInfo,
  ObjectStore,
  ReadOptions,
} from '../../core/ports/object-store.ts';
import { systemFailure } from '../../core/system-failure.ts';
import { makeFolder, placeDurably, STAGE_FOLDER, syncFolders } from './durable.ts';
import { readFileRange, type FileRange } from './read-file.ts';
import { isKey, walk } from './walk.ts';

/** As many keys as S3 and GCS give on a page. */
const PAGE_KEYS = 1_000;

/**
 * A directory in place of a bucket: keys are paths, an object appears whole or not at all (a hard link is the conditional create),
 * and its etag is its modification time and size. Objects that others write in place are noticed while they are read.
 */
export class DirectoryStore implements ObjectStore {
  readonly url: string;
  readonly #root: string;
  readonly #mustExist: boolean;
  /** Of checksums that are made: as many as there ever were at once. */
  readonly #rings: ReadRing[] = [];

  /** @param mustExist Whether a root that is not there is an error, and not an empty store that the first object makes. */
  constructor(root: string, { mustExist = false }: { readonly mustExist?: boolean } = {}) {
    this.#root = resolve(root);
    this.#mustExist = mustExist;
    this.url = `file:${root}`;
  }

  async list(
    prefix: string,
    { next, limit = PAGE_KEYS }: { next?: string | undefined; limit?: number } = {},
  ): Promise<ListPage> {
    if (this.#mustExist) assertFolder(this.#root, this.url);
    const objects: ObjectInfo[] = [];
    for await (const key of walk(this.#root, prefix, next)) {
      if (objects.length === limit) return { objects, next: objects.at(-1)!.key };
      const info = this.#info(key);
      // Deleted between the directory's listing and the look at it: as if it had been deleted before.
      if (info !== undefined) objects.push(info);
    }
    return { objects };
  }

  async head(key: string): Promise<(ObjectInfo & { crc32c: string }) | undefined> {
    const info = this.#info(key);
    if (info === undefined) return undefined;
    const crc = new Crc32c();
    const ring = this.#rings.pop() ?? new ReadRing();
    for await (const chunk of await this.read(key, { etag: info.etag, ring })) crc.update(chunk as Buffer);
    this.#rings.push(ring);
    return { ...info, crc32c: crc.digest() };
  }

  async read(key: string, { etag, start = 0, end, ring }: ReadOptions = {}): Promise<Readable> {
    const { fd, stats } = this.#open(key);
    const before = etagOf(stats);
    if (!stats.isFile() || (etag !== undefined && etag !== before)) {
      closeSync(fd);
      throw stats.isFile() ? this.#changed(key, etag ?? before, before) : this.#missing(key);
    }
    if (end !== undefined && end <= start) {
      closeSync(fd);
      return Readable.from([]);
    }
    const size = Number(stats.size);
    return Readable.from(this.#verified(key, etag, fd, { start, end, size, ring }), {
      objectMode: false,
      // One chunk is read ahead, however short reads are: a ring has no room for more.
      highWaterMark: 1,
      // A reader that gives up before the first byte never starts the generator, which then closes nothing.
    }).once('close', () => closeSync(fd));
  }

  async create(key: string, file: LocalFile): Promise<void> {
    const target = this.locate(key);
    if (this.#info(key)) throw this.#exists(key);
    try {
      // Before the stage folder, which would make the root without a sync.
      const parents = makeFolder(dirname(target));
      await placeDurably(this.#root, file, target, parents);
      await syncFolders([dirname(target)]);
    } catch (error) {
      if (systemCode(error) === 'EEXIST' && this.#info(key)) throw this.#exists(key, error);
      throw this.#failed(key, 'create', error);
    }
  }

  locate(key: string): string {
    if (!isKey(key)) {
      throw new TerminalError(
        `Object "${key}": expected a key without empty, "." or ".." parts and outside ${STAGE_FOLDER}/ in ${this.url}`,
      );
    }
    return join(this.#root, key);
  }

  #open(key: string): { readonly fd: number; readonly stats: BigIntStats } {
    let fd: number | undefined;
    try {
      // A pipe in an object's place would keep everybody waiting for whoever writes into it.
      fd = openSync(this.locate(key), constants.O_RDONLY | constants.O_NONBLOCK);
      return { fd, stats: fstatSync(fd, { bigint: true }) };
    } catch (error) {
      if (fd !== undefined) closeSync(fd);
      throw this.#explained(key, 'read', error);
    }
  }

  #info(key: string): ObjectInfo | undefined {
    try {
      const stats = statSync(this.locate(key), { bigint: true });
      return stats.isFile() ? { key, etag: etagOf(stats), size: Number(stats.size) } : undefined;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw this.#explained(key, 'look at', error);
    }
  }

  /** A writer may change the file in place while it is read: what was given out then is of no version at all. */
  async *#verified(
    key: string,
    etag: string | undefined,
    fd: number,
    range: FileRange,
  ): AsyncGenerator<Buffer> {
    try {
      yield* readFileRange(fd, range);
    } catch (error) {
      throw this.#explained(key, 'read', error);
    }
    if (etag === undefined) return;
    const after = this.#info(key);
    if (after === undefined) throw this.#missing(key);
    if (after.etag !== etag) throw this.#changed(key, etag, after.etag);
  }

  #missing(key: string, cause?: unknown): ObjectNotFoundError {
    return new ObjectNotFoundError(`Object ${this.url}/${key} is not there`, {
      context: { object: key },
      cause,
    });
  }

  #exists(key: string, cause?: unknown): AlreadyExistsError {
    return new AlreadyExistsError(`Object ${this.url}/${key} exists`, { context: { object: key }, cause });
  }

  #changed(key: string, expected: string, found: string): SourceChangedError {
    return new SourceChangedError(
      `Object ${this.url}/${key} changed while it was read: expected ${expected}, found ${found}`,
      {
        context: { object: key },
      },
    );
  }

  #explained(key: string, doing: string, error: unknown): LogferryError {
    return isAbsent(error) ? this.#missing(key, error) : this.#failed(key, doing, error);
  }

  #failed(key: string, doing: string, error: unknown): LogferryError {
    return systemFailure(`Object ${this.url}/${key}: cannot ${doing} it`, error, {
      advice: ADVICE[systemCode(error) ?? ''] ?? 'Check the path and its permissions.',
      context: { object: key },
    });
  }
}

/** What is not mounted would else be an empty source, and every hour of it an empty hour. */
function assertFolder(root: string, url: string): void {
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new TerminalError(`Listing ${url}: expected a folder at ${root}, found none`, {
    advice: 'Check the path, and whether what it is on is mounted.',
  });
}

const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full. What needed it was not committed; make room and run again.',
  EPERM: 'The file system must support hard links: they are what makes a create all-or-nothing.',
  ENOTSUP: 'The file system must support hard links: they are what makes a create all-or-nothing.',
  EEXIST:
    'A directory holds either a file or a folder of one name; a bucket would hold both keys. Rename one.',
  ENOTDIR:
    'A directory holds either a file or a folder of one name; a bucket would hold both keys. Rename one.',
};

/** Nothing is at the path, or a file stands where the path wants a folder. */
function isAbsent(error: unknown): boolean {
  return systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR';
}

/**
 * Modification time and size: what a copy or a restore keeps. Two writes of one size within one tick of the file system's clock
 * (1 to 10 ms) are one version; logs are written once.
 */
function etagOf({ mtimeNs, size }: { mtimeNs: bigint; size: bigint }): string {
  return `${mtimeNs.toString(36)}-${size.toString(36)}`;
}
