import { canonicalJson, sha256 } from '../digest.ts';
import { parseDocument } from '../document.ts';
import { TerminalError } from '../errors.ts';
import type { FolderHour } from '../hour.ts';
import { fingerprintOf, type Plan } from '../plan.ts';
import type { Compression } from '../compression/block-encoder.ts';
import type { ShardRange } from './ranges.ts';
import { SHARD_RECORD_VERSION } from './shard-record.ts';

/** The format of this file; a reader refuses what it does not know. */
export const SHARD_PLAN_VERSION = 1;

/**
 * All that must be alike in two pods for their shards to make one epoch. Pods that differ in any of it have plans of their own and
 * never meet; their manifests still do, for one epoch is committed once.
 */
export interface ShardBasis {
  /** The epoch that is to be committed. */
  readonly epoch: number;
  /** Digest of the former epoch's manifest; empty for none. */
  readonly former: string;
  readonly again: number;
  readonly allowShrink: boolean;
  readonly typeKey: string;
  /** Type and table of each schema, sorted by type. */
  readonly types: readonly (readonly [type: string, table: string])[];
  readonly compression: Compression;
  readonly partBytes: number;
  /** A smaller limit has no pod for the last shards of a plan that was made with a larger one. */
  readonly maxShards: number;
  /** Whoever raises the number of shards because each took too long must not be handed the former plan. */
  readonly shardBytes: number;
}

/** An hour's objects and how they are spread over shards: decided once, by whoever creates the file. */
export interface ShardPlan {
  readonly version: typeof SHARD_PLAN_VERSION;
  readonly hour: FolderHour;
  /** Digest of the `ShardBasis`. */
  readonly basis: string;
  readonly fingerprint: string;
  readonly objects: Plan;
  /** One a shard, in the order of the objects; together they are all of them. */
  readonly ranges: readonly ShardRange[];
}

/** Also over the formats of plan and record: a release that changes one of them leaves the former's unfinished plans behind. */
export function basisDigest(basis: ShardBasis): string {
  return sha256(canonicalJson({ ...basis, formats: [SHARD_PLAN_VERSION, SHARD_RECORD_VERSION] }));
}

export function serialiseShardPlan(plan: ShardPlan): string {
  return `${canonicalJson(plan)}\n`;
}

/** What shard records call their plan by. */
export function shardPlanDigest(plan: ShardPlan): string {
  return sha256(serialiseShardPlan(plan));
}

/** @throws TerminalError where it is no plan of this hour and basis, or its ranges are not its objects. */
export function parseShardPlan(
  key: string,
  text: string,
  expected: Pick<ShardPlan, 'hour' | 'basis'>,
): ShardPlan {
  const plan = parseDocument<ShardPlan>('Shard plan', key, text, SHARD_PLAN_VERSION);
  const inRanges = plan.ranges.reduce((sum, { objects }) => sum + objects, 0);
  const problem =
    plan.hour !== expected.hour
      ? `hour ${expected.hour}, found ${plan.hour}`
      : plan.basis !== expected.basis
        ? `basis ${expected.basis}, found ${plan.basis}`
        : plan.fingerprint !== fingerprintOf(plan.objects)
          ? `objects of fingerprint ${plan.fingerprint}, found ${fingerprintOf(plan.objects)}`
          : inRanges !== plan.objects.length
            ? `ranges of ${plan.objects.length} objects, found ${inRanges}`
            : undefined;
  if (problem === undefined) return plan;
  throw new TerminalError(`Shard plan ${key}: expected ${problem}`, {
    advice: 'The records store was changed from outside. Restore the object from its versions.',
    context: { hour: expected.hour, object: key },
  });
}

/** The objects of one shard. */
export function objectsOfShard({ objects, ranges }: ShardPlan, index: number): Plan {
  const first = ranges.slice(0, index).reduce((sum, range) => sum + range.objects, 0);
  return objects.slice(first, first + (ranges[index]?.objects ?? 0));
}

/** Whether every object of the plan is still there as it was; a listing may have more. */
export function stillHolds({ objects }: Pick<ShardPlan, 'objects'>, listing: Plan): boolean {
  const now = new Map(listing.map((object) => [object.key, object]));
  return objects.every(({ key, etag, size }) => {
    const current = now.get(key);
    return current?.etag === etag && current.size === size;
  });
}
