import type { DuckDBConnection } from '@duckdb/node-api';
import { sha256 } from '../../core/digest.ts';
import { isMissingFunction } from './errors.ts';
import { literal } from './names.ts';

/**
 * The GoogleSQL functions that the shared SQL uses and DuckDB lacks or spells differently. They live in the database, so that its
 * views answer in any DuckDB program. `datetime` casts first: DuckDB's timezone() means the opposite for a zoneless timestamp.
 */
export const MACROS: readonly string[] = [
  'CREATE OR REPLACE MACRO timestamp_seconds(x) AS make_timestamptz(CAST(x AS BIGINT) * 1000000)',
  'CREATE OR REPLACE MACRO timestamp_millis(x) AS make_timestamptz(CAST(x AS BIGINT) * 1000)',
  'CREATE OR REPLACE MACRO timestamp_micros(x) AS make_timestamptz(CAST(x AS BIGINT))',
  'CREATE OR REPLACE MACRO datetime(x, zone) AS timezone(zone, CAST(x AS TIMESTAMPTZ))',
  // As a JSON pointer a path has GoogleSQL's meaning: [0] is also the key "0" of an object, and the key "*" is no wildcard.
  String.raw`CREATE OR REPLACE MACRO json_pointer(path) AS regexp_replace(
     replace(replace(substr(path, 2), '~', '~0'), '/', '~1'),
     '\."([^"]+)"|\.([A-Za-z_][A-Za-z0-9_]*)|\[0*([0-9]+)\]', '/\1\2\3', 'g')`,
  // Both engines write the shortest digits; GoogleSQL has an exponent from 1e+15 on, DuckDB from 1e+16.
  String.raw`CREATE OR REPLACE MACRO json_double(x) AS CASE WHEN abs(x) >= 1e15 AND abs(x) < 1e16
     THEN regexp_replace(rtrim(replace(CAST(x AS VARCHAR), '.', ''), '0'), '^(-?[0-9])([0-9]+)$', '\1.\2') || 'e+15'
     ELSE CAST(x AS VARCHAR) END`,
  `CREATE OR REPLACE MACRO json_value(document, path) AS CASE json_type(document, json_pointer(path))
     WHEN 'OBJECT' THEN NULL
     WHEN 'ARRAY' THEN NULL
     WHEN 'DOUBLE' THEN json_double(CAST(json_extract_string(document, json_pointer(path)) AS DOUBLE))
     ELSE json_extract_string(document, json_pointer(path)) END`,
];

/** Says which text the macros were made from. It is asked by a call: to look into the catalog lists three thousand functions. */
const VERSION = 'logferry_macros';

/** Makes the macros, or makes them anew where another version of logferry made them. */
export async function prepareMacros(connection: DuckDBConnection): Promise<void> {
  const version = sha256(...MACROS);
  if ((await madeFrom(connection)) === version) return;
  for (const macro of MACROS) await connection.run(macro);
  await connection.run(`CREATE OR REPLACE MACRO ${VERSION}() AS ${literal(version)}`);
}

async function madeFrom(connection: DuckDBConnection): Promise<unknown> {
  try {
    const [row] = await (await connection.run(`SELECT ${VERSION}()`)).getRows();
    return row?.[0];
  } catch (error) {
    if (isMissingFunction(error)) return undefined;
    throw error;
  }
}
