import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { duckdbType } from '../../workloads/adapters/duckdb/types.ts';
import type { Field, LogType } from '../../workloads/core/schema/log-type.ts';
import { parseLogType } from '../../workloads/core/schema/parse.ts';

const name = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The schema of a table in a folder of schema files. */
export function readSchema(folder: string, table: string): LogType {
  const file = join(folder, `${table}.json`);
  const parsed = parseLogType(file, readFileSync(file, 'utf8'));
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.logType;
}

const columns = (fields: readonly Field[]): string =>
  fields.map((field) => `${name(field.name)} ${duckdbType(field)}`).join(', ');

const createTable = ({ table, fields }: LogType): string =>
  `CREATE TABLE ${name(table)} (${columns(fields)})`;

/** Statements that load rows which are sorted by type already: the same files, columns and types as logferry's. */
export function loadStaged(
  types: readonly LogType[],
  filesOf: (table: string) => readonly string[],
): string[] {
  return types.flatMap((type) => {
    const shape = type.fields.map((field) => `${literal(field.name)}: ${literal(duckdbType(field))}`);
    const files = filesOf(type.table).map(literal).join(', ');
    return [
      createTable(type),
      `INSERT INTO ${name(type.table)} SELECT * FROM read_json([${files}], format = 'newline_delimited',
         columns = {${shape.join(', ')}}, maximum_object_size = 4000000, hive_partitioning = false)`,
    ];
  });
}

/** Lines of one CSV column whose delimiter never occurs, for a raw 0x01 is no JSON: text as it stands, in and out. */
const PLAIN_COLUMN = `'\u0001'`;

/**
 * Statements that load rows of all types from one file: split into files by type, then read these, as logferry does. Of four ways this took
 * DuckDB the least: json_transform of each line took a tenth more, reading the file for each type two thirds more, and a table of
 * inferred columns three times as much.
 */
export function loadMixed(types: readonly LogType[], files: readonly string[], typeKey: string): string[] {
  return [
    `COPY (
       SELECT line, json_extract_string(line, ${literal(`$.${typeKey}`)}) AS log_type
       FROM read_csv([${files.map(literal).join(', ')}], columns = {'line': 'VARCHAR'}, delim = ${PLAIN_COLUMN}, quote = '',
         escape = '', header = false, auto_detect = false, max_line_size = 4000000)
     ) TO '{folder}/parts' (FORMAT csv, PARTITION_BY (log_type), DELIMITER ${PLAIN_COLUMN}, QUOTE '', ESCAPE '', HEADER false)`,
    ...loadStaged(types, (table) => {
      const { type } = types.find((each) => each.table === table)!;
      return [`{folder}/parts/log_type=${encodeURIComponent(type)}/*.csv`];
    }),
  ];
}

/** Columns whose values every reader of JSON gets right, so that their hashes can be compared. */
const COMPARED: readonly Field['type'][] = ['INTEGER', 'STRING', 'BOOLEAN', 'DATE'];

/** A query for rows of a table and a sum over the values of its plain columns. */
export function fingerprintQuery({ table, fields }: LogType, schema?: string): string {
  const compared = fields.filter(({ type, mode }) => mode !== 'REPEATED' && COMPARED.includes(type));
  const of = schema === undefined ? name(table) : `${name(schema)}.${name(table)}`;
  return `SELECT count(*) AS row_count, sum(hash(${compared.map((field) => name(field.name)).join(', ')})) AS content FROM ${of}`;
}
