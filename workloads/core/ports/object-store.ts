import type { Readable } from 'node:stream';
import type { ReadRing } from '../bytes/read-ring.ts';

/** What a listing tells of an object. */
export interface ObjectInfo {
  /** Relative to the store's URL; parts are separated by `/`. */
  readonly key: string;
  /** Opaque; differs whenever the content was written anew. S3: ETag, GCS: generation, directory: mtime and size. */
  readonly etag: string;
  /** Bytes as stored (compressed). */
  readonly size: number;
}

/** One page of a listing. Pages are in UTF-8 byte order of the keys, as S3 and GCS give them. */
export interface ListPage {
  readonly objects: readonly ObjectInfo[];
  /** Hand it back for the next page; absent on the last one. */
  readonly next?: string;
}

/** A finished local file that is to become an object: its digest is known before the first byte is sent. */
export interface LocalFile {
  readonly path: string;
  /** Bytes of the file. */
  readonly size: number;
  /** CRC-32C, as GCS reports it: base64 of the big-endian value. */
  readonly crc32c: string;
  /** When the digest was taken of the bytes as they were written: what the file was right behind its last byte. */
  readonly sealed?: FileStamp;
}

/** What changes where a file is replaced or written to. */
export interface FileStamp {
  readonly device: bigint;
  readonly inode: bigint;
  /** Nanoseconds since 1970. */
  readonly modified: bigint;
}

/** What of an object is read, and how. */
export interface ReadOptions {
  readonly etag?: string;
  readonly start?: number;
  readonly end?: number;
  /**
   * Where the store may put chunks, each of which the reader is done with before it asks for the one after the next, be that of the next
   * object. Without it every chunk is the reader's to keep.
   */
  readonly ring?: ReadRing;
}

/**
 * Where objects live: S3, GCS, or a directory in their place. All implementations pass `test/contract/object-store.ts`.
 * Every method may throw TransientError (a retry can help) or TerminalError.
 */
export interface ObjectStore {
  /** As given by the user; appears in messages. */
  readonly url: string;

  /** One page of the keys below `prefix`. @throws TransientError rather than ever giving a partial page. */
  list(prefix: string, options?: { next?: string | undefined; limit?: number }): Promise<ListPage>;

  /** What is at a key now, or undefined. */
  head(key: string): Promise<(ObjectInfo & { readonly crc32c: string }) | undefined>;

  /**
   * The object's bytes, or those of `[start, end)`. With `etag`, only that version is ever delivered: an overwrite before or during the read ends the
   * stream with SourceChangedError, a deletion with ObjectNotFoundError.
   */
  read(key: string, options?: ReadOptions): Promise<Readable>;

  /**
   * Creates the object, whole or not at all, if nothing is at its key (generation 0). Bytes that do not have the announced size and
   * crc32c are refused with TransientError. The store may keep the file itself, under another name: it must not be written again.
   * @throws AlreadyExistsError where something is; it may be our own, of a try whose answer was lost.
   */
  create(key: string, file: LocalFile): Promise<void>;

  /** The local path of an object where the store is this machine's disk: lets a message or an engine name the file. */
  locate(key: string): string;
}
