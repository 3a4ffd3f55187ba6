/** BigQuery's types that logferry loads (docs/schemas.md says what each accepts and why the others are refused). */
export type FieldType =
  | 'STRING'
  | 'BYTES'
  | 'INTEGER'
  | 'FLOAT'
  | 'NUMERIC'
  | 'BOOLEAN'
  | 'TIMESTAMP'
  | 'DATE'
  | 'TIME'
  | 'DATETIME'
  | 'JSON'
  | 'RECORD';

export type FieldMode = 'NULLABLE' | 'REQUIRED' | 'REPEATED';

/** One field, with BigQuery's legacy spelling of types (INT64 is read as INTEGER) and all defaults filled in. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly mode: FieldMode;
  readonly description?: string;
  /** RECORD only. */
  readonly fields?: readonly Field[];
  /** Also accept the forms that BigQuery converts. */
  readonly coerce?: true;
}

export type EpochUnit = 's' | 'ms' | 'us';

/** A column computed while rows are inserted: unit conversion, time zone, or a scalar out of a JSON field. */
export interface DerivedColumn {
  readonly name: string;
  readonly from: string;
  readonly as: 'TIMESTAMP' | 'DATETIME' | 'DATE' | 'STRING';
  readonly unit?: EpochUnit;
  readonly timeZone?: string;
  readonly path?: string;
  readonly description?: string;
}

/** `fail`, or the share of misfits (0 to 1) up to which they are set aside. */
export type OnMisfit = { readonly action: 'fail' } | { readonly action: 'setAside'; readonly limit: number };

/** A log type as its file in `schemas/` describes it. */
export interface LogType {
  /** The value of the type key in the log. */
  readonly type: string;
  /** The table's name, the file's name, and the folder in staging. */
  readonly table: string;
  readonly description?: string;
  readonly lane: 'fast' | 'standard';
  readonly fields: readonly Field[];
  readonly columns: readonly DerivedColumn[];
  readonly unknownFields: 'reject' | 'keep';
  readonly onMisfit: OnMisfit;
  readonly partition: {
    readonly by: 'DAY' | 'HOUR';
    readonly expirationDays?: number;
    readonly requireFilter: boolean;
  };
  readonly clustering: readonly string[];
  /** Eight hexadecimal digits over what decides a row's fate and form: fields, columns, unknownFields. */
  readonly version: string;
}

/** Where `unknownFields: keep` puts the text of keys that no field lists. */
export const UNKNOWN_FIELDS = 'unknown_fields';

/** The fields that a TEMP table is loaded with: the listed ones, and the kept unknown ones. */
export function loadedFields(logType: LogType): readonly Field[] {
  return logType.unknownFields === 'keep'
    ? [...logType.fields, { name: UNKNOWN_FIELDS, type: 'JSON', mode: 'NULLABLE' }]
    : logType.fields;
}

/** All columns of the type's table, in order: loaded fields, derived columns, `folder_hour`, `loaded_at`. */
export function tableFields(logType: LogType): readonly Field[] {
  return [
    ...loadedFields(logType),
    ...logType.columns.map((column): Field => ({
      name: column.name,
      type: column.as,
      mode: 'NULLABLE',
      ...(column.description === undefined ? {} : { description: column.description }),
    })),
    {
      name: 'folder_hour',
      type: 'TIMESTAMP',
      mode: 'REQUIRED',
      description:
        'The UTC hour of the source folder that the row arrived in; rows are counted and replaced by it.',
    },
    {
      name: 'loaded_at',
      type: 'TIMESTAMP',
      mode: 'REQUIRED',
      description: 'When the row was committed, UTC.',
    },
  ];
}
