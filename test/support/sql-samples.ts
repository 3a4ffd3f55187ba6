import type { Column } from './zetasql.ts';
import { spellType } from './zetasql-values.ts';
import { join } from 'node:path';
import type { Field, LogType } from '../../workloads/core/schema/log-type.ts';
import { parseLogType, type RawLogType } from '../../workloads/core/schema/parse.ts';
import { loadSchemas } from '../../workloads/core/schema/schema-set.ts';
import type { Commit, LedgerEntry } from '../../workloads/core/sql/commit.ts';

/** The repository's own log types. */
export async function ownTypes(): Promise<readonly LogType[]> {
  return (await loadSchemas(join(import.meta.dirname, '..', '..', 'schemas'))).types;
}

/** A log type as its file would make it; a file that is refused fails the test. */
export function logTypeOf(table: string, raw: Partial<RawLogType> & Pick<RawLogType, 'fields'>): LogType {
  const parsed = parseLogType(`${table}.json`, JSON.stringify(raw));
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.logType;
}

const SCALARS = [
  'STRING',
  'BYTES',
  'INTEGER',
  'FLOAT',
  'NUMERIC',
  'BOOLEAN',
  'TIMESTAMP',
  'DATE',
  'TIME',
  'DATETIME',
] as const;
const scalars = (mode: Field['mode']) =>
  SCALARS.map((type) => ({ name: `${mode}_${type}`.toLowerCase(), type, mode }));

/** A type with every kind of field in every mode, every conversion, and names that are words of SQL. */
export function everyKind(): LogType {
  return logTypeOf('every_kind', {
    type: "every/kind's",
    unknownFields: 'keep',
    fields: [
      ...scalars('NULLABLE'),
      ...scalars('REPEATED'),
      { name: 'payload', type: 'JSON' },
      // The statements call the TEMP row `t`.
      {
        name: 't',
        type: 'RECORD',
        fields: [{ name: 't', type: 'RECORD', fields: [{ name: 'ts', type: 'INTEGER' }] }],
      },
      {
        name: 'order',
        type: 'RECORD',
        fields: [
          { name: 'from', type: 'TIMESTAMP' },
          { name: 'select', type: 'JSON' },
        ],
      },
      {
        name: 'rows',
        type: 'RECORD',
        mode: 'REPEATED',
        fields: [
          { name: 'group', type: 'STRING', mode: 'REPEATED' },
          { name: 'all', type: 'NUMERIC' },
        ],
      },
      ...['s', 'ms', 'us'].map((unit) => ({ name: `epoch_${unit}`, type: 'INTEGER' })),
    ],
    columns: {
      at_s: { from: 'epoch_s', as: 'TIMESTAMP', unit: 's' },
      at_ms: { from: 'epoch_ms', as: 'TIMESTAMP', unit: 'ms' },
      at_us: { from: 'epoch_us', as: 'TIMESTAMP', unit: 'us' },
      at_us_kst: { from: 'at_us', as: 'DATETIME', timeZone: 'Asia/Seoul' },
      at_us_day: { from: 'at_us', as: 'DATE', timeZone: 'America/New_York' },
      hour_kst: { from: 'folder_hour', as: 'DATETIME', timeZone: 'Asia/Seoul' },
      nested_at: { from: 't.t.ts', as: 'TIMESTAMP', unit: 'ms' },
      nested_day: { from: 'order.from', as: 'DATE', timeZone: 'Asia/Seoul' },
      limit: { from: 'order.select', as: 'STRING', path: '$.a[0]."b c"' },
      stamp: { from: 'payload', as: 'STRING', path: '$."@timestamp"' },
      extra: { from: 'unknown_fields', as: 'STRING', path: '$.extra' },
    },
  });
}

/** What a commit writes into the ledger, with the figures of one load. */
export function entryOf(logType: LogType, changes: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    logType: logType.type,
    table: logType.table,
    folderHour: '2026-11-20T15:00:00Z',
    epoch: 2,
    revision: 1,
    state: 'loaded',
    schemaVersion: logType.version,
    staged: 3,
    rows: 2,
    rejected: 1,
    loadEpoch: 2,
    loadRevision: 1,
    content: 'c'.repeat(64),
    manifest: 'd'.repeat(64),
    rejectsBin: null,
    loadedAt: '2026-11-20T16:20:00.123Z',
    ...changes,
  };
}

/** Every shape of commit: one and several TEMPs, with rejects, empty, carried, of a type that lost its schema or its table too. */
export function commitsOf(logType: LogType): Readonly<Record<string, Commit>> {
  const temp = `${logType.table}_TEMP_2026112015_2_${logType.version}`;
  const loaded: Commit = {
    entry: entryOf(logType),
    attempt: '2026-11-20T16:20:00.123Z 5f1d',
    logType,
    hasTable: true,
    temps: [`${temp}_1`],
    rejectsTemp: null,
  };
  const rejectsBin = 'rejects/2026/11/20/15/2-purchase-1.bin.gz';
  return {
    'one TEMP': loaded,
    'several TEMPs': { ...loaded, temps: [1, 2, 3].map((part) => `${temp}_${part}`) },
    rejects: { ...loaded, rejectsTemp: `${temp}_rejects`, entry: entryOf(logType, { rejectsBin }) },
    'only rejects': {
      ...loaded,
      temps: [],
      rejectsTemp: `${temp}_rejects`,
      entry: entryOf(logType, { rejectsBin, rows: 0 }),
    },
    empty: {
      ...loaded,
      temps: [],
      entry: entryOf(logType, { state: 'empty', staged: 0, rows: 0, rejected: 0 }),
    },
    carried: { ...loaded, temps: [], entry: entryOf(logType, { state: 'carried', loadEpoch: 1 }) },
    'a lost schema': {
      ...loaded,
      temps: [],
      logType: undefined,
      entry: entryOf(logType, { state: 'empty', rows: 0 }),
    },
    'a lost table': {
      ...loaded,
      temps: [],
      logType: undefined,
      hasTable: false,
      entry: entryOf(logType, { state: 'empty', rows: 0 }),
    },
  };
}

const TYPES: Readonly<Record<string, Field['type']>> = {
  INT64: 'INTEGER',
  FLOAT64: 'FLOAT',
  BOOL: 'BOOLEAN',
};

/** The columns of an answer as fields: what a view is to those who read it. Scalars only. */
export function fieldsOf(columns: readonly Column[]): Field[] {
  return columns.map(({ name, type }) => {
    const spelled = spellType(type);
    return { name, type: TYPES[spelled] ?? (spelled as Field['type']), mode: 'NULLABLE' };
  });
}
