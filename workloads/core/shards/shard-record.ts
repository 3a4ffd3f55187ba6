import { canonicalJson } from '../digest.ts';
import { parseDocument } from '../document.ts';
import { ConservationError, TerminalError } from '../errors.ts';
import type { FolderHour } from '../hour.ts';
import { manifestType, type ManifestType, type SetAsideFiles, type SplitFindings } from '../manifest.ts';
import type { Plan } from '../plan.ts';

/** The format of this file; a reader refuses what it does not know. */
export const SHARD_RECORD_VERSION = 1;

/** The commit record of one shard: what it found in its range, and the parts that it staged. */
export interface ShardRecord extends SplitFindings {
  readonly version: typeof SHARD_RECORD_VERSION;
  readonly hour: FolderHour;
  /** Digest of the plan that it belongs to, and through it of everything that the plan is bound to. */
  readonly plan: string;
  /** From 0. */
  readonly index: number;
  /** In staging, for the manifest's own files are made of all shards' together. */
  readonly quarantine: SetAsideFiles | null;
}

export function serialiseShardRecord(record: ShardRecord): string {
  return `${canonicalJson(record)}\n`;
}

/** @throws TerminalError where it is no record of this shard of this plan, or tells of other objects than the plan. */
export function parseShardRecord(
  key: string,
  text: string,
  expected: { readonly plan: string; readonly index: number; readonly objects: Plan },
): ShardRecord {
  const record = parseDocument<ShardRecord>('Shard record', key, text, SHARD_RECORD_VERSION);
  const spell = (objects: Plan): string =>
    canonicalJson(objects.map((object) => [object.key, object.etag, object.size]));
  const problem =
    record.plan !== expected.plan || record.index !== expected.index
      ? `shard ${expected.index} of plan ${expected.plan}, found shard ${record.index} of plan ${record.plan}`
      : spell(record.sources) !== spell(expected.objects)
        ? `the ${expected.objects.length} objects of its range, found ${record.sources.length} that are not the same`
        : undefined;
  if (problem === undefined) return record;
  throw new TerminalError(`Shard record ${key}: expected ${problem}`, {
    advice: 'The records store was changed from outside. Restore the object from its versions.',
    context: { object: key },
  });
}

/** What two pods that split the same range must both have found; names and stored sizes of parts may differ with the codec's release. */
function meaning({ sources, blank, quarantined, reasons, duplicateTypeKeys, types }: SplitFindings): string {
  const rows = types.map(({ type, rows: count, bytes }) => [type, count, bytes]);
  return canonicalJson({ sources, blank, quarantined, reasons, duplicateTypeKeys, rows });
}

/** @throws ConservationError where another pod recorded other figures for the same range of the same objects. */
export function assertSameMeaning(key: string, there: ShardRecord, own: ShardRecord): void {
  if (meaning(there) === meaning(own)) return;
  throw new ConservationError(
    `Shard record ${key}: expected the ${own.staged} staged and ${own.quarantined} quarantined lines of this run, ` +
      `found ${there.staged} and ${there.quarantined}, or others`,
    {
      advice: 'Two runs read the same bytes differently: run one version of logferry everywhere.',
      context: { hour: own.hour, object: key },
    },
  );
}

/** What all shards found together. Order is (shard, part), which is the order of the source. */
export function joinFindings(shards: readonly SplitFindings[]): SplitFindings {
  const sum = (figure: (shard: SplitFindings) => number): number =>
    shards.reduce((total, shard) => total + figure(shard), 0);
  const reasons: Record<string, number> = {};
  const types = new Map<string, ManifestType[]>();
  for (const shard of shards) {
    for (const [reason, count] of Object.entries(shard.reasons))
      reasons[reason] = (reasons[reason] ?? 0) + count;
    for (const entry of shard.types) types.set(entry.type, [...(types.get(entry.type) ?? []), entry]);
  }
  return {
    sources: shards.flatMap(({ sources }) => sources),
    blank: sum(({ blank }) => blank),
    staged: sum(({ staged }) => staged),
    quarantined: sum(({ quarantined }) => quarantined),
    reasons,
    duplicateTypeKeys: sum(({ duplicateTypeKeys }) => duplicateTypeKeys),
    types: [...types].map(([type, entries]) =>
      manifestType(
        type,
        entries[0]!.table,
        entries.flatMap(({ objects }) => objects),
      ),
    ),
  };
}
