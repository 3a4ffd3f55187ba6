import type { FolderHour } from '../core/hour.ts';
import { partKey } from '../core/layout.ts';
import type { Line } from '../core/lines/line.ts';
import { manifestType, type ManifestType, type StagedObject } from '../core/manifest.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { publish } from '../core/records.ts';
import type { Compression } from '../core/scratch/seal.ts';
import type { Spool, SpoolPool } from '../core/scratch/spool.ts';

const NEWLINE = Buffer.from('\n');

/** Where one type's rows of the hour go. */
interface TypeState {
  readonly table: string;
  spool: Spool | undefined;
  rows: number;
  readonly objects: StagedObject[];
}

/** A closed part that waits to be compressed and published. */
interface FullPart {
  readonly state: TypeState;
  readonly spool: Spool;
  readonly rows: number;
  readonly index: number;
}

export interface StagedTypesOptions {
  readonly staging: ObjectStore;
  readonly pool: SpoolPool;
  readonly hour: FolderHour;
  readonly fingerprint: string;
  /** Tells the pieces of an hour apart that several pods, or a replay, contributed. */
  readonly shard: string;
  readonly compression: Compression;
  readonly partBytes: number;
}

/** Collects rows by type on scratch, closes parts as they fill, and publishes them under names made of their content. */
export class StagedTypes {
  readonly #options: StagedTypesOptions;
  readonly #types = new Map<string, TypeState>();
  readonly #full: FullPart[] = [];
  #parts = new Map<string, number>();

  constructor(options: StagedTypesOptions) {
    this.#options = options;
  }

  /** Rows staged so far, of all types. */
  rows = 0;

  append(type: string, table: string, line: Line): void {
    const state = this.#state(type, table);
    state.spool ??= this.#options.pool.open(table);
    const { spool } = state;
    line.view.eachPiece(0, line.length, (piece) => spool.append(piece));
    spool.append(NEWLINE);
    state.rows++;
    this.rows++;
    if (spool.bytes >= this.#options.partBytes) this.#close(type, state);
  }

  /** Publishes the parts that are full; called between blocks, so that scratch holds about one part a type. */
  async publishFull(): Promise<void> {
    for (let part = this.#full.shift(); part !== undefined; part = this.#full.shift())
      await this.#publish(part);
  }

  /** Publishes everything. @returns What the manifest says of a type. */
  async finish(onType: (done: number, total: number) => void): Promise<Map<string, ManifestType>> {
    for (const [type, state] of this.#types) if (state.spool !== undefined) this.#close(type, state);
    const total = this.#full.length;
    for (let done = 0; this.#full.length > 0; done++) {
      await this.#publish(this.#full.shift()!);
      onType(done + 1, total);
    }
    return new Map(
      [...this.#types].map(([type, state]) => [type, manifestType(type, state.table, state.objects)]),
    );
  }

  discard(): void {
    for (const { spool } of [...this.#types.values(), ...this.#full]) spool?.discard();
    this.#full.length = 0;
    this.#types.clear();
  }

  #state(type: string, table: string): TypeState {
    let state = this.#types.get(type);
    if (state === undefined) {
      state = { table, spool: undefined, rows: 0, objects: [] };
      this.#types.set(type, state);
    }
    return state;
  }

  #close(type: string, state: TypeState): void {
    if (state.spool === undefined) return;
    const index = this.#parts.get(type) ?? 0;
    this.#parts.set(type, index + 1);
    this.#full.push({ state, spool: state.spool, rows: state.rows, index });
    state.spool = undefined;
    state.rows = 0;
  }

  async #publish({ state, spool, rows, index }: FullPart): Promise<void> {
    const { staging, pool, hour, fingerprint, shard, compression } = this.#options;
    const { bytes } = spool;
    const file = await spool.seal(compression);
    const { sha256, size, crc32c } = file;
    const key = partKey(state.table, hour, {
      fingerprint,
      shard,
      index,
      sha256,
      gzip: compression.kind === 'gzip',
    });
    try {
      await publish(staging, key, file);
    } finally {
      pool.scratch.release(file.path, size);
    }
    state.objects.push({ key, rows, bytes, size, crc32c, sha256 });
  }
}
