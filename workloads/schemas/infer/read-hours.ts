import { DamagedObjectError } from '../../core/compression/damage.ts';
import { decode } from '../../core/compression/decode.ts';
import { hourPath, type FolderHour } from '../../core/hour.ts';
import { checkInterrupt } from '../../core/interrupt.ts';
import { readLines } from '../../core/lines/read-lines.ts';
import type { LineHandler } from '../../core/lines/splitter.ts';
import { makePlan, type Plan } from '../../core/plan.ts';
import type { ObjectInfo, ObjectStore } from '../../core/ports/object-store.ts';
import { listObjects } from '../../core/records.ts';
import type { Scratch } from '../../core/scratch/scratch.ts';

/** Where lines are read from. */
export interface HourSource {
  readonly source: ObjectStore;
  readonly scratch: Scratch;
  readonly signal: AbortSignal;
}

/** The objects of all hours. One listing is enough: a key that comes later is one that inference does not see. */
export async function planHours({ source, signal }: HourSource, hours: readonly FolderHour[]): Promise<Plan> {
  const objects: ObjectInfo[] = [];
  for (const hour of new Set(hours)) {
    checkInterrupt(signal);
    for await (const object of listObjects(source, `${hourPath(hour)}/`)) objects.push(object);
  }
  return makePlan(objects);
}

/** A plan without its broken objects, how many lines it has, and why the others were left out. */
export interface HoursRead {
  readonly plan: Plan;
  readonly lines: number;
  readonly damaged: readonly DamagedObjectError['reason'][];
}

/**
 * Hands out the lines of all objects that decode to their very end. Lines are handed out before that end is known; where it is
 * broken, everything starts again without the object: damage is rare, and decoding every object twice is not.
 * @param begin Called at each start; what the former handler gathered must be thrown away.
 */
export async function readHours(
  context: HourSource,
  plan: Plan,
  begin: () => LineHandler,
): Promise<HoursRead> {
  const first = await readPlan(context, plan, begin());
  if ('lines' in first) return { plan, lines: first.lines, damaged: [] };
  const damaged = await findDamage(context, plan, first.broken);
  const sound = plan.filter(({ key }) => !damaged.has(key));
  const second = await readPlan(context, sound, begin());
  if ('lines' in second) return { plan: sound, lines: second.lines, damaged: [...damaged.values()] };
  // It was whole a moment ago, and the etag is still the same.
  throw second.error;
}

interface Broken {
  readonly broken: ObjectInfo;
  readonly error: DamagedObjectError;
}

async function readPlan(
  context: HourSource,
  plan: Plan,
  handler: LineHandler,
): Promise<{ lines: number } | Broken> {
  const { source, scratch, signal } = context;
  let total = 0;
  for (const object of plan) {
    checkInterrupt(signal);
    try {
      const { lines } = await readLines(
        await source.read(object.key, { etag: object.etag }),
        { from: 'source', size: object.size },
        scratch,
        handler,
        () => checkInterrupt(signal),
      );
      total += lines;
    } catch (error) {
      if (error instanceof DamagedObjectError) return { broken: object, error };
      throw error;
    }
  }
  return { lines: total };
}

/** Decodes the objects from the broken one on: ten broken objects cost two passes and not eleven. */
async function findDamage(
  { source, signal }: HourSource,
  plan: Plan,
  from: ObjectInfo,
): Promise<Map<string, DamagedObjectError['reason']>> {
  const damaged = new Map<string, DamagedObjectError['reason']>();
  for (const { key, etag, size } of plan.slice(plan.indexOf(from))) {
    checkInterrupt(signal);
    try {
      for await (const chunk of decode(await source.read(key, { etag }), { from: 'source', size }))
        if (chunk.length > 0) checkInterrupt(signal);
    } catch (error) {
      if (!(error instanceof DamagedObjectError)) throw error;
      damaged.set(key, error.reason);
    }
  }
  return damaged;
}
