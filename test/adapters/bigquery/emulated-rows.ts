import { tableFields, type Field, type LogType } from '../../../workloads/core/schema/log-type.ts';
import { expectedRow, parseExactly, withJsonParsed } from '../../support/stored-rows.ts';
import type { EmulatedDatasets } from './emulated.ts';

/** Rows by the text of a column that is different in each, in the spelling of test/support/stored-rows.ts. */
export type Rows = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** Columns whose values two loads of the same rows share: all but the time of the load. */
const sharedFields = (logType: LogType): readonly Field[] =>
  tableFields(logType).filter(({ name }) => name !== 'loaded_at');

/**
 * A typed table of the emulator. Its load jobs (0.8.1) bind each row's members as Go maps: a record in an array is stored untyped, its
 * members in any order, numbers as text, and without those that the row lacks; each member keeps its name and its value. By position
 * such a record cannot be read ("SELECT recs" fails), as JSON it can, by name: so everything is read as JSON, and what JSON columns
 * inside of records hold is compared as text, for numbers have become strings there.
 */
export async function emulatedRows(datasets: EmulatedDatasets, logType: LogType, key: string): Promise<Rows> {
  const { project, raw } = datasets.place;
  const { rows = [] } = await datasets.query(
    `SELECT TO_JSON_STRING(t) FROM \`${project}.${raw}.${logType.table}\` AS t`,
  );
  const fields = sharedFields(logType);
  return byKey(
    rows.map(({ f }) => expectedRow(fields, withBooleans(fields, parseExactly(quoted(String(f?.[0]?.v)))))),
    fields,
    key,
  );
}

/** A typed table of DuckDB in the same spelling. @param stored As `withStored` reads it. */
export function duckdbRows(
  stored: ReadonlyMap<string, Record<string, unknown>>,
  logType: LogType,
  key: string,
): Rows {
  const fields = sharedFields(logType);
  return byKey(
    [...stored.values()].map((row) => withJsonParsed(fields, row)),
    fields,
    key,
  );
}

function byKey(rows: readonly Record<string, unknown>[], fields: readonly Field[], key: string): Rows {
  return new Map(rows.map((row) => [String(row[key]), unmarked(fields, row, false)]));
}

/** The row with the JSON values inside of its records as text. */
function unmarked(fields: readonly Field[], row: object, inRecord: boolean): Record<string, unknown> {
  const members = new Map(Object.entries(row));
  return Object.fromEntries(
    fields.map((field) => [field.name, unmarkedValue(field, members.get(field.name), inRecord)]),
  );
}

function unmarkedValue(field: Field, value: unknown, inRecord: boolean): unknown {
  if (value === null || value === undefined) return value;
  if (field.type === 'JSON') return inRecord ? texts(value) : value;
  if (Array.isArray(value)) return value.map((element) => unmarkedValue(field, element, inRecord));
  return field.type === 'RECORD' ? unmarked(field.fields ?? [], value, true) : value;
}

/** Numbers and strings without the mark that `parseExactly` puts before each. */
function texts(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(1);
  if (Array.isArray(value)) return value.map(texts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, texts(inner)]));
}

/** The emulator's TO_JSON_STRING of a row spells its BOOL columns 1 and 0. */
function withBooleans(fields: readonly Field[], row: unknown): object {
  const isBoolean = new Set(fields.filter(({ type }) => type === 'BOOLEAN').map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(row as object).map(([name, value]: [string, unknown]) => [
      name,
      isBoolean.has(name) && (value === '#1' || value === '#0') ? value === '#1' : value,
    ]),
  );
}

/** The emulator's TO_JSON_STRING puts dates and times between no quotes. */
function quoted(json: string): string {
  return json.replaceAll(
    /"(?:[^"\\]|\\.)*"|\d{4}-\d\d-\d\d(?:[T ][0-9:.]+)?(?:Z|[+-]\d\d:?\d\d)?/gs,
    (token) => (token.startsWith('"') ? token : `"${token}"`),
  );
}

/** GoogleSQL's reserved words: the emulator makes tables by SQL and quotes the names of columns, but not those of members. */
const RESERVED = new Set(
  (
    'ALL AND ANY ARRAY AS ASC ASSERT_ROWS_MODIFIED AT BETWEEN BY CASE CAST COLLATE CONTAINS CREATE CROSS CUBE CURRENT DEFAULT DEFINE ' +
    'DESC DISTINCT ELSE END ENUM ESCAPE EXCEPT EXCLUDE EXISTS EXTRACT FALSE FETCH FOLLOWING FOR FROM FULL GROUP GROUPING GROUPS HASH ' +
    'HAVING IF IGNORE IN INNER INTERSECT INTERVAL INTO IS JOIN LATERAL LEFT LIKE LIMIT LOOKUP MERGE NATURAL NEW NO NOT NULL NULLS OF ' +
    'ON OR ORDER OUTER OVER PARTITION PRECEDING PROTO QUALIFY RANGE RECURSIVE RESPECT RIGHT ROLLUP ROWS SELECT SET SOME STRUCT ' +
    'TABLESAMPLE THEN TO TREAT TRUE UNBOUNDED UNION UNNEST USING WHEN WHERE WINDOW WITH WITHIN'
  ).split(' '),
);

/** A field of a schema file. */
interface FileField {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly fields?: readonly FileField[];
}

/** The field, with records that the emulator cannot make typed as JSON: their values are compared all the same. */
export function emulable(field: FileField): FileField {
  if (field.fields === undefined) return field;
  if (field.fields.some(({ name }) => RESERVED.has(name.toUpperCase())))
    return { name: field.name, type: 'JSON' };
  return { ...field, fields: field.fields.map(emulable) };
}
