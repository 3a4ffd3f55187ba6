import type { Readable } from 'node:stream';
import type {
  ListPage,
  LocalFile,
  ObjectInfo,
  ObjectStore,
} from '../../workloads/core/ports/object-store.ts';

/** What may be done around each call; `go` is the real call. */
export interface Faults {
  list?(prefix: string, next: string | undefined, go: () => Promise<ListPage>): Promise<ListPage>;
  read?(key: string, go: () => Promise<Readable>): Promise<Readable>;
  create?(key: string, go: () => Promise<void>): Promise<void>;
}

/** A real store with faults that a directory cannot show by itself. */
export class FaultyStore implements ObjectStore {
  readonly url: string;
  readonly #store: ObjectStore;
  readonly #faults: Faults;
  /** Keys a page, so that a small listing has several. */
  readonly #pageKeys: number;

  constructor(store: ObjectStore, faults: Faults, pageKeys = 1_000) {
    this.url = store.url;
    this.#store = store;
    this.#faults = faults;
    this.#pageKeys = pageKeys;
  }

  list(prefix: string, options: { next?: string | undefined; limit?: number } = {}): Promise<ListPage> {
    const go = (): Promise<ListPage> => this.#store.list(prefix, { limit: this.#pageKeys, ...options });
    return this.#faults.list?.(prefix, options.next, go) ?? go();
  }

  head(key: string): Promise<(ObjectInfo & { readonly crc32c: string }) | undefined> {
    return this.#store.head(key);
  }

  read(key: string, options?: { etag?: string; start?: number; end?: number }): Promise<Readable> {
    const go = (): Promise<Readable> => this.#store.read(key, options);
    return this.#faults.read?.(key, go) ?? go();
  }

  create(key: string, file: LocalFile): Promise<void> {
    const go = (): Promise<void> => this.#store.create(key, file);
    return this.#faults.create?.(key, go) ?? go();
  }

  locate(key: string): string {
    return this.#store.locate(key);
  }
}
