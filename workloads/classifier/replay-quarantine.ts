import { closeSync } from 'node:fs';
import { DamagedObjectError } from '../core/compression/damage.ts';
import { decode, OURS } from '../core/compression/decode.ts';
import { sha256 } from '../core/digest.ts';
import { NotReadyError, TerminalError, UsageError } from '../core/errors.ts';
import type { FolderHour } from '../core/hour.ts';
import { checkInterrupt } from '../core/interrupt.ts';
import { Line } from '../core/lines/line.ts';
import { readLines } from '../core/lines/read-lines.ts';
import { manifestType, type Manifest, type ManifestType, type SetAsideFiles } from '../core/manifest.ts';
import { identityOf } from '../core/plan.ts';
import { latestManifest } from '../core/records.ts';
import type { SchemaSet } from '../core/schema/schema-set.ts';
import { SpoolPool } from '../core/scratch/spool-pool.ts';
import type { SetAsideRecord } from '../core/set-aside/record.ts';
import { SetAsideWriter } from '../core/set-aside/writer.ts';
import { commitManifest, type ClassifiedHour } from './commit-hour.ts';
import type { ClassifierContext } from './context.ts';
import { LineRouter } from './line-router.ts';
import { assertTablesKept, manifestTypes } from './manifest-types.ts';
import { StagedTypes } from './staged-types.ts';

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
  assertSchemasKept(former, context.schemas);
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
    const replayed = await routeAgain(context, former, former.quarantine, router, quarantine, staged);
    if (replayed.count === 0) return { outcome: 'unchanged', manifest: former, replayed: 0 };
    const types = await staged.finish(() => checkInterrupt(context.signal));
    const epoch = former.epoch + 1;
    const files = await quarantine.publish(context.records, 'quarantine', hour, {
      epoch,
      what: former.fingerprint.slice(0, 12),
    });
    const manifest = nextManifest(context, former, { epoch, replayed, types, files, router });
    return { ...(await commitManifest(context, manifest, former)), replayed: replayed.count };
  } finally {
    staged.discard();
    quarantine.discard();
  }
}

/**
 * A carried part must still have its schema: the next epoch is told apart by the types that it knows, and would claim to have
 * been split without this one.
 */
function assertSchemasKept(former: Manifest, schemas: SchemaSet): void {
  const lost = former.types.find(({ type, rows }) => rows > 0 && schemas.get(type) === undefined);
  if (lost === undefined) return;
  throw new TerminalError(
    `Hour ${former.hour}: expected a schema for "${lost.type}", which has ${lost.rows} staged rows, found none: not replayed`,
    {
      advice:
        'Put its file back; or classify the hour again from the source, and its lines go to the quarantine.',
      context: { hour: former.hour, type: lost.type },
    },
  );
}

/** What a replay moved: counted and digested as the lines stream by, for their ids do not fit into a manifest. */
interface Replayed {
  readonly count: number;
  readonly digest: string;
}

/** @returns The lines that found a type; all others are in `quarantine` again, byte for byte. */
async function routeAgain(
  { records, scratch, signal }: ClassifierContext,
  former: Manifest,
  files: SetAsideFiles,
  router: LineRouter,
  quarantine: SetAsideWriter,
  staged: StagedTypes,
): Promise<Replayed> {
  const bin = scratch.open('replay.bin');
  let binBytes = 0;
  let fd: number | undefined;
  let count = 0;
  let { digest } = former.replayed;
  const line = new Line();
  try {
    for await (const chunk of decode(await records.read(files.bin), OURS)) {
      checkInterrupt(signal);
      bin.write(chunk);
      binBytes += chunk.length;
    }
    const reading = (fd = scratch.openToRead(bin.path));
    await readLines(await records.read(files.index), OURS, scratch, ({ view }) => {
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
      if (staged.rows === before) return;
      count++;
      digest = sha256(digest, record.id);
    });
  } catch (error) {
    throw error instanceof DamagedObjectError ? brokenQuarantine(former, files, error) : error;
  } finally {
    bin.close();
    if (fd !== undefined) closeSync(fd);
    scratch.release(bin.path, binBytes);
  }
  return { count, digest };
}

function brokenQuarantine(
  { hour }: Manifest,
  { bin, index }: SetAsideFiles,
  cause: DamagedObjectError,
): TerminalError {
  return new TerminalError(`Hour ${hour}: ${bin} or its index ${index} is ${cause.reason}: not replayed`, {
    advice:
      'Records were changed from outside. Restore the objects from their versions, or classify again from the source.',
    context: { hour, object: bin },
    cause,
  });
}

function nextManifest(
  { schemas, typeKey }: ClassifierContext,
  former: Manifest,
  next: {
    epoch: number;
    replayed: Replayed;
    types: ReadonlyMap<string, ManifestType>;
    files: SetAsideFiles | null;
    router: LineRouter;
  },
): Manifest {
  const { count, digest } = next.replayed;
  const carried = new Map(former.types.map((entry) => [entry.type, entry.objects]));
  return {
    ...former,
    epoch: next.epoch,
    identity: identityOf({
      fingerprint: former.fingerprint,
      typeKey,
      typeNames: schemas.typeNames,
      replayed: digest,
      again: former.again,
    }),
    staged: former.staged + count,
    quarantined: former.quarantined - count,
    reasons: next.router.reasons,
    duplicateTypeKeys: former.duplicateTypeKeys + next.router.duplicateTypeKeys,
    types: manifestTypes(former, schemas, (type, table) =>
      manifestType(type, table, [...(carried.get(type) ?? []), ...(next.types.get(type)?.objects ?? [])]),
    ),
    quarantine: next.files,
    replayed: { count: former.replayed.count + count, digest },
  };
}
