import { sha256 } from '../digest.ts';
import type { FolderHour } from '../hour.ts';
import { setAsideKey, type SetAsideArea } from '../layout.ts';
import type { SetAsideFiles } from '../manifest.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { publish } from '../records.ts';
import type { Spool } from '../scratch/spool.ts';
import type { SpoolPool } from '../scratch/spool-pool.ts';
import type { SetAsideRecord } from './record.ts';

const GZIP = { kind: 'gzip', level: 6 } as const;

/** Collects set-aside bytes and their index on scratch, and publishes both as one pair of objects. */
export class SetAsideWriter {
  readonly #pool: SpoolPool;
  #bin: Spool | undefined;
  #index: Spool | undefined;
  #records = 0;

  constructor(pool: SpoolPool) {
    this.#pool = pool;
  }

  /** Records so far. */
  get records(): number {
    return this.#records;
  }

  /** Where the next record's bytes will begin in the bin. */
  get binOffset(): number {
    return this.#bin?.bytes ?? 0;
  }

  /** Appends bytes of the record that `add` will close. */
  append(bytes: Uint8Array): void {
    this.#bin ??= this.#pool.open('set-aside.bin', GZIP);
    this.#bin.append(bytes);
  }

  /** To be awaited now and then: appending must not run ahead of compression. */
  async settle(): Promise<void> {
    await this.#pool.settle();
  }

  /** Closes a record whose bytes were appended since `binOffset`. */
  add(record: SetAsideRecord): void {
    this.#index ??= this.#pool.open('set-aside.index', GZIP);
    this.#index.append(Buffer.from(`${JSON.stringify(record)}\n`));
    this.#records++;
  }

  /** Publishes the pair. @returns null where nothing was set aside. */
  async publish(
    records: ObjectStore,
    area: SetAsideArea,
    hour: FolderHour,
    name: { epoch: number; what: string },
  ): Promise<SetAsideFiles | null> {
    if (this.#index === undefined || this.#records === 0) return null;
    this.#bin ??= this.#pool.open('set-aside.bin', GZIP);
    const keys: string[] = [];
    for (const [spool, suffix] of [
      [this.#bin, 'bin.gz'],
      [this.#index, 'index.ndjson.gz'],
    ] as const) {
      const file = await spool.seal();
      const key = setAsideKey(area, hour, { ...name, sha256: file.sha256, suffix });
      try {
        await publish(records, key, file);
      } finally {
        this.#pool.scratch.release(file.path, file.size);
      }
      keys.push(key);
    }
    return { bin: keys[0]!, index: keys[1]!, records: this.#records };
  }

  /** Forgets everything: the attempt ended or nothing of it is to be kept. */
  discard(): void {
    this.#bin?.discard();
    this.#index?.discard();
  }
}

/** Digits of a record's id. */
const ID_DIGITS = 24;

/** The id of what begins at a byte of a version of an object. */
export function setAsideId(object: string, etag: string, byteOffset: number): string {
  return sha256(object, etag, String(byteOffset)).slice(0, ID_DIGITS);
}
