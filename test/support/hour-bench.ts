import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DirectoryStore } from '../../workloads/adapters/directory/directory-store.ts';
import { classifyHour } from '../../workloads/classifier/classify-hour.ts';
import type { ClassifiedHour } from '../../workloads/classifier/commit-hour.ts';
import { classifyShard, type ClassifiedShard } from '../../workloads/classifier/shards/classify-shard.ts';
import type { ClassifierContext } from '../../workloads/classifier/context.ts';
import { replayQuarantine, type ReplayedHour } from '../../workloads/classifier/replay-quarantine.ts';
import { ReadRing } from '../../workloads/core/bytes/read-ring.ts';
import { hourPath, parseHour, type FolderHour } from '../../workloads/core/hour.ts';
import type { Manifest } from '../../workloads/core/manifest.ts';
import { noProgress } from '../../workloads/core/ports/progress.ts';
import { parseLogType } from '../../workloads/core/schema/parse.ts';
import { SchemaSet } from '../../workloads/core/schema/schema-set.ts';
import { Scratch } from '../../workloads/core/scratch/scratch.ts';
import type { SetAsideRecord } from '../../workloads/core/set-aside/record.ts';

export const HOUR: FolderHour = parseHour('2026-11-20T14');

/** A schema set of these types; a table is named after its type where that can name one. */
export function schemasOf(...types: readonly string[]): SchemaSet {
  return new SchemaSet(
    types.map((type, index) => {
      const table = /^[A-Za-z][A-Za-z0-9]{0,100}$/.test(type) ? type : `type_${index}`;
      const text = JSON.stringify({ type, fields: [{ name: 'log_type', type: 'STRING' }] });
      const parsed = parseLogType(`${table}.json`, text);
      if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
      return parsed.logType;
    }),
  );
}

/** A line of a type, without its newline. */
export function lineOf(type: string, rest: object = {}): string {
  return JSON.stringify({ log_type: type, ...rest });
}

export interface SetAside extends SetAsideRecord {
  readonly raw: Buffer;
}

/** One hour on real directories, classified in this process through the public functions. */
export class HourBench {
  readonly folder: string;
  readonly source: DirectoryStore;
  readonly staging: DirectoryStore;
  readonly records: DirectoryStore;
  readonly logged: { severity: string; message: string }[] = [];
  readonly #types: readonly string[];

  constructor(folder: string, ...types: readonly string[]) {
    this.folder = folder;
    this.#types = types;
    this.source = new DirectoryStore(join(folder, 'source'));
    this.staging = new DirectoryStore(join(folder, 'staging'));
    this.records = new DirectoryStore(join(folder, 'records'));
    mkdirSync(join(folder, 'scratch'), { recursive: true });
  }

  put(name: string, content: string | Uint8Array, hour = HOUR): string {
    const path = this.pathOf(name, hour);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  remove(name: string): void {
    rmSync(this.pathOf(name));
  }

  pathOf(name: string, hour = HOUR): string {
    return join(this.folder, 'source', hourPath(hour), name);
  }

  keyOf(name: string): string {
    return `${hourPath(HOUR)}/${name}`;
  }

  async classify(changes: Partial<ClassifierContext> = {}, hour = HOUR): Promise<ClassifiedHour> {
    return this.#within(changes, (context) => classifyHour(context, hour));
  }

  /** One shard of `max`, at `bytes` stored bytes a shard: as many shards as there are objects, if nothing else is said. */
  async classifyShard(
    index: number,
    max: number,
    changes: Partial<ClassifierContext> = {},
    bytes = 1,
  ): Promise<ClassifiedShard> {
    return this.#within({ shards: { index, max, bytes }, ...changes }, (context) =>
      classifyShard(context, HOUR),
    );
  }

  async replay(changes: Partial<ClassifierContext> = {}): Promise<ReplayedHour> {
    return this.#within(changes, (context) => replayQuarantine(context, HOUR));
  }

  /** Decompressed bytes of a type's parts, in the manifest's order. */
  staged(manifest: Manifest, type: string): Buffer {
    const objects = manifest.types.find((entry) => entry.type === type)?.objects ?? [];
    return Buffer.concat(
      objects.map(({ key }) => {
        const bytes = readFileSync(this.staging.locate(key));
        return key.endsWith('.gz') ? gunzipSync(bytes) : bytes;
      }),
    );
  }

  /** What the manifest's quarantine holds, with the bytes that each record points to. */
  quarantined({ quarantine }: Manifest): SetAside[] {
    if (quarantine === null) return [];
    const [bin, index] = [quarantine.bin, quarantine.index].map((key) =>
      gunzipSync(readFileSync(this.records.locate(key))),
    );
    return index!
      .toString()
      .trimEnd()
      .split('\n')
      .map((text) => {
        const record = JSON.parse(text) as SetAsideRecord;
        return { ...record, raw: bin!.subarray(record.binOffset, record.binOffset + record.length) };
      });
  }

  /** The epochs that have a manifest. */
  epochs(hour = HOUR): string[] {
    return filesBelow(join(this.folder, 'records', 'manifests', hourPath(hour)));
  }

  /** All objects of staging and records, to see that nothing was changed. */
  written(): string[] {
    return [...filesBelow(join(this.folder, 'staging')), ...filesBelow(join(this.folder, 'records'))];
  }

  async #within<T>(
    changes: Partial<ClassifierContext>,
    work: (context: ClassifierContext) => Promise<T>,
  ): Promise<T> {
    const scratch = changes.scratch ?? (await Scratch.create(join(this.folder, 'scratch')));
    const { source, staging, records } = this;
    try {
      return await work({
        ...{
          source,
          staging,
          records,
          schemas: schemasOf(...this.#types),
          typeKey: 'log_type',
          progress: noProgress,
          scratch,
          ring: new ReadRing(),
        },
        clock: { now: () => new Date('2026-11-21T00:00:00Z') },
        logger: { log: (severity, message) => this.logged.push({ severity, message }) },
        signal: new AbortController().signal,
        compression: { kind: 'gzip', level: 1 },
        ...{ partBytes: 512 * 2 ** 20, graceMs: 180_000, open: false, again: false, allowShrink: false },
        shards: { index: 0, max: 1, bytes: 1 },
        ...changes,
      });
    } finally {
      if (changes.scratch === undefined) await scratch.remove();
    }
  }
}

/** Files below a folder, without those in the making. */
function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => !name.startsWith('.logferry') && statSync(join(folder, name)).isFile())
      .sort();
  } catch {
    return [];
  }
}
