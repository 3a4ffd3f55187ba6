import { classifyHour } from '../../classifier/classify-hour.ts';
import type { ClassifiedHour } from '../../classifier/commit-hour.ts';
import type { ClassifierContext } from '../../classifier/context.ts';
import { classifyShard, type ClassifiedShard } from '../../classifier/shards/classify-shard.ts';
import type { FolderHour } from '../../core/hour.ts';
import type { Manifest } from '../../core/manifest.ts';
import type { HourResult } from '../report.ts';

/** Classifies an hour, or this process's share of it, and says what became of it. */
export async function classify(classifier: ClassifierContext, hour: FolderHour): Promise<HourResult> {
  const { index, max } = classifier.shards;
  const classified: ClassifiedHour | ClassifiedShard =
    max === 1 ? await classifyHour(classifier, hour) : await classifyShard(classifier, hour);
  if (classified.outcome === 'waiting' || classified.outcome === 'spare')
    return tellShare(classifier, hour, classified);
  const { manifest, outcome } = classified;
  const shards = 'shards' in classified ? classified.shards : undefined;
  if (outcome === 'committed') tellQuarantine(classifier, manifest);
  tellOutcome(classifier, hour, outcome, `epoch ${manifest.epoch}, ${manifest.lines} lines`);
  const shard = shards === undefined ? {} : { shard: { index, of: shards, missing: [] } };
  return { manifest, classified: outcome, ...shard };
}

/** A pod that ends without a committed hour says why that is no failure. */
function tellShare(
  { logger, shards: { index } }: ClassifierContext,
  hour: FolderHour,
  classified: Extract<ClassifiedShard, { outcome: 'waiting' | 'spare' }>,
): HourResult {
  const { shards: of, epoch } = classified;
  if (classified.outcome === 'spare') {
    logger.log('INFO', `Hour ${hour}: nothing to do for shard ${index}, its plan has ${of}, from 0`, {
      hour,
      shard: index,
      shards: of,
    });
    return { shard: { index, of, missing: [] } };
  }
  const { missing, record } = classified;
  logger.log(
    'NOTICE',
    `Hour ${hour}: shard ${index} of ${of} is done, epoch ${epoch} waits for ${missing.length > 1 ? 'shards' : 'shard'} ${missing.join(', ')}`,
    { hour, shard: index, shards: of, missing },
  );
  return { share: record, shard: { index, of, missing } };
}

/** Lines that no type took are nobody's rows: said aloud once, when the hour is classified. */
export function tellQuarantine({ logger }: ClassifierContext, manifest: Manifest): void {
  const { hour, quarantined, reasons, quarantine } = manifest;
  if (quarantined === 0) return;
  const list = Object.entries(reasons).map(([reason, count]) => `${count} ${reason}`);
  const where = quarantine?.index ?? '';
  logger.log('WARNING', `Hour ${hour}: ${quarantined} lines quarantined (${list.join(', ')}); see ${where}`, {
    hour,
    quarantined,
    reasons,
    object: where,
  });
}

/** One event an hour: what a machine that follows the log counts. */
export function tellOutcome(
  { logger }: ClassifierContext,
  hour: FolderHour,
  outcome: 'committed' | 'unchanged' | 'failed',
  detail: string,
): void {
  const words: Readonly<Record<typeof outcome, string>> = {
    unchanged: `nothing to do, ${detail} is committed`,
    committed: `done, ${detail}`,
    failed: `classified, ${detail}, but not all of its types are loaded: each says why`,
  };
  logger.log('INFO', `Hour ${hour}: ${words[outcome]}`, { hour, outcome });
}
