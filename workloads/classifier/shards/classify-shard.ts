import type { FolderHour } from '../../core/hour.ts';
import type { ShardRecord } from '../../core/shards/shard-record.ts';
import { assertReady, beginHour, type HourWork } from '../begin-hour.ts';
import { classifyWhole } from '../classify-whole.ts';
import type { ClassifiedHour } from '../commit-hour.ts';
import type { ClassifierContext } from '../context.ts';
import { untilSourceHolds, type Seen } from '../until-source-holds.ts';
import { agreePlan, type AgreedPlan } from './agree-plan.ts';
import { joinShards } from './join-shards.ts';
import { ensureShard } from './split-shard.ts';

/** How many plans one run follows until one is what it listed: each further one was made by a run that listed the hour at another time. */
const MAX_PLANS = 3;

/** What one shard's process did of an hour. */
export type ClassifiedShard =
  /** The hour is committed, by this process or another. */
  | (ClassifiedHour & { readonly shards?: number })
  /** Its own share is recorded, and shards `missing` are not: whoever records the last one commits the hour. */
  | {
      readonly outcome: 'waiting';
      readonly epoch: number;
      readonly shards: number;
      readonly missing: readonly number[];
      readonly record: ShardRecord;
    }
  /** The plan has fewer shards than there are processes: nothing for this one. */
  | { readonly outcome: 'spare'; readonly epoch: number; readonly shards: number };

/**
 * Does this process's share of an hour, and commits the hour if that was the last one. Safe to kill anywhere, to run late, twice at
 * once or alone: plan, shard records and manifest are each created once.
 */
export async function classifyShard(context: ClassifierContext, hour: FolderHour): Promise<ClassifiedShard> {
  assertReady(context, hour);
  let since: number | undefined;
  const attempt = async (seen: Seen): Promise<ClassifiedShard> => {
    let last: ClassifiedShard | undefined;
    const done = new Set<string>();
    for (let plans = 1; ; plans++) {
      const { work, unchanged } = await beginHour(context, hour, { since, seen });
      since ??= work.epoch - 1;
      if (unchanged) {
        const committed = last?.outcome === 'committed';
        return { outcome: committed ? 'committed' : 'unchanged', manifest: work.former! };
      }
      const agreed = plans > MAX_PLANS ? undefined : await agreePlan(context, work, done);
      if (agreed === undefined) return last!;
      const result = await follow(context, work, agreed);
      // What it did before is told, not that there was no more.
      if (isFinal(result, work, agreed)) return result.outcome === 'spare' ? (last ?? result) : result;
      last = result;
      done.add(agreed.digest);
    }
  };
  return untilSourceHolds(context, hour, attempt, (seen) => beginHour(context, hour, { seen }));
}

/** Whether nothing is left to look at: there is no more to this hour than what was listed. */
function isFinal(result: ClassifiedShard, work: HourWork, { plan }: AgreedPlan): boolean {
  if (result.outcome === 'waiting') return false;
  return result.outcome === 'spare' || plan.fingerprint === work.fingerprint;
}

async function follow(
  context: ClassifierContext,
  listed: HourWork,
  agreed: AgreedPlan,
): Promise<ClassifiedShard> {
  const { plan } = agreed;
  const work = { ...listed, plan: plan.objects, fingerprint: plan.fingerprint };
  const { index } = context.shards;
  const shards = plan.ranges.length;
  if (index >= shards) return { outcome: 'spare', epoch: work.epoch, shards };
  if (shards === 1) return { ...(await classifyWhole(context, work)), shards };
  const record = await ensureShard(context, work, agreed, index);
  const joined = await joinShards(context, work, agreed);
  if (!('missing' in joined)) return { ...joined, shards };
  return { outcome: 'waiting', epoch: work.epoch, shards, missing: joined.missing, record };
}
