import type { DuckDBConnection } from '@duckdb/node-api';
import { ConservationError, messageOf, TerminalError } from '../../core/errors.ts';
import { readLines } from '../../core/lines/read-lines.ts';
import type { LoadJob } from '../../core/ports/warehouse.ts';
import type { Scratch } from '../../core/scratch/scratch.ts';
import { duckdbNames, literal } from './names.ts';
import { RowFiles } from './rows/row-files.ts';

/**
 * Makes a TEMP table of NDJSON objects: a view over files in scratch that hold their rows, so that DuckDB stores them once, in the
 * commit. @returns The files; whoever drops the TEMP table discards them.
 */
export async function loadObjects(
  connection: DuckDBConnection,
  scratch: Scratch,
  job: LoadJob,
): Promise<RowFiles> {
  const files = new RowFiles(scratch, job.fields);
  try {
    for (const { key, rows } of job.objects) await addObject(files, scratch, job, key, rows);
    files.end();
    await connection.run(viewOf(job.temp, files));
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
    const { lines } = await readLines(source, scratch, ({ view }) => files.add(view));
    if (lines === rows) return;
    throw new ConservationError(`Load of ${key} into ${temp}: expected ${rows} rows, found ${lines}`, {
      advice: 'The object changed after it was checked. Nothing was committed.',
      context,
    });
  } catch (error) {
    if (error instanceof ConservationError) throw error;
    throw new TerminalError(`Load of ${key} into ${temp} failed: ${messageOf(error)}`, {
      advice:
        'Every row passed the row check, so this is a defect of logferry or a changed object. Nothing was committed.',
      context,
      cause: error,
    });
  }
}

/** The statement that makes a TEMP table of rows that were taken. */
export function viewOf(temp: string, files: RowFiles): string {
  const paths = files.paths();
  return `CREATE OR REPLACE VIEW ${duckdbNames.temp(temp)} AS SELECT * FROM read_parquet([${paths.map(literal).join(', ')}],
  hive_partitioning = false)`;
}
