import { OURS } from '../../core/compression/decode.ts';
import { ConservationError, LogferryError, messageOf, TerminalError } from '../../core/errors.ts';
import { readLines } from '../../core/lines/read-lines.ts';
import type { LoadJob } from '../../core/ports/warehouse.ts';
import type { Scratch } from '../../core/scratch/scratch.ts';
import { literal } from './names.ts';
import { RowFiles } from './rows/row-files.ts';
import { UnreadableRowError } from './rows/skip.ts';

/**
 * Reads NDJSON objects into files in scratch that hold their rows: a TEMP table that DuckDB stores once, in the commit.
 * @returns The files; whoever drops the TEMP table discards them.
 */
export async function rowFilesOf(scratch: Scratch, job: LoadJob): Promise<RowFiles> {
  const files = new RowFiles(scratch, job.fields);
  try {
    for (const { key, rows } of job.objects) await addObject(files, scratch, job, key, rows);
    files.end();
    return files;
  } catch (error) {
    files.discard();
    throw error;
  }
}

async function addObject(
  files: RowFiles,
  scratch: Scratch,
  { store, temp }: LoadJob,
  key: string,
  rows: number,
): Promise<void> {
  const context = { object: key };
  try {
    const source = await store.read(key);
    const { lines } = await readLines(source, OURS, scratch, ({ view }) => files.add(view));
    if (lines === rows) return;
    throw new ConservationError(`Load of ${key} into ${temp}: expected ${rows} rows, found ${lines}`, {
      advice: 'The object changed after it was checked. Nothing was committed.',
      context,
    });
  } catch (error) {
    // What is known by name keeps it, a full disk is none of the object's; a row that cannot be read lacks the object's.
    if (error instanceof LogferryError && !(error instanceof UnreadableRowError)) throw error;
    throw new TerminalError(`Load of ${key} into ${temp} failed: ${messageOf(error)}`, {
      advice:
        'Every row passed the row check, so this is a defect of logferry or a changed object. Nothing was committed.',
      context,
      cause: error,
    });
  }
}

/** Rows that were taken, as a table in SQL: no view is made of them, for it would be made, read and dropped for each type. */
export function rowsOf(files: RowFiles): string {
  return `read_parquet([${files.paths().map(literal).join(', ')}], hive_partitioning = false)`;
}
