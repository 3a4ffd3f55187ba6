import { shardPlanKey, shardRecordPrefix } from '../../core/layout.ts';
import { manifestDigest } from '../../core/manifest.ts';
import { listObjects, mayBeThere, readTextIfThere, textFile } from '../../core/records.ts';
import { splitRanges, type ShardRange } from '../../core/shards/ranges.ts';
import {
  basisDigest,
  parseShardPlan,
  SHARD_PLAN_VERSION,
  serialiseShardPlan,
  shardPlanDigest,
  stillHolds,
  type ShardPlan,
} from '../../core/shards/shard-plan.ts';
import type { HourWork } from '../begin-hour.ts';
import type { ClassifierContext } from '../context.ts';

/** Plans of one epoch that were given up because the source changed; each costs every run a GET. */
const MAX_SLOTS = 100;

/** The plan that this process works from, and what its shards' records call it by. */
export interface AgreedPlan {
  readonly plan: ShardPlan;
  readonly digest: string;
}

/**
 * The one plan that all processes of the same basis work from, whatever each of them listed. Plans stand in slots that are created
 * once. The first slot whose plan is followed is the plan; where there is none, the first free slot gets this process's own.
 * @param done Digests of plans that this process has done its share of. While one of them may still be completed by others, only a
 * further plan that others have begun is one: they may have ended before they could see this process's share.
 * @returns undefined where there is none.
 */
export async function agreePlan(
  context: ClassifierContext,
  work: HourWork,
  done: ReadonlySet<string> = new Set(),
): Promise<AgreedPlan | undefined> {
  const { records, scratch } = context;
  const own = ownPlan(context, work);
  for (;;) {
    const found = await walk(context, work, own.basis, done);
    if (found === undefined || 'plan' in found) return found;
    if (found.free === undefined) return wholePlan(context, own);
    const file = await textFile(scratch, 'shard-plan', serialiseShardPlan(own));
    try {
      await records.create(found.free, file);
    } catch (error) {
      if (!mayBeThere(error) || (await records.head(found.free)) === undefined) throw error;
    } finally {
      scratch.release(file.path, file.size);
    }
    // Walks again: another may have won this slot, or have recorded a shard of a former one meanwhile.
  }
}

/** The ranges that a run would work from, without writing anything. */
export async function plannedRanges(
  context: ClassifierContext,
  work: HourWork,
): Promise<readonly ShardRange[]> {
  const own = ownPlan(context, work);
  const found = await walk(context, work, own.basis, new Set());
  if (found !== undefined && 'plan' in found) return found.plan.ranges;
  return found?.free === undefined ? wholePlan(context, own).plan.ranges : own.ranges;
}

/** Slots are never given back, so this must not be an error: every later run would meet it. Shard 0 alone needs no agreement. */
function wholePlan({ logger }: ClassifierContext, own: ShardPlan): AgreedPlan {
  const { hour, objects } = own;
  logger.log(
    'WARNING',
    `Hour ${hour}: expected a plan that holds, found ${MAX_SLOTS} that the source has left behind: shard 0 takes the hour whole`,
    { hour },
  );
  const plan = { ...own, ranges: splitRanges(objects, { maxShards: 1, shardBytes: 1 }) };
  return { plan, digest: shardPlanDigest(plan) };
}

function ownPlan(context: ClassifierContext, work: HourWork): ShardPlan {
  const { schemas, shards, typeKey, compression, partBytes, allowShrink } = context;
  const { hour, plan, fingerprint, former, epoch, again } = work;
  const basis = basisDigest({
    ...{ epoch, again, allowShrink, typeKey, compression, partBytes },
    former: former === undefined ? '' : manifestDigest(former),
    types: schemas.types
      .map(({ type, table }) => [type, table] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
    ...{ maxShards: shards.max, shardBytes: shards.bytes },
  });
  const ranges = splitRanges(plan, { maxShards: shards.max, shardBytes: shards.bytes });
  return { version: SHARD_PLAN_VERSION, hour, basis, fingerprint, objects: plan, ranges };
}

async function walk(
  { records }: ClassifierContext,
  work: HourWork,
  basis: string,
  done: ReadonlySet<string>,
): Promise<AgreedPlan | { readonly free: string | undefined } | undefined> {
  const { hour, epoch } = work;
  let followed = false;
  for (let slot = 1; slot <= MAX_SLOTS; slot++) {
    const key = shardPlanKey(hour, { epoch, basis, slot });
    const text = await readTextIfThere(records, key);
    if (text === undefined) return followed ? undefined : { free: key };
    const plan = parseShardPlan(key, text, { hour, basis });
    const digest = shardPlanDigest(plan);
    const listed = plan.fingerprint === work.fingerprint;
    if (!listed && !stillHolds(plan, work.plan)) continue;
    if (done.has(digest)) followed = true;
    else if ((listed && !followed) || (await hasRecords(records, hour, digest))) return { plan, digest };
  }
  return followed ? undefined : { free: undefined };
}

/**
 * Objects that came since leave a plan true but old. It is followed once a shard of it is done, for whoever did that may have ended;
 * else the newer listing is the better plan.
 */
async function hasRecords(
  records: ClassifierContext['records'],
  hour: HourWork['hour'],
  digest: string,
): Promise<boolean> {
  const first = await listObjects(records, shardRecordPrefix(hour, digest)).next();
  return first.done !== true;
}
