import { NotReadyError } from '../core/errors.ts';
import { hourEnd, isReady, type FolderHour } from '../core/hour.ts';
import type { Manifest } from '../core/manifest.ts';
import { identityOf, type Plan } from '../core/plan.ts';
import { latestManifest } from '../core/records.ts';
import type { ClassifierContext } from './context.ts';
import { assertTablesKept } from './manifest-types.ts';
import {
  assertNotShrunk,
  assertNothingLost,
  assertPrefixInUse,
  assertSchemasKept,
  planHour,
} from './plan-hour.ts';
import { see, type Seen } from './until-source-holds.ts';

/** The objects of an hour as one listing, or the plan of its shards, has them. */
export interface HourObjects {
  readonly plan: Plan;
  readonly fingerprint: string;
}

/** What is to be committed, and on top of what. */
export interface HourWork extends HourObjects {
  readonly hour: FolderHour;
  readonly former: Manifest | undefined;
  readonly epoch: number;
  readonly again: number;
}

/** @throws NotReadyError where the hour and its grace are not over and nobody asked for an open hour. */
export function assertReady({ clock, graceMs, open }: ClassifierContext, hour: FolderHour): void {
  if (open || isReady(hour, clock.now(), graceMs)) return;
  const ready = new Date(hourEnd(hour).getTime() + graceMs).toISOString();
  throw new NotReadyError(`Hour ${hour}: expected it to be over, it is ready at ${ready}`, {
    advice: 'Wait, or add --open to classify what is there so far.',
    context: { hour },
  });
}

/** What a run knows of an hour when it lists it. */
interface Before {
  /** With it, `--again` means only the epoch after this one: what others committed meanwhile is what was asked for. */
  readonly since?: number | undefined;
  /** What the run has listed, to which this is added. */
  readonly seen?: Seen;
}

/**
 * Lists the hour and compares it with the former epoch, and with what the run itself saw of it before. Writes nothing.
 * @throws ParkedError, TerminalError where the hour must not be followed.
 */
export async function beginHour(
  context: ClassifierContext,
  hour: FolderHour,
  { since, seen = new Map() }: Before = {},
): Promise<{ readonly work: HourWork; readonly unchanged: boolean }> {
  const { records, schemas, typeKey } = context;
  const former = await latestManifest(records, hour);
  const { plan, fingerprint } = await planHour(context, hour, (listed) => see(seen, listed));
  assertNothingLost(context, former, hour, seen, plan);
  if (plan.length === 0 && former === undefined) await assertPrefixInUse(context, hour);
  const anew = context.again && (since === undefined || since === (former?.epoch ?? 0));
  const again = (former?.again ?? 0) + (anew ? 1 : 0);
  // Lines replayed into the former epoch are in the source too; an epoch made anew from the source needs no replay.
  const replayed = former?.replayed.digest ?? '';
  const unchanged =
    former?.identity === identityOf({ fingerprint, typeKey, typeNames: schemas.typeNames, replayed, again });
  assertTablesKept(former, schemas);
  if (!unchanged) {
    assertNotShrunk(context, former, plan);
    assertSchemasKept(context, former);
  }
  const epoch = (former?.epoch ?? 0) + 1;
  return { work: { hour, plan, fingerprint, former, epoch, again }, unchanged };
}
