import type { ShardSettings } from '../classifier/context.ts';
import { UsageError } from '../core/errors.ts';
import type { Settings } from './settings.ts';

/** A process that splits every hour whole. */
export const UNSHARDED: ShardSettings = { index: 0, max: 1, bytes: Number.MAX_SAFE_INTEGER };

/**
 * Which part of large hours this process splits.
 * @throws UsageError where it is not said, or there is no such shard.
 */
export function shardSettings({ shards, shard, throughput, shardTime }: Settings): ShardSettings {
  if (shards < 1) {
    throw new UsageError(
      `--shards (LOGFERRY_SHARDS): expected at least 1, the number of processes, found ${shards}`,
    );
  }
  if (shard === undefined && shards > 1) {
    throw new UsageError(
      `--shard (LOGFERRY_SHARD): expected which of the ${shards} shards this process is, from 0, found nothing`,
      { advice: `Start ${shards} processes, one with each of --shard 0 to --shard ${shards - 1}.` },
    );
  }
  const index = shard ?? 0;
  if (index >= shards) {
    throw new UsageError(
      `--shard (LOGFERRY_SHARD): expected a number from 0 to ${shards - 1}, below --shards, found ${index}`,
    );
  }
  const bytes = Math.floor((throughput * shardTime) / 1_000);
  if (bytes < 1) {
    throw new UsageError(
      `--throughput, --shard-time: expected both above 0, found ${throughput} bytes a second for ${shardTime / 1_000} s`,
    );
  }
  return { index, max: shards, bytes };
}

/** @throws UsageError for a command that carries an hour to its end, which no share of it can reach. */
export function refuseShards(command: string, { shards, shard }: Settings): void {
  if (shards <= 1 && shard === undefined) return;
  const found = shards > 1 ? `--shards ${shards} (LOGFERRY_SHARDS)` : `--shard ${shard} (LOGFERRY_SHARD)`;
  throw new UsageError(`${command}: expected one process a run, found ${found}`, {
    advice: 'Classify with shards, and load once with "logferry load HOURS".',
  });
}
