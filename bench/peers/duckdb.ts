import { createRequire } from 'node:module';
import { partitionType } from '../equality/read-output.ts';
import type { GeneratedHour } from '../generate/write-hour.ts';
import type { Classifier } from './tool.ts';

const { version } = createRequire(import.meta.url)('@duckdb/node-api/package.json') as { version: string };

export const DUCKDB_VERSION = `DuckDB ${version} (@duckdb/node-api), 2 threads`;

/** A script beside this file, run by this Node. JavaScript: a peer must not pay for the stripping of types. */
export const script = (name: string): string => new URL(name, import.meta.url).pathname;

/** The classification as one COPY ... PARTITION_BY of DuckDB. Its gzip has one level, that of miniz's default: 6. */
export function duckdbClassify(
  { files }: Pick<GeneratedHour, 'files'>,
  compression: 'none' | 'gzip',
): Classifier {
  const source = files.length === 1 ? files[0]! : `${files[0]!.slice(0, files[0]!.lastIndexOf('/'))}/*`;
  return {
    name: 'DuckDB',
    version: DUCKDB_VERSION,
    typeOf: partitionType,
    spelling: 'raw',
    command: (output) => ({
      argv: [process.execPath, script('duckdb-classify.js'), source, output, compression],
    }),
  };
}
