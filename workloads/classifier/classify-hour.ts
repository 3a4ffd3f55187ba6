import { NotReadyError, ObjectNotFoundError, SourceChangedError, TransientError } from '../core/errors.ts';
import { hourEnd, isReady, type FolderHour } from '../core/hour.ts';
import { checkInterrupt } from '../core/interrupt.ts';
import { manifestKey } from '../core/layout.ts';
import {
  assertConserved,
  MANIFEST_VERSION,
  NONE_REPLAYED,
  serialiseManifest,
  type Manifest,
} from '../core/manifest.ts';
import { identityOf, type Plan } from '../core/plan.ts';
import { latestManifest, mayBeThere, textFile } from '../core/records.ts';
import type { ClassifierContext } from './context.ts';
import { assertNotShrunk, assertPrefixInUse, assertSchemasKept, planHour } from './plan-hour.ts';
import { splitHour, type SplitHour } from './split-hour.ts';
import { assertTablesKept, manifestTypes } from './manifest-types.ts';
import { manifestType } from './staged-types.ts';

/** How often an hour is begun again because the source changed under it, before it is left to the next run. */
const MAX_ATTEMPTS = 3;

/** What a classification found and did. */
export interface ClassifiedHour {
  /** `unchanged`: the latest manifest has the same identity, nothing was written. */
  readonly outcome: 'committed' | 'unchanged';
  readonly manifest: Manifest;
}

/** What a classification would do. */
export interface HourPlan {
  readonly plan: Plan;
  readonly outcome: 'commit' | 'unchanged';
  readonly epoch: number;
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

/**
 * Brings the hour's manifest up to the source: a new epoch where the identity differs from the latest one's, else nothing.
 * Safe to kill anywhere and to run twice at once: only the conditional create of the manifest counts.
 */
export async function classifyHour(context: ClassifierContext, hour: FolderHour): Promise<ClassifiedHour> {
  assertReady(context, hour);
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptHour(context, hour);
    } catch (error) {
      const changed =
        error instanceof SourceChangedError ||
        (error instanceof ObjectNotFoundError && error.context.hour === undefined);
      if (!changed) throw error;
      context.logger.log('WARNING', `Hour ${hour}: attempt ${attempt} begins again: ${error.message}`, {
        hour,
        attempt,
      });
      if (attempt >= MAX_ATTEMPTS) {
        throw new SourceChangedError(
          `Hour ${hour}: the source changed during ${attempt} attempts; last: ${error.message}`,
          {
            advice: 'Objects are still arriving. The next run takes the hour up.',
            context: { hour },
            cause: error,
          },
        );
      }
    }
  }
}

/** What `classifyHour` would do, without writing anything. */
export async function planClassification(context: ClassifierContext, hour: FolderHour): Promise<HourPlan> {
  assertReady(context, hour);
  const { plan, former, identity } = await begin(context, hour);
  const unchanged = former?.identity === identity;
  return {
    plan,
    outcome: unchanged ? 'unchanged' : 'commit',
    epoch: (former?.epoch ?? 0) + (unchanged ? 0 : 1),
  };
}

async function begin(
  context: ClassifierContext,
  hour: FolderHour,
): Promise<{ plan: Plan; fingerprint: string; former: Manifest | undefined; identity: string }> {
  const former = await latestManifest(context.records, hour);
  const { plan, fingerprint } = await planHour(context, hour);
  if (plan.length === 0 && former === undefined) await assertPrefixInUse(context, hour);
  // Lines replayed into the former epoch are in the source too; an epoch made anew from the source needs no replay.
  const { typeKey, schemas } = context;
  const identity = identityOf({
    fingerprint,
    typeKey,
    typeNames: schemas.typeNames,
    replayed: former?.replayed.digest ?? '',
    again: (former?.again ?? 0) + (context.again ? 1 : 0),
  });
  assertTablesKept(former, schemas);
  if (former?.identity !== identity) {
    assertNotShrunk(context, former, plan);
    assertSchemasKept(context, former);
  }
  return { plan, fingerprint, former, identity };
}

async function attemptHour(context: ClassifierContext, hour: FolderHour): Promise<ClassifiedHour> {
  const { plan, fingerprint, former, identity: compared } = await begin(context, hour);
  if (former?.identity === compared) return { outcome: 'unchanged', manifest: former };
  const { typeKey, schemas } = context;
  // Where nothing else changed, parts must not meet the lost or broken ones under the same names.
  const again = (former?.again ?? 0) + (context.again ? 1 : 0);
  const identity = identityOf({ fingerprint, typeKey, typeNames: schemas.typeNames, replayed: '', again });
  const epoch = (former?.epoch ?? 0) + 1;
  const split = await splitHour(context, { hour, plan, fingerprint, shard: again === 0 ? '0' : `a${again}` });
  const quarantine = await publishQuarantine(context, hour, split, { epoch, what: fingerprint.slice(0, 12) });
  const manifest: Manifest = {
    version: MANIFEST_VERSION,
    hour,
    epoch,
    identity,
    fingerprint,
    typeKey,
    sources: split.sources,
    lines: split.sources.reduce((sum, { lines }) => sum + lines, 0),
    blank: split.blank,
    staged: split.staged,
    quarantined: split.quarantined,
    reasons: split.reasons,
    duplicateTypeKeys: split.duplicateTypeKeys,
    damaged: split.sources.some(({ damaged }) => damaged !== undefined),
    types: manifestTypes(
      former,
      schemas,
      (type, table) => split.types.get(type) ?? manifestType(type, table, []),
    ),
    quarantine,
    replayed: NONE_REPLAYED,
    again,
  };
  return commitManifest(context, manifest);
}

async function publishQuarantine(
  { records, signal }: ClassifierContext,
  hour: FolderHour,
  { quarantine }: SplitHour,
  name: { epoch: number; what: string },
): Promise<Manifest['quarantine']> {
  try {
    checkInterrupt(signal);
    return await quarantine.publish(records, 'quarantine', hour, name);
  } finally {
    quarantine.discard();
  }
}

/**
 * The commit point: creates the manifest if its epoch is still free.
 * @throws SourceChangedError where another run committed something else under that epoch meanwhile.
 */
export async function commitManifest(
  { records, scratch }: Pick<ClassifierContext, 'records' | 'scratch'>,
  manifest: Manifest,
): Promise<ClassifiedHour> {
  assertConserved(manifest);
  const file = await textFile(scratch, 'manifest', serialiseManifest(manifest));
  try {
    await records.create(manifestKey(manifest.hour, manifest.epoch), file);
    return { outcome: 'committed', manifest };
  } catch (error) {
    if (!mayBeThere(error)) throw error;
    const winner = await latestManifest(records, manifest.hour);
    const lost = error instanceof TransientError;
    if (winner?.identity === manifest.identity)
      return { outcome: lost ? 'committed' : 'unchanged', manifest: winner };
    if (lost) throw error;
    throw new SourceChangedError(
      `Hour ${manifest.hour}: epoch ${manifest.epoch} was committed by another run with another plan`,
      { cause: error },
    );
  } finally {
    scratch.release(file.path, file.size);
  }
}
