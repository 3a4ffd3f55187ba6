import { closeSync, openSync } from 'node:fs';
import { decode } from '../core/compression/decode.ts';
import { NotReadyError, UsageError } from '../core/errors.ts';
import type { FolderHour } from '../core/hour.ts';
import { checkInterrupt } from '../core/interrupt.ts';
import { Line } from '../core/lines/line.ts';
import { readLines } from '../core/lines/read-lines.ts';
import type { Manifest, ManifestType, SetAsideFiles } from '../core/manifest.ts';
import { identityOf } from '../core/plan.ts';
import { latestManifest } from '../core/records.ts';
import { SpoolPool } from '../core/scratch/spool.ts';
import type { SetAsideRecord } from '../core/set-aside/record.ts';
import { SetAsideWriter } from '../core/set-aside/writer.ts';
import { commitManifest, type ClassifiedHour } from './classify-hour.ts';
import type { ClassifierContext } from './context.ts';
import { LineRouter } from './line-router.ts';
import { assertTablesKept, manifestTypes } from './manifest-types.ts';
import { manifestType, StagedTypes } from './staged-types.ts';

/** How many quarantined lines found a type now. */
export interface ReplayedHour extends ClassifiedHour {
  readonly replayed: number;
}

/**
 * Takes an hour's quarantined lines through the classification again, without the source: the next epoch carries the former
 * parts and one more a type. Each line is in exactly one place, before and after, so nothing counts twice.
 */
export async function replayQuarantine(context: ClassifierContext, hour: FolderHour): Promise<ReplayedHour> {
  const former = await latestManifest(context.records, hour);
  if (former === undefined) {
    throw new NotReadyError(`Hour ${hour}: expected a manifest to replay the quarantine of, found none`, {
      advice: 'Classify the hour first.',
      context: { hour },
    });
  }
  if (former.typeKey !== context.typeKey) {
    throw new UsageError(
      `Hour ${hour}: expected --type-key ${former.typeKey}, as the hour was classified, found ${context.typeKey}`,
    );
  }
  assertTablesKept(former, context.schemas);
  if (former.quarantine === null) return { outcome: 'unchanged', manifest: former, replayed: 0 };
  const pool = new SpoolPool(context.scratch);
  const { staging, compression, partBytes, schemas, typeKey } = context;
  const shard = `r${former.epoch + 1}`;
  const staged = new StagedTypes({
    staging,
    pool,
    hour,
    fingerprint: former.fingerprint,
    shard,
    compression,
    partBytes,
  });
  const quarantine = new SetAsideWriter(pool);
  try {
    const router = new LineRouter(typeKey, schemas, staged, quarantine);
    const ids = await routeAgain(context, former.quarantine, router, quarantine, staged);
    if (ids.length === 0) return { outcome: 'unchanged', manifest: former, replayed: 0 };
    const types = await staged.finish(() => checkInterrupt(context.signal));
    const epoch = former.epoch + 1;
    const files = await quarantine.publish(context.records, 'quarantine', hour, {
      epoch,
      what: former.fingerprint.slice(0, 12),
    });
    const manifest = nextManifest(context, former, { epoch, ids, types, files, router });
    return { ...(await commitManifest(context, manifest)), replayed: ids.length };
  } finally {
    staged.discard();
    quarantine.discard();
  }
}

/** @returns The ids of the lines that found a type; all others are in `quarantine` again, byte for byte. */
async function routeAgain(
  { records, scratch, signal }: ClassifierContext,
  files: SetAsideFiles,
  router: LineRouter,
  quarantine: SetAsideWriter,
  staged: StagedTypes,
): Promise<string[]> {
  const bin = scratch.open('replay.bin');
  let binBytes = 0;
  let fd: number | undefined;
  const ids: string[] = [];
  const line = new Line();
  try {
    for await (const chunk of decode(await records.read(files.bin))) {
      bin.write(chunk);
      binBytes += chunk.length;
    }
    const reading = (fd = openSync(bin.path, 'r'));
    await readLines(await records.read(files.index), scratch, ({ view }) => {
      checkInterrupt(signal);
      const record = JSON.parse(view.text(0, view.length)) as SetAsideRecord;
      const { object: key, etag, binOffset, length } = record;
      line.view.inFile(reading, binOffset + length, binOffset);
      if (record.line === null) {
        const from = quarantine.binOffset;
        line.view.eachPiece(0, length, (piece) => quarantine.append(piece));
        quarantine.add({ ...record, binOffset: from });
        return;
      }
      line.number = record.line;
      line.offset = record.byteOffset;
      const before = staged.rows;
      router.route(line, { key, etag });
      if (staged.rows > before) ids.push(record.id);
    });
  } finally {
    bin.close();
    if (fd !== undefined) closeSync(fd);
    scratch.release(bin.path, binBytes);
  }
  return ids;
}

function nextManifest(
  { schemas, typeKey }: ClassifierContext,
  former: Manifest,
  next: {
    epoch: number;
    ids: readonly string[];
    types: ReadonlyMap<string, ManifestType>;
    files: SetAsideFiles | null;
    router: LineRouter;
  },
): Manifest {
  const replayed = [...former.replayed, ...next.ids].sort();
  const carried = new Map(former.types.map((entry) => [entry.type, entry.objects]));
  return {
    ...former,
    epoch: next.epoch,
    identity: identityOf({
      fingerprint: former.fingerprint,
      typeKey,
      typeNames: schemas.typeNames,
      replayed,
    }),
    staged: former.staged + next.ids.length,
    quarantined: former.quarantined - next.ids.length,
    duplicateTypeKeys: former.duplicateTypeKeys + next.router.duplicateTypeKeys,
    types: manifestTypes(former, schemas, (type, table) =>
      manifestType(type, table, [...(carried.get(type) ?? []), ...(next.types.get(type)?.objects ?? [])]),
    ),
    quarantine: next.files,
    replayed,
  };
}
