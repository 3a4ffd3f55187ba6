import type { DerivedColumn, Field, FieldType, LogType } from './log-type.ts';
import { tableFields, UNKNOWN_FIELDS } from './log-type.ts';
import { columnNameProblem } from './names.ts';

/** A problem that a JSON Schema cannot express. */
export interface RuleProblem {
  readonly path: string;
  readonly expected: string;
  readonly found: unknown;
}

/** BigQuery: "Your schema cannot contain more than 15 levels of nested RECORD types". */
export const MAX_RECORD_DEPTH = 15;

/** BigQuery: 10,000 partitions a table; in hours. */
const MAX_HOUR_PARTITION_DAYS = 416;

/** Types with forms that BigQuery converts and DuckDB converts alike (docs/schemas.md). */
const COERCIBLE: ReadonlySet<FieldType> = new Set(['STRING', 'INTEGER', 'FLOAT', 'BOOLEAN', 'TIMESTAMP']);

/** Names, uniqueness without case, nesting, and modes that BigQuery cannot load. */
export function fieldProblems(logType: LogType): RuleProblem[] {
  const problems: RuleProblem[] = [];
  const visit = (fields: readonly Field[], path: string, depth: number): void => {
    const seen = new Map<string, string>();
    fields.forEach((field, index) => {
      const at = `${path}[${index}]`;
      const nameProblem = columnNameProblem(field.name);
      if (
        nameProblem !== undefined &&
        (depth === 0 || !/^(folder_hour|loaded_at|unknown_fields)$/i.test(field.name))
      ) {
        problems.push({ path: `${at}.name`, expected: nameProblem, found: field.name });
      }
      const twin = seen.get(field.name.toLowerCase());
      if (twin !== undefined) {
        problems.push({
          path: `${at}.name`,
          expected: `another name than ${twin} (case does not count)`,
          found: field.name,
        });
      }
      seen.set(field.name.toLowerCase(), at);
      if (field.type === 'JSON' && field.mode === 'REPEATED') {
        problems.push({
          path: `${at}.mode`,
          expected: 'NULLABLE: a JSON value can be an array itself',
          found: field.mode,
        });
      }
      if (field.coerce && !COERCIBLE.has(field.type)) {
        problems.push({
          path: `${at}.coerce`,
          expected: `no "coerce": ${field.type} has no converted form`,
          found: true,
        });
      }
      if (field.type === 'RECORD' && depth + 1 > MAX_RECORD_DEPTH) {
        problems.push({
          path: at,
          expected: `at most ${MAX_RECORD_DEPTH} levels of RECORD; type it JSON`,
          found: depth + 1,
        });
      } else {
        visit(field.fields ?? [], `${at}.fields`, depth + 1);
      }
    });
  };
  visit(logType.fields, '$.fields', 0);
  return problems;
}

/** Each derived column's source exists, and the conversion asked for is one that both engines do alike. */
export function columnProblems(logType: LogType): RuleProblem[] {
  const problems: RuleProblem[] = [];
  const known = new Map<string, FieldType>([['folder_hour', 'TIMESTAMP']]);
  if (logType.unknownFields === 'keep') known.set(UNKNOWN_FIELDS, 'JSON');
  const names = new Set(logType.fields.map(({ name }) => name.toLowerCase()));
  for (const column of logType.columns) {
    const path = `$.columns.${column.name}`;
    const nameProblem =
      columnNameProblem(column.name) ??
      (names.has(column.name.toLowerCase()) ? 'a name that no field has (case does not count)' : undefined);
    if (nameProblem !== undefined) problems.push({ path, expected: nameProblem, found: column.name });
    names.add(column.name.toLowerCase());
    const from = known.get(column.from) ?? fieldAt(logType.fields, column.from)?.type;
    const wrong = conversionProblem(column, from);
    if (wrong !== undefined)
      problems.push({ path: `${path}.${wrong.key}`, expected: wrong.expected, found: wrong.found });
    known.set(column.name, column.as);
  }
  return problems;
}

function conversionProblem(
  column: DerivedColumn,
  from: FieldType | undefined,
): { key: string; expected: string; found: unknown } | undefined {
  if (from === undefined) {
    return {
      key: 'from',
      expected: 'a field that is not inside a REPEATED one, a column above, or folder_hour',
      found: column.from,
    };
  }
  const needs = (['unit', 'timeZone', 'path'] as const).filter((key) => column[key] !== undefined).join('+');
  const conversion = `${from} to ${column.as}`;
  const expectedOption = CONVERSIONS[conversion];
  if (expectedOption === undefined) {
    return { key: 'as', expected: `one of ${Object.keys(CONVERSIONS).join('; ')}`, found: conversion };
  }
  if (needs !== expectedOption) {
    return { key: expectedOption, expected: `exactly "${expectedOption}" for ${conversion}`, found: needs };
  }
  if (column.timeZone !== undefined && !isTimeZone(column.timeZone)) {
    return { key: 'timeZone', expected: 'an IANA time zone such as Asia/Seoul', found: column.timeZone };
  }
  return undefined;
}

/** The conversions that BigQuery and DuckDB do alike, and the one option that each needs. */
const CONVERSIONS: Readonly<Record<string, string>> = {
  'INTEGER to TIMESTAMP': 'unit',
  'TIMESTAMP to DATETIME': 'timeZone',
  'TIMESTAMP to DATE': 'timeZone',
  'JSON to STRING': 'path',
};

/** BigQuery: "Maximum columns in a table, query result, or view definition: 10,000", nested ones included. */
const MAX_COLUMNS = 10_000;

function countColumns(fields: readonly Field[]): number {
  return fields.reduce((sum, { fields: inner }) => sum + 1 + countColumns(inner ?? []), 0);
}

/** Partitioning and clustering that BigQuery would refuse at `pulumi up`. */
export function shapeProblems(logType: LogType): RuleProblem[] {
  const problems: RuleProblem[] = [];
  const columns = countColumns(tableFields(logType));
  if (columns > MAX_COLUMNS) {
    problems.push({
      path: '$.fields',
      expected: `at most ${MAX_COLUMNS} columns in all, nested ones included`,
      found: columns,
    });
  }
  const { by, expirationDays } = logType.partition;
  if (by === 'HOUR' && (expirationDays === undefined || expirationDays > MAX_HOUR_PARTITION_DAYS)) {
    problems.push({
      path: '$.partition.expirationDays',
      expected: `at most ${MAX_HOUR_PARTITION_DAYS} days with "by": "HOUR" (BigQuery: 10,000 partitions a table)`,
      found: expirationDays,
    });
  }
  const clusterable = new Set(['STRING', 'INTEGER', 'NUMERIC', 'BOOLEAN', 'TIMESTAMP', 'DATE', 'DATETIME']);
  const byName = new Map<string, { type: FieldType; mode?: string }>([
    ...logType.fields.map((field) => [field.name, field] as const),
    ...logType.columns.map((column) => [column.name, { type: column.as }] as const),
  ]);
  logType.clustering.forEach((name, index) => {
    const column = byName.get(name);
    if (column === undefined || column.mode === 'REPEATED' || !clusterable.has(column.type)) {
      problems.push({
        path: `$.clustering[${index}]`,
        expected: `a top-level column of type ${[...clusterable].join(', ')}, not REPEATED`,
        found: column === undefined ? name : `${name} ${column.type}`,
      });
    }
  });
  return problems;
}

/** The field at a dotted path, unless the path leads through a REPEATED field. */
export function fieldAt(fields: readonly Field[], path: string): Field | undefined {
  const [head, ...rest] = path.split('.');
  const field = fields.find(({ name }) => name === head);
  if (field === undefined || field.mode === 'REPEATED') return undefined;
  return rest.length === 0 ? field : fieldAt(field.fields ?? [], rest.join('.'));
}

/** The form that BigQuery takes too: it knows neither another case nor the short names of JavaScript (AET). */
const TIME_ZONE = /^(UTC|([A-Z][a-z]+|US)(\/[A-Z][\w+-]+)+)$/;

function isTimeZone(name: string): boolean {
  if (!TIME_ZONE.test(name)) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}
