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
         columns = {${shape.join(', ')}}, maximum_object_size = 4000000)`,
    ];
  });
}

/** Statements that load rows of all types from one file. The lines are read once, and taken apart for each type. */
export function loadMixed(types: readonly LogType[], files: readonly string[], typeKey: string): string[] {
  return [
    `CREATE TEMP TABLE lines AS SELECT json AS line, json_extract_string(json, ${literal(`$.${typeKey}`)}) AS log_type
       FROM read_json_objects([${files.map(literal).join(', ')}], format = 'newline_delimited')`,
    ...types.flatMap((type) => [
      createTable(type),
      `INSERT INTO ${name(type.table)} SELECT unnest(json_transform(line, ${literal(JSON.stringify(shapeOf(type.fields)))}))
         FROM lines WHERE log_type = ${literal(type.type)}`,
    ]),
  ];
}

/** A structure as json_transform wants it. */
function shapeOf(fields: readonly Field[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    fields.map((field) => {
      const { mode, fields: inner } = field;
      const one = inner === undefined ? duckdbType({ ...field, mode: 'NULLABLE' }) : shapeOf(inner);
      return [field.name, mode === 'REPEATED' ? [one] : one];
    }),
  );
}

/** Columns whose values every reader of JSON gets right, so that their hashes can be compared. */
const COMPARED: readonly Field['type'][] = ['INTEGER', 'STRING', 'BOOLEAN', 'DATE'];

/** A query for rows of a table and a sum over the values of its plain columns. */
export function fingerprintQuery({ table, fields }: LogType, schema?: string): string {
  const compared = fields.filter(({ type, mode }) => mode !== 'REPEATED' && COMPARED.includes(type));
  const of = schema === undefined ? name(table) : `${name(schema)}.${name(table)}`;
  return `SELECT count(*) AS row_count, sum(hash(${compared.map((field) => name(field.name)).join(', ')})) AS content FROM ${of}`;
}
