import type { ReadRing } from '../core/bytes/read-ring.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Logger } from '../core/ports/logger.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { Progress } from '../core/ports/progress.ts';
import type { SchemaSet } from '../core/schema/schema-set.ts';
import type { Scratch } from '../core/scratch/scratch.ts';
import type { Compression } from '../core/compression/block-encoder.ts';

/** Which part of a large hour this process splits. */
export interface ShardSettings {
  /** Of this process, from 0. */
  readonly index: number;
  /** How many processes there are; 1 = each hour is split whole. */
  readonly max: number;
  /** Stored bytes that are one shard's work: an hour has no more shards than it needs. */
  readonly bytes: number;
}

/** What a classification needs of the world. */
export interface ClassifierContext {
  readonly source: ObjectStore;
  readonly staging: ObjectStore;
  readonly records: ObjectStore;
  readonly schemas: SchemaSet;
  readonly typeKey: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly scratch: Scratch;
  /** What the source's objects are read into, one after another: hours and attempts follow each other, too. */
  readonly ring: ReadRing;
  readonly compression: Compression;
  /** Uncompressed bytes at which a part is closed and the next one begun. */
  readonly partBytes: number;
  /** Milliseconds after an hour's end before it counts as over. */
  readonly graceMs: number;
  /** Classify also hours that are not over. */
  readonly open: boolean;
  /** Split the hour anew, as the next epoch, though nothing changed: staging lost its parts. */
  readonly again: boolean;
  /** Follow a plan that lost or shrank an object. */
  readonly allowShrink: boolean;
  readonly shards: ShardSettings;
}
