import { ParkedError, SourceChangedError, TerminalError } from '../core/errors.ts';
import { hourPath, type FolderHour } from '../core/hour.ts';
import type { Manifest } from '../core/manifest.ts';
import { fingerprintOf, makePlan, shrinkageOf, type Plan, type Shrinkage } from '../core/plan.ts';
import type { ObjectInfo } from '../core/ports/object-store.ts';
import { listObjects } from '../core/records.ts';
import type { ClassifierContext } from './context.ts';
import type { Seen } from './until-source-holds.ts';

/** A source that changes faster than this many listings is still being written: the hour is not over. */
const MAX_LISTINGS = 6;

/**
 * Lists the hour until two listings are alike: a key that came while page 7 was read is seen by the next one.
 * @param listed Is told of each listing.
 */
export async function planHour(
  { source }: ClassifierContext,
  hour: FolderHour,
  listed: (plan: Plan) => void,
): Promise<{ plan: Plan; fingerprint: string }> {
  const prefix = `${hourPath(hour)}/`;
  let former: string | undefined;
  for (let listing = 0; listing < MAX_LISTINGS; listing++) {
    const objects: ObjectInfo[] = [];
    for await (const object of listObjects(source, prefix)) objects.push(object);
    const plan = makePlan(objects);
    listed(plan);
    const fingerprint = fingerprintOf(plan);
    if (fingerprint === former) return { plan, fingerprint };
    former = fingerprint;
  }
  throw new SourceChangedError(
    `Hour ${hour}: expected two equal listings of ${source.url}/${prefix}, found ${MAX_LISTINGS} different ones`,
    { advice: 'Objects are still arriving. The next run takes the hour up.', context: { hour } },
  );
}

/** A key in the folder of some hour. */
const HOUR_KEY = /^\d{4}\/\d{2}\/\d{2}\/\d{2}\//;

/**
 * An hour without a key is an empty hour, unless no hour ever had one: then the prefix is wrong. Keys that lie in no hour prove
 * nothing: whoever names the folder above the right one has plenty of them.
 * @throws TerminalError where neither the source nor the records know of a single hour.
 */
export async function assertPrefixInUse(
  { source, records }: ClassifierContext,
  hour: FolderHour,
): Promise<void> {
  const century = hour.slice(0, 2);
  for await (const { key } of listObjects(source, century)) if (HOUR_KEY.test(key)) return;
  if ((await records.list('manifests/', { limit: 1 })).objects.length > 0) return;
  throw new TerminalError(
    `Hour ${hour}: expected objects below ${source.url}/YYYY/MM/DD/HH/, found none in any hour`,
    {
      advice: 'Check --source (LOGFERRY_SOURCE): it must end where the year folders begin.',
      context: { hour },
    },
  );
}

/** @throws ParkedError where the plan lost or shrank an object of the last manifest and nobody allowed it. */
export function assertNotShrunk(
  { source, allowShrink }: ClassifierContext,
  former: Manifest | undefined,
  plan: Plan,
): void {
  if (former === undefined || allowShrink) return;
  const lost = shrinkageOf(former.sources, plan);
  if (lost.length === 0) return;
  throw parked(former.hour, `of epoch ${former.epoch}`, source.url, lost, [
    'Its rows stay as they are. If the objects were removed on purpose, run the hour again with --allow-shrink.',
  ]);
}

/**
 * What this run has listed and no longer finds has lines that nobody has: to go on without them would be to lose them silently.
 * @param former What its manifest has is its business (`assertNotShrunk`).
 * @param seen All that the run has listed.
 * @throws ParkedError where an object vanished or shrank meanwhile and nobody allowed it.
 */
export function assertNothingLost(
  { source, allowShrink }: ClassifierContext,
  former: Manifest | undefined,
  hour: FolderHour,
  seen: Seen,
  plan: Plan,
): void {
  if (allowShrink) return;
  const committed = new Set(former?.sources.map(({ key }) => key));
  const lost = shrinkageOf([...seen.values()], plan).filter(({ key }) => !committed.has(key));
  if (lost.length === 0) return;
  throw parked(hour, 'that this run had listed', source.url, lost, [
    'Nothing was committed. Bring the objects back if their lines are missing; without them the next run takes what is there.',
    'Whatever removes or rewrites objects of the source while they are read (a lifecycle rule, a clean-up job) has to wait longer.',
  ]);
}

function parked(
  hour: FolderHour,
  which: string,
  url: string,
  lost: readonly Shrinkage[],
  advice: readonly string[],
): ParkedError {
  const { key, before, now } = lost[0]!;
  return new ParkedError(
    `Hour ${hour}: parked: ${lost.length} object(s) ${which} vanished or shrank in ${url}; ` +
      `${key}: expected ${before} bytes, found ${now === undefined ? 'nothing' : `${now} bytes`}`,
    { advice: advice.join(' '), context: { hour, object: key, lost: lost.length } },
  );
}

/**
 * A schema that is gone empties its table hour by hour, as a vanished object would: an incomplete schema folder must not do that.
 * @throws ParkedError where a type with rows lost its schema and nobody allowed it.
 */
export function assertSchemasKept(
  { schemas, allowShrink }: ClassifierContext,
  former: Manifest | undefined,
): void {
  const lost = (former?.types ?? []).filter(({ type, rows }) => rows > 0 && schemas.get(type) === undefined);
  if (former === undefined || allowShrink || lost.length === 0) return;
  const list = lost.map(({ type, rows }) => `"${type}" (${rows} rows)`).join(', ');
  throw new ParkedError(
    `Hour ${former.hour}: parked: expected the schemas of epoch ${former.epoch}, found none for ${list}`,
    {
      advice:
        'Its rows stay as they are. If the types were removed on purpose, run the hour again with --allow-shrink: ' +
        'their lines go to the quarantine and their rows leave the tables.',
      context: { hour: former.hour, type: lost[0]!.type, lost: lost.length },
    },
  );
}
