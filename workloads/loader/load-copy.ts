import type { FolderHour } from '../core/hour.ts';
import { loadCopyKey } from '../core/layout.ts';
import { publish } from '../core/records.ts';
import type { Compression } from '../core/compression/block-encoder.ts';
import { RowCheck } from '../core/rows/row-check.ts';
import type { LogType } from '../core/schema/log-type.ts';
import { SpoolPool } from '../core/scratch/spool-pool.ts';
import { readRows, type CheckContext, type CheckedPart } from './check-type.ts';
import { writeExtended } from './extended-row.ts';
import type { LoadObject } from './plan-jobs.ts';

const NEWLINE = Buffer.from('\n');

/**
 * The object that a part is loaded from: the part itself where all its rows go in as they are, else a copy below `_load/` of the
 * accepted rows' raw bytes, with unknown members moved into `unknown_fields`. Undefined where no row is accepted.
 */
export async function loadObjectOf(
  context: CheckContext & { readonly compression: Compression },
  hour: FolderHour,
  logType: LogType,
  { object, rejected, extended }: CheckedPart,
): Promise<LoadObject | undefined> {
  const rows = object.rows - rejected;
  if (rows === 0) return undefined;
  if (rejected === 0 && extended === 0) return { key: object.key, rows, size: object.size };
  const { scratch, staging, compression } = context;
  const spool = new SpoolPool(scratch).open('load-copy', compression);
  const check = new RowCheck(logType);
  await readRows(context, hour, logType.type, object, check, ({ view }, { misfits, unknown }) => {
    if (misfits.length > 0) return;
    if (unknown.length === 0) view.eachPiece(0, view.length, (piece) => spool.append(piece));
    else writeExtended(spool, view, logType.fields, unknown);
    spool.append(NEWLINE);
  });
  const file = await spool.seal();
  const key = loadCopyKey(object.key, logType.version, {
    sha256: file.sha256,
    gzip: compression.kind === 'gzip',
  });
  await publish(staging, key, file);
  scratch.release(file.path, file.size);
  return { key, rows, size: file.size };
}
