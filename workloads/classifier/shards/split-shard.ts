import { checkInterrupt } from '../../core/interrupt.ts';
import { shardRecordKey } from '../../core/layout.ts';
import { assertBalanced } from '../../core/manifest.ts';
import { mayBeThere, readTextIfThere, textFile } from '../../core/records.ts';
import { objectsOfShard } from '../../core/shards/shard-plan.ts';
import {
  assertSameMeaning,
  parseShardRecord,
  serialiseShardRecord,
  SHARD_RECORD_VERSION,
  type ShardRecord,
} from '../../core/shards/shard-record.ts';
import type { HourWork } from '../begin-hour.ts';
import { quarantineName } from '../commit-hour.ts';
import type { ClassifierContext } from '../context.ts';
import { splitHour } from '../split-hour.ts';
import type { AgreedPlan } from './agree-plan.ts';

/**
 * Brings one shard to its record: splits its range, stages the parts, and creates the record if nobody has. Where the record is
 * there and staging has what it names, nothing is done; where staging lost some of it, splitting again makes the same objects.
 */
export async function ensureShard(
  context: ClassifierContext,
  work: HourWork,
  agreed: AgreedPlan,
  index: number,
): Promise<ShardRecord> {
  const there = await readShard(context, work, agreed, index);
  if (there === undefined) return recordShard(context, work, agreed, index);
  const lost = await firstLost(context, there);
  if (lost === undefined) return there;
  context.logger.log(
    'WARNING',
    `Hour ${work.hour}: shard ${index} is recorded, but ${context.staging.url}/${lost} is gone or changed: it is split again`,
    { hour: work.hour, object: lost },
  );
  return recordShard(context, work, agreed, index);
}

/** What is recorded of a shard, or undefined where it is not done. */
export async function readShard(
  { records }: Pick<ClassifierContext, 'records'>,
  { hour }: HourWork,
  { plan, digest }: AgreedPlan,
  index: number,
): Promise<ShardRecord | undefined> {
  const key = shardRecordKey(hour, digest, index);
  const text = await readTextIfThere(records, key);
  if (text === undefined) return undefined;
  return parseShardRecord(key, text, { plan: digest, index, objects: objectsOfShard(plan, index) });
}

/** The first object that a record names and staging no longer has as it was. */
async function firstLost(
  { staging, signal }: ClassifierContext,
  { types, quarantine }: ShardRecord,
): Promise<string | undefined> {
  for (const { key, size, crc32c } of types.flatMap(({ objects }) => objects)) {
    checkInterrupt(signal);
    const there = await staging.head(key);
    if (there?.size !== size || there.crc32c !== crc32c) return key;
  }
  for (const key of quarantine === null ? [] : [quarantine.bin, quarantine.index])
    if ((await staging.head(key)) === undefined) return key;
  return undefined;
}

async function recordShard(
  context: ClassifierContext,
  work: HourWork,
  agreed: AgreedPlan,
  index: number,
): Promise<ShardRecord> {
  const { hour, fingerprint, again } = work;
  const shard = again === 0 ? String(index) : `a${again}s${index}`;
  const plan = objectsOfShard(agreed.plan, index);
  const { quarantine, ...found } = await splitHour(context, { hour, plan, fingerprint, shard });
  try {
    checkInterrupt(context.signal);
    const { epoch, what } = quarantineName(work);
    const files = await quarantine.publish(context.staging, '_shards', hour, {
      epoch,
      what: `${what}-${shard}`,
    });
    const record: ShardRecord = {
      ...found,
      ...{ version: SHARD_RECORD_VERSION, hour, plan: agreed.digest, index, quarantine: files },
    };
    assertBalanced(record, `Hour ${hour}, shard ${index}`);
    return await commitRecord(context, work, agreed, record);
  } finally {
    quarantine.discard();
  }
}

/** The shard's commit point. Two processes on one index: the loser takes the winner's record, which says the same. */
async function commitRecord(
  context: ClassifierContext,
  work: HourWork,
  agreed: AgreedPlan,
  own: ShardRecord,
): Promise<ShardRecord> {
  const { records, scratch } = context;
  const key = shardRecordKey(work.hour, agreed.digest, own.index);
  const file = await textFile(scratch, 'shard-record', serialiseShardRecord(own));
  try {
    await records.create(key, file);
    return own;
  } catch (error) {
    if (!mayBeThere(error)) throw error;
    const winner = await readShard(context, work, agreed, own.index);
    if (winner === undefined) throw error;
    assertSameMeaning(key, winner, own);
    return winner;
  } finally {
    scratch.release(file.path, file.size);
  }
}
