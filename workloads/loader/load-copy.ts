import type { FolderHour } from '../core/hour.ts';
import { loadCopyKey } from '../core/layout.ts';
import type { StagedObject } from '../core/manifest.ts';
import { publish } from '../core/records.ts';
import type { Compression } from '../core/compression/block-encoder.ts';
import { RowCheck } from '../core/rows/row-check.ts';
import type { LogType } from '../core/schema/log-type.ts';
import type { SealedFile } from '../core/scratch/sealed-file.ts';
import { SpoolPool } from '../core/scratch/spool-pool.ts';
import { readRows, type CheckContext, type CheckedPart } from './check-type.ts';
import { writeExtended } from './extended-row.ts';
import type { LoadObject } from './plan-jobs.ts';

const NEWLINE = Buffer.from('\n');

interface CopyContext extends CheckContext {
  readonly compression: Compression;
}

/**
 * The object that a part is loaded from: the part itself where all its rows go in as they are, else a copy below `_load/` of the
 * accepted rows' raw bytes, with unknown members moved into `unknown_fields`. Undefined where no row is accepted.
 */
export async function loadObjectOf(
  context: CopyContext,
  hour: FolderHour,
  logType: LogType,
  { object, rejected, extended }: CheckedPart,
): Promise<LoadObject | undefined> {
  const rows = object.rows - rejected;
  if (rows === 0) return undefined;
  if (rejected === 0 && extended === 0) return { key: object.key, rows, size: object.size };
  const { scratch, staging, compression } = context;
  const file = await writeCopy(context, hour, logType, object);
  try {
    const key = loadCopyKey(object.key, logType.version, {
      sha256: file.sha256,
      gzip: compression.kind === 'gzip',
    });
    await publish(staging, key, file);
    return { key, rows, size: file.size };
  } finally {
    // Also of one that was not published: a run goes on with the next types and hours.
    scratch.release(file.path, file.size);
  }
}

/** Writes the accepted rows of a part into scratch; nothing of them stays there where that fails. */
async function writeCopy(
  context: CopyContext,
  hour: FolderHour,
  logType: LogType,
  object: StagedObject,
): Promise<SealedFile> {
  const spool = new SpoolPool(context.scratch).open('load-copy', context.compression);
  const check = new RowCheck(logType);
  try {
    await readRows(context, hour, logType.type, object, check, ({ view }, { misfits, unknown }) => {
      if (misfits.length > 0) return;
      if (unknown.length === 0) view.eachPiece(0, view.length, (piece) => spool.append(piece));
      else writeExtended(spool, view, logType.fields, unknown);
      spool.append(NEWLINE);
    });
    return await spool.seal();
  } finally {
    spool.discard();
  }
}
