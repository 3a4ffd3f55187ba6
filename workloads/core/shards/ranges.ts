import type { Plan } from '../plan.ts';

/** Neighbours in a plan that one shard splits. An object is never split: its lines can only be read from its beginning. */
export interface ShardRange {
  /** First and last key; empty where the hour has no object. */
  readonly from: string;
  readonly to: string;
  readonly objects: number;
  /** Bytes as stored in the source. */
  readonly bytes: number;
}

/** What decides over how many shards an hour is spread. */
export interface ShardLimits {
  readonly maxShards: number;
  /** Stored bytes that are one shard's work. */
  readonly shardBytes: number;
}

/**
 * Cuts a plan into as many ranges as its bytes ask for, such that the largest is as small as neighbours allow. They are fewer than
 * asked for where more would not help: one huge object takes its time however many shards stand beside it.
 */
export function splitRanges(plan: Plan, { maxShards, shardBytes }: ShardLimits): ShardRange[] {
  const total = plan.reduce((sum, { size }) => sum + size, 0);
  const wanted = Math.min(maxShards, Math.max(1, Math.ceil(total / Math.max(1, shardBytes))));
  return fill(plan, smallestCapacity(plan, wanted, total));
}

/** The smallest number of bytes such that ranges of at most that many are no more than `count`. */
function smallestCapacity(plan: Plan, count: number, total: number): number {
  let low = plan.reduce((largest, { size }) => Math.max(largest, size), 0);
  let high = total;
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    if (fill(plan, middle).length <= count) high = middle;
    else low = middle + 1;
  }
  return high;
}

/** Ranges of at most `capacity` bytes, each as full as it gets; one without objects for an empty plan. */
function fill(plan: Plan, capacity: number): ShardRange[] {
  const ranges: ShardRange[] = [];
  let range: ShardRange | undefined;
  for (const { key, size } of plan) {
    if (range !== undefined && range.bytes + size > capacity) {
      ranges.push(range);
      range = undefined;
    }
    range = {
      from: range?.from ?? key,
      to: key,
      objects: (range?.objects ?? 0) + 1,
      bytes: (range?.bytes ?? 0) + size,
    };
  }
  return [...ranges, range ?? { from: '', to: '', objects: 0, bytes: 0 }];
}
