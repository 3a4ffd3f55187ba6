import { DamagedObjectError } from '../../core/compression/damage.ts';
import { decode, OURS } from '../../core/compression/decode.ts';
import { NotReadyError, ObjectNotFoundError } from '../../core/errors.ts';
import { checkInterrupt } from '../../core/interrupt.ts';
import { shardOfKey, shardRecordPrefix } from '../../core/layout.ts';
import { readLines } from '../../core/lines/read-lines.ts';
import type { SetAsideFiles, SplitFindings } from '../../core/manifest.ts';
import { listObjects } from '../../core/records.ts';
import { joinFindings, type ShardRecord } from '../../core/shards/shard-record.ts';
import { SpoolPool } from '../../core/scratch/spool-pool.ts';
import type { SetAsideRecord } from '../../core/set-aside/record.ts';
import { SetAsideWriter } from '../../core/set-aside/writer.ts';
import type { HourWork } from '../begin-hour.ts';
import { commitManifest, manifestOf, quarantineName, type ClassifiedHour } from '../commit-hour.ts';
import type { ClassifierContext } from '../context.ts';
import type { AgreedPlan } from './agree-plan.ts';
import { readShard } from './split-shard.ts';

/** Commits the hour's manifest if every shard is recorded. @returns Else the shards that are not. */
export async function joinShards(
  context: ClassifierContext,
  work: HourWork,
  agreed: AgreedPlan,
): Promise<ClassifiedHour | { readonly missing: readonly number[] }> {
  const missing = await missingShards(context, work, agreed);
  if (missing.length > 0) return { missing };
  const shards: ShardRecord[] = [];
  for (const index of agreed.plan.ranges.keys())
    shards.push((await readShard(context, work, agreed, index))!);
  const found = joinFindings(shards);
  await assertStaged(context, work, shards, found);
  const quarantine = await joinQuarantines(context, work, shards);
  return commitManifest(context, manifestOf(context, work, found, quarantine), work.former);
}

/**
 * Staging expires, and a shard may have waited longer for the others than its parts live.
 * @throws NotReadyError where a part is gone: a manifest that names it would be loaded by nobody, and never be made again by itself.
 */
async function assertStaged(
  { staging, signal }: ClassifierContext,
  { hour }: HourWork,
  shards: readonly ShardRecord[],
  { types }: SplitFindings,
): Promise<void> {
  for (const { objects } of types) {
    checkInterrupt(signal);
    const there = new Map<string, number>();
    // A listing a type: a request a part would be as many again for each shard.
    for (const folder of new Set(objects.map(({ key }) => key.slice(0, key.lastIndexOf('/') + 1))))
      for await (const { key, size } of listObjects(staging, folder)) there.set(key, size);
    const lost = objects.find(({ key, size }) => there.get(key) !== size);
    if (lost === undefined) continue;
    const shard = shards.find((each) => each.types.some((entry) => entry.objects.includes(lost)))!.index;
    throw new NotReadyError(
      `Hour ${hour}: expected ${lost.size} bytes that shard ${shard} staged at ${lost.key}, found ${there.get(lost.key) ?? 'nothing'}`,
      {
        advice: `Run --shard ${shard} again: it makes what is gone anew. Where that does not help, run all shards with --again.`,
        context: { hour, object: lost.key },
      },
    );
  }
}

async function missingShards(
  { records }: ClassifierContext,
  { hour }: HourWork,
  { plan, digest }: AgreedPlan,
): Promise<number[]> {
  const recorded = new Set<number | undefined>();
  for await (const { key } of listObjects(records, shardRecordPrefix(hour, digest)))
    recorded.add(shardOfKey(key));
  return [...plan.ranges.keys()].filter((index) => !recorded.has(index));
}

/** Makes one pair of files of all shards' in the order of the source: the very pair that a single process would have made. */
async function joinQuarantines(
  context: ClassifierContext,
  work: HourWork,
  shards: readonly ShardRecord[],
): Promise<SetAsideFiles | null> {
  const writer = new SetAsideWriter(new SpoolPool(context.scratch));
  try {
    for (const { index, quarantine } of shards) {
      if (quarantine === null) continue;
      try {
        await append(context, writer, quarantine);
      } catch (error) {
        throw error instanceof ObjectNotFoundError || error instanceof DamagedObjectError
          ? lostQuarantine(work, index, quarantine, error)
          : error;
      }
    }
    checkInterrupt(context.signal);
    return await writer.publish(context.records, 'quarantine', work.hour, quarantineName(work));
  } finally {
    writer.discard();
  }
}

async function append(
  { staging, scratch, signal }: ClassifierContext,
  writer: SetAsideWriter,
  { bin, index }: SetAsideFiles,
): Promise<void> {
  const before = writer.binOffset;
  for await (const chunk of decode(await staging.read(bin), OURS)) {
    checkInterrupt(signal);
    writer.append(chunk);
    await writer.settle();
  }
  await readLines(
    await staging.read(index),
    OURS,
    scratch,
    ({ view }) => {
      const record = JSON.parse(view.text(0, view.length)) as SetAsideRecord;
      writer.add({ ...record, binOffset: before + record.binOffset });
    },
    () => checkInterrupt(signal),
  );
}

function lostQuarantine(
  { hour }: HourWork,
  shard: number,
  { bin, index }: SetAsideFiles,
  cause: Error,
): NotReadyError {
  return new NotReadyError(
    `Hour ${hour}: expected what shard ${shard} set aside in ${bin} and ${index}, found one of them gone or broken`,
    {
      advice: `Run --shard ${shard} again: it makes what is gone anew. Where an object is broken, run all shards with --again.`,
      context: { hour, object: bin },
      cause,
    },
  );
}
