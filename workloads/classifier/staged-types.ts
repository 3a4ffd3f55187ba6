import type { FolderHour } from '../core/hour.ts';
import { partKey } from '../core/layout.ts';
import type { Line } from '../core/lines/line.ts';
import { manifestType, type ManifestType, type StagedObject } from '../core/manifest.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { publish } from '../core/records.ts';
import type { Compression } from '../core/compression/block-encoder.ts';
import type { Spool } from '../core/scratch/spool.ts';
import type { SpoolPool } from '../core/scratch/spool-pool.ts';

const LF = 0x0a;
const NEWLINE = Buffer.from('\n');

/** Where one type's rows of the hour go. */
export interface StagedType {
  readonly type: string;
  readonly table: string;
  spool: Spool | undefined;
  rows: number;
  /** Parts closed so far. */
  parts: number;
  readonly objects: StagedObject[];
}

/** A closed part that waits to be compressed and published. */
interface FullPart {
  readonly state: StagedType;
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
  readonly #types = new Map<string, StagedType>();
  readonly #full: FullPart[] = [];

  constructor(options: StagedTypesOptions) {
    this.#options = options;
  }

  /** Rows staged so far, of all types. */
  rows = 0;

  append(staged: StagedType, line: Line): void {
    const spool = this.#spoolOf(staged);
    line.view.eachPiece(0, line.length, (piece) => spool.append(piece));
    spool.append(NEWLINE);
    this.#count(staged, spool, 1);
  }

  /** Appends the lines `bytes[start..end)`, each with its 0x0A. */
  appendLines(staged: StagedType, bytes: Buffer, start: number, end: number, lines: number): void {
    const spool = this.#spoolOf(staged);
    const room = this.#options.partBytes - spool.bytes;
    // A part ends with the line that fills it, as if they had come one at a time.
    const partEnd = end - start <= room ? end : bytes.indexOf(LF, start + room - 1) + 1;
    const partLines = partEnd === end ? lines : linesIn(bytes.subarray(start, partEnd));
    spool.appendRange(bytes, start, partEnd);
    this.#count(staged, spool, partLines);
    if (partEnd < end) this.appendLines(staged, bytes, partEnd, end, lines - partLines);
  }

  #spoolOf(staged: StagedType): Spool {
    return (staged.spool ??= this.#options.pool.open(staged.table, this.#options.compression));
  }

  #count(staged: StagedType, spool: Spool, lines: number): void {
    staged.rows += lines;
    this.rows += lines;
    if (spool.bytes >= this.#options.partBytes) this.#close(staged);
  }

  /** Publishes the parts that are full, and waits for compression; called between blocks, so that neither scratch nor memory piles up. */
  async publishFull(): Promise<void> {
    for (let part = this.#full.shift(); part !== undefined; part = this.#full.shift())
      await this.#publish(part);
    await this.#options.pool.settle();
  }

  /** Publishes everything. @returns What the manifest says of a type. */
  async finish(onType: (done: number, total: number) => void): Promise<Map<string, ManifestType>> {
    for (const state of this.#types.values()) this.#close(state);
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

  /** Where the rows of a type go. */
  of(type: string, table: string): StagedType {
    let state = this.#types.get(type);
    if (state === undefined) {
      state = { type, table, spool: undefined, rows: 0, parts: 0, objects: [] };
      this.#types.set(type, state);
    }
    return state;
  }

  #close(state: StagedType): void {
    if (state.spool === undefined) return;
    this.#full.push({ state, spool: state.spool, rows: state.rows, index: state.parts++ });
    state.spool = undefined;
    state.rows = 0;
  }

  async #publish({ state, spool, rows, index }: FullPart): Promise<void> {
    const { staging, pool, hour, fingerprint, shard, compression } = this.#options;
    const { bytes } = spool;
    const file = await spool.seal();
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

function linesIn(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) lines++;
  return lines;
}
