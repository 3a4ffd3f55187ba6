import type { FolderHour } from '../core/hour.ts';
import type { Plan } from '../core/plan.ts';
import type { ShardRange } from '../core/shards/ranges.ts';
import { assertReady, beginHour } from './begin-hour.ts';
import { classifyWhole } from './classify-whole.ts';
import type { ClassifiedHour } from './commit-hour.ts';
import type { ClassifierContext } from './context.ts';
import { plannedRanges } from './shards/agree-plan.ts';
import { untilSourceHolds, type Seen } from './until-source-holds.ts';

/** What a classification would do. */
export interface HourPlan {
  readonly plan: Plan;
  readonly outcome: 'commit' | 'unchanged';
  readonly epoch: number;
  /** Where several shards are allowed: the range of each that there would be. */
  readonly ranges?: readonly ShardRange[];
}

/**
 * Brings the hour's manifest up to the source: a new epoch where the identity differs from the latest one's, else nothing.
 * Safe to kill anywhere and to run twice at once: only the conditional create of the manifest counts.
 */
export async function classifyHour(context: ClassifierContext, hour: FolderHour): Promise<ClassifiedHour> {
  assertReady(context, hour);
  const begin = (seen: Seen): ReturnType<typeof beginHour> => beginHour(context, hour, { seen });
  const attempt = async (seen: Seen): Promise<ClassifiedHour> => {
    const { work, unchanged } = await begin(seen);
    return unchanged ? { outcome: 'unchanged', manifest: work.former! } : await classifyWhole(context, work);
  };
  return untilSourceHolds(context, hour, attempt, begin);
}

/** What `classifyHour` or `classifyShard` would do, without writing anything. */
export async function planClassification(context: ClassifierContext, hour: FolderHour): Promise<HourPlan> {
  assertReady(context, hour);
  const { work, unchanged } = await beginHour(context, hour);
  if (unchanged) return { plan: work.plan, outcome: 'unchanged', epoch: work.former!.epoch };
  const { plan, epoch } = work;
  const ranges = context.shards.max > 1 ? { ranges: await plannedRanges(context, work) } : {};
  return { plan, outcome: 'commit', epoch, ...ranges };
}
