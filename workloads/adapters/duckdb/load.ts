import type { DuckDBConnection } from '@duckdb/node-api';
import { ConservationError, messageOf, TerminalError } from '../../core/errors.ts';
import { readLines } from '../../core/lines/read-lines.ts';
import type { LoadJob } from '../../core/ports/warehouse.ts';
import type { Scratch } from '../../core/scratch/scratch.ts';
import { ByteSink } from './byte-sink.ts';
import { duckdbNames, literal } from './names.ts';
import { RowText } from './row-text.ts';
import { duckdbType, textType } from './types.ts';

/** DuckDB: "maximum_object_size: 16777216 bytes" by default; its buffers grow with it, so it is raised only when needed. */
const DEFAULT_OBJECT_BYTES = 16 * 1024 * 1024;

/** Fills a TEMP table, made anew, from NDJSON objects. @returns The rows that DuckDB counts in it. */
export async function loadObjects(
  connection: DuckDBConnection,
  scratch: Scratch,
  job: LoadJob,
): Promise<number> {
  const table = duckdbNames.temp(job.temp);
  const columns = job.fields.map((field) => `${duckdbNames.column(field.name)} ${duckdbType(field)}`);
  await connection.run(`CREATE OR REPLACE TABLE ${table} (${columns.join(', ')})`);
  const text = new RowText(job.fields);
  for (const { key, rows } of job.objects) {
    const file = scratch.open('duckdb-rows');
    const sink = new ByteSink((bytes) => file.write(bytes));
    try {
      const source = await job.store.read(key);
      const { lines } = await readLines(source, scratch, (line) => text.write(line.view, sink));
      if (lines !== rows) {
        throw new ConservationError(
          `Load of ${key} into ${job.temp}: expected ${rows} rows, found ${lines}`,
          {
            advice: 'The object changed after it was checked. Nothing was committed.',
            context: { object: key },
          },
        );
      }
      sink.flush();
      await connection.run(insertFrom(table, job, file.path, sink.longestLine));
    } catch (error) {
      if (error instanceof ConservationError) throw error;
      throw new TerminalError(`Load of ${key} into ${job.temp} failed: ${messageOf(error)}`, {
        advice:
          'Every row passed the row check, so this is a defect of logferry or a changed object. Nothing was committed.',
        context: { object: key },
        cause: error,
      });
    } finally {
      file.close();
      scratch.release(file.path, sink.total);
    }
  }
  const counted = await connection.runAndReadAll(`SELECT COUNT(*) AS row_count FROM ${table}`);
  return Number(counted.getRowObjects()[0]?.row_count);
}

function insertFrom(table: string, { fields }: LoadJob, path: string, longestLine: number): string {
  const shape = fields.map((field) => `${literal(field.name)}: ${literal(textType(field))}`);
  const casts = fields.map((field) => `CAST(${duckdbNames.column(field.name)} AS ${duckdbType(field)})`);
  const objectBytes = Math.max(DEFAULT_OBJECT_BYTES, longestLine + 1);
  return `INSERT INTO ${table} SELECT ${casts.join(', ')} FROM read_json(${literal(path)}, format = 'newline_delimited',
  compression = 'uncompressed', maximum_object_size = ${objectBytes}, columns = {${shape.join(', ')}})`;
}
