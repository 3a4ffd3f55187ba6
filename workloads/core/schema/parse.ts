import type { ErrorObject } from 'ajv/dist/2020.js';
import logTypeSchema from '../../../schemas/log-type.schema.json' with { type: 'json' };
import { canonicalJson, sha256 } from '../digest.ts';
import type { DerivedColumn, Field, FieldType, LogType, OnMisfit } from './log-type.ts';
import { tableNameProblem } from './names.ts';
import { fieldProblems, columnProblems, shapeProblems } from './rules.ts';
import { validateLogType } from './validate-log-type.ts';

/** One thing wrong with a schema file: where, what was expected, what was found. */
export interface SchemaProblem {
  readonly file: string;
  /** JSON path, `$` being the whole file. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

export type ParsedLogType = { readonly logType: LogType } | { readonly problems: readonly SchemaProblem[] };

/** A field as the file spells it. */
export interface RawField {
  name: string;
  type: string;
  mode?: Field['mode'];
  description?: string;
  fields?: RawField[];
  coerce?: boolean;
}

/** A schema file's content, once the JSON Schema has accepted it. */
export interface RawLogType {
  type?: string;
  description?: string;
  lane?: LogType['lane'];
  fields: RawField[];
  columns?: Record<string, Omit<DerivedColumn, 'name'>>;
  unknownFields?: LogType['unknownFields'];
  onMisfit?: string;
  partition?: { by?: 'DAY' | 'HOUR'; expirationDays?: number; requireFilter?: boolean };
  clustering?: string[];
}

/** BigQuery's newer spellings, folded onto the legacy ones that its API returns. */
const CANONICAL: Readonly<Record<string, FieldType>> = {
  INT64: 'INTEGER',
  FLOAT64: 'FLOAT',
  BOOL: 'BOOLEAN',
  STRUCT: 'RECORD',
};

/** Types that BigQuery has and logferry refuses, each with the reason (design 5.3). */
const REFUSED: Readonly<Record<string, string>> = {
  BIGNUMERIC: 'DuckDB has no 76-digit decimal, so the laptop run could not prove it; use NUMERIC or STRING',
  GEOGRAPHY: 'BigQuery rewrites shapes while loading; use STRING and ST_GEOGFROMTEXT in a view',
  RANGE: 'it cannot be loaded from NDJSON unchanged; use two fields',
  INTERVAL: 'BigQuery normalises it while loading; use STRING or INTEGER',
};

/** @param file Path for messages; its base name without `.json` is the table. @param text The file's content. */
export function parseLogType(file: string, text: string): ParsedLogType {
  const table = (/([^/\\]+)\.json$/.exec(file)?.[1] ?? file).normalize('NFC');
  const problem = (path: string, expected: string, found: unknown): SchemaProblem => ({
    file,
    path,
    expected,
    found: found === undefined ? 'nothing' : JSON.stringify(found),
  });
  const nameProblem = tableNameProblem(table);
  if (nameProblem !== undefined) return { problems: [problem('$', nameProblem, table)] };
  let raw: unknown;
  try {
    raw = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { problems: [problem('$', 'a JSON document', (error as Error).message)] };
  }
  if (!validateLogType(raw)) return { problems: describeErrors(validateLogType.errors ?? [], problem) };
  const logType = normalise(table, raw as RawLogType);
  const problems = [...fieldProblems(logType), ...columnProblems(logType), ...shapeProblems(logType)].map(
    ({ path, expected, found }) => problem(path, expected, found),
  );
  return problems.length > 0 ? { problems } : { logType };
}

function normalise(table: string, raw: RawLogType): LogType {
  const fields = raw.fields.map(normaliseField);
  const columns = Object.entries(raw.columns ?? {}).map(([name, column]): DerivedColumn => ({
    name,
    ...column,
  }));
  const unknownFields = raw.unknownFields ?? 'reject';
  return {
    type: raw.type ?? table,
    table,
    ...(raw.description === undefined ? {} : { description: raw.description }),
    lane: raw.lane ?? 'standard',
    fields,
    columns,
    unknownFields,
    onMisfit: parseOnMisfit(raw.onMisfit ?? 'setAside:5%'),
    partition: { by: 'DAY', requireFilter: false, ...raw.partition },
    clustering: raw.clustering ?? [],
    version: schemaVersion(fields, columns, unknownFields),
  };
}

function normaliseField(raw: RawField): Field {
  return {
    name: raw.name,
    type: CANONICAL[raw.type] ?? (raw.type as FieldType),
    mode: raw.mode ?? 'NULLABLE',
    ...(raw.description === undefined ? {} : { description: raw.description }),
    ...(raw.fields === undefined ? {} : { fields: raw.fields.map(normaliseField) }),
    ...(raw.coerce === true ? { coerce: true } : {}),
  };
}

/** Eight digits: enough to tell the handful of versions of one type apart, short enough for a TEMP table's name. */
function schemaVersion(
  fields: readonly Field[],
  columns: readonly DerivedColumn[],
  unknownFields: string,
): string {
  const essence = (field: Field): unknown => ({
    ...field,
    description: undefined,
    fields: field.fields?.map(essence),
  });
  const derived = columns.map((column) => ({ ...column, description: undefined }));
  return sha256(canonicalJson([fields.map(essence), derived, unknownFields])).slice(0, 8);
}

/** `fail`, `setAside`, `setAside:5%`; the spelling was checked by the JSON Schema or by `isOnMisfit`. */
export function parseOnMisfit(text: string): OnMisfit {
  if (text === 'fail') return { action: 'fail' };
  const percent = /^setAside:(.+)%$/.exec(text)?.[1];
  return { action: 'setAside', limit: percent === undefined ? 1 : Number(percent) / 100 };
}

/** Whether a text is a valid `onMisfit`. */
export function isOnMisfit(text: string): boolean {
  return new RegExp(logTypeSchema.properties.onMisfit.pattern).test(text);
}

function describeErrors(
  errors: readonly ErrorObject[],
  problem: (path: string, expected: string, found: unknown) => SchemaProblem,
): SchemaProblem[] {
  const told = errors.filter(({ keyword }) => keyword !== 'if' && keyword !== 'propertyNames');
  return told.map((error) => {
    const path = jsonPath(error.instancePath);
    const params = error.params as Record<string, unknown>;
    switch (error.keyword) {
      case 'additionalProperties': {
        const known = Object.keys((error.parentSchema as { properties: object }).properties).join(', ');
        return problem(
          `${path}.${String(params.additionalProperty)}`,
          `one of ${known}`,
          params.additionalProperty,
        );
      }
      case 'required':
        return problem(`${path}.${String(params.missingProperty)}`, 'to be present', undefined);
      case 'enum': {
        const reason = typeof error.data === 'string' ? REFUSED[error.data] : undefined;
        const allowed = (params.allowedValues as string[]).join(', ');
        return problem(
          path,
          reason === undefined ? `one of ${allowed}` : `another type: ${reason}`,
          error.data,
        );
      }
      case 'false schema':
        return problem(path, 'no "fields", or the type RECORD', error.data);
      case 'pattern':
        return problem(
          error.propertyName === undefined ? path : `${path}.${error.propertyName}`,
          `text that matches ${String(params.pattern)}`,
          error.propertyName ?? error.data,
        );
      default:
        return problem(path, (error.message ?? error.keyword).replace(/^must be /, ''), error.data);
    }
  });
}

/** `/fields/0/name` of ajv becomes `$.fields[0].name`. */
function jsonPath(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : `${path}.${part}`), '$');
}
