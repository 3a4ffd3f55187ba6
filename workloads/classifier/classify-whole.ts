import { checkInterrupt } from '../core/interrupt.ts';
import type { HourWork } from './begin-hour.ts';
import { commitManifest, manifestOf, quarantineName, type ClassifiedHour } from './commit-hour.ts';
import type { ClassifierContext } from './context.ts';
import { splitHour } from './split-hour.ts';

/** Splits all of an hour's objects in this process and commits its manifest. */
export async function classifyWhole(context: ClassifierContext, work: HourWork): Promise<ClassifiedHour> {
  const { hour, plan, fingerprint, again } = work;
  const split = await splitHour(context, { hour, plan, fingerprint, shard: again === 0 ? '0' : `a${again}` });
  try {
    checkInterrupt(context.signal);
    const files = await split.quarantine.publish(context.records, 'quarantine', hour, quarantineName(work));
    return await commitManifest(context, manifestOf(context, work, split, files), work.former);
  } finally {
    split.quarantine.discard();
  }
}
