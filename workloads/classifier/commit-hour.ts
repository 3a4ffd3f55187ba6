import { ParkedError, SourceChangedError, TransientError } from '../core/errors.ts';
import { manifestKey } from '../core/layout.ts';
import {
  assertConserved,
  linesOf,
  MANIFEST_VERSION,
  manifestType,
  NONE_REPLAYED,
  serialiseManifest,
  type Manifest,
  type SetAsideFiles,
  type SplitFindings,
} from '../core/manifest.ts';
import { identityOf } from '../core/plan.ts';
import { latestManifest, mayBeThere, textFile } from '../core/records.ts';
import type { HourWork } from './begin-hour.ts';
import type { ClassifierContext } from './context.ts';
import { manifestTypes } from './manifest-types.ts';

/** What a classification found and did. */
export interface ClassifiedHour {
  /** `unchanged`: the latest manifest has the same identity, nothing was written. */
  readonly outcome: 'committed' | 'unchanged';
  readonly manifest: Manifest;
}

/** What an hour's set-aside files are named after. */
export function quarantineName({ epoch, fingerprint }: HourWork): { epoch: number; what: string } {
  return { epoch, what: fingerprint.slice(0, 12) };
}

/** A function of the work, the schemas and what was found: whoever makes it makes the same bytes. */
export function manifestOf(
  { schemas, typeKey }: Pick<ClassifierContext, 'schemas' | 'typeKey'>,
  { hour, fingerprint, former, epoch, again }: HourWork,
  found: SplitFindings,
  quarantine: SetAsideFiles | null,
): Manifest {
  const { sources, blank, staged, quarantined, reasons, duplicateTypeKeys } = found;
  const entries = new Map(found.types.map((entry) => [entry.type, entry]));
  return {
    version: MANIFEST_VERSION,
    ...{ hour, epoch, fingerprint, typeKey, again, quarantine },
    identity: identityOf({ fingerprint, typeKey, typeNames: schemas.typeNames, replayed: '', again }),
    ...{ sources, blank, staged, quarantined, reasons, duplicateTypeKeys },
    lines: linesOf(found),
    damaged: sources.some(({ damaged }) => damaged !== undefined),
    types: manifestTypes(
      former,
      schemas,
      (type, table) => entries.get(type) ?? manifestType(type, table, []),
    ),
    replayed: NONE_REPLAYED,
  };
}

/**
 * The same bytes of an object gave lines before and give none now: not the source has changed but what reads it, and the hour's tables
 * would lose those rows.
 * @throws ParkedError where nobody allowed it.
 */
function assertStillReadable(
  { source, allowShrink }: Pick<ClassifierContext, 'source' | 'allowShrink'>,
  former: Manifest | undefined,
  { hour, sources }: Manifest,
): void {
  if (former === undefined || allowShrink) return;
  const before = new Map(former.sources.map((object) => [`${object.key} ${object.etag}`, object]));
  const lost = sources.find(
    ({ key, etag, damaged }) => damaged !== undefined && (before.get(`${key} ${etag}`)?.lines ?? 0) > 0,
  );
  if (lost === undefined) return;
  const { lines } = before.get(`${lost.key} ${lost.etag}`)!;
  throw new ParkedError(
    `Hour ${hour}: parked: ${source.url}/${lost.key} has not changed since epoch ${former.epoch}; expected its ${lines} lines, found it damaged (${lost.damaged})`,
    {
      advice:
        'Its rows stay as they are. Put the object there again in a form that can be read (a new object of the same lines is the next epoch), or ' +
        'run the hour again with --allow-shrink: the object goes to the quarantine, and its rows leave the tables.',
      context: { hour, object: lost.key },
    },
  );
}

/**
 * The commit point: creates the manifest if its epoch is still free.
 * @throws ParkedError, SourceChangedError where another run committed something else under that epoch meanwhile.
 */
export async function commitManifest(
  {
    records,
    scratch,
    source,
    allowShrink,
  }: Pick<ClassifierContext, 'records' | 'scratch' | 'source' | 'allowShrink'>,
  manifest: Manifest,
  former: Manifest | undefined,
): Promise<ClassifiedHour> {
  assertConserved(manifest);
  assertStillReadable({ source, allowShrink }, former, manifest);
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
