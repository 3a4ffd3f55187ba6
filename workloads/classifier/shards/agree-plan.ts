import { SourceChangedError } from '../../core/errors.ts';
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

/** Plans of one epoch that were given up because the source changed; more is no hour that is over. */
const MAX_SLOTS = 100;

/** The plan that this process works from, and what its shards' records call it by. */
export interface AgreedPlan {
  readonly plan: ShardPlan;
  readonly digest: string;
}

/**
 * The one plan that all processes of the same basis work from, whatever each of them listed. Plans stand in slots that are created
 * once. The first slot whose plan is followed is the plan; where there is none, the first free slot gets this process's own.
 */
export async function agreePlan(context: ClassifierContext, work: HourWork): Promise<AgreedPlan> {
  const { records, scratch } = context;
  const own = ownPlan(context, work);
  for (;;) {
    const found = await walk(context, work, own.basis);
    if ('plan' in found) return found;
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
  const found = await walk(context, work, own.basis);
  return 'plan' in found ? found.plan.ranges : own.ranges;
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
    maxShards: shards.max,
  });
  const ranges = splitRanges(plan, { maxShards: shards.max, shardBytes: shards.bytes });
  return { version: SHARD_PLAN_VERSION, hour, basis, fingerprint, objects: plan, ranges };
}

async function walk(
  { records }: ClassifierContext,
  work: HourWork,
  basis: string,
): Promise<AgreedPlan | { readonly free: string }> {
  const { hour, epoch } = work;
  for (let slot = 1; slot <= MAX_SLOTS; slot++) {
    const key = shardPlanKey(hour, { epoch, basis, slot });
    const text = await readTextIfThere(records, key);
    if (text === undefined) return { free: key };
    const plan = parseShardPlan(key, text, { hour, basis });
    const digest = shardPlanDigest(plan);
    const holds = plan.fingerprint === work.fingerprint || stillHolds(plan, work.plan);
    if (holds && (plan.fingerprint === work.fingerprint || (await hasRecords(records, hour, digest))))
      return { plan, digest };
  }
  throw new SourceChangedError(
    `Hour ${hour}: expected a plan that holds, found ${MAX_SLOTS} that the source has left behind`,
    { advice: 'Objects are still arriving. The next run takes the hour up.', context: { hour } },
  );
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
