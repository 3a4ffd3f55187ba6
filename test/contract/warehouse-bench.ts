import assert from 'node:assert/strict';
import type { ObjectStore } from '../../workloads/core/ports/object-store.ts';
import type { Warehouse, WarehouseSession } from '../../workloads/core/ports/warehouse.ts';
import { loadedFields, type LogType } from '../../workloads/core/schema/log-type.ts';
import { parseLogType } from '../../workloads/core/schema/parse.ts';
import { commitStatements, type Commit, type LedgerEntry } from '../../workloads/core/sql/commit.ts';

/**
 * A stored value, spelled the same for every engine: INTEGER as bigint, FLOAT as number, NUMERIC as decimal text without trailing
 * zeros, BYTES as base64, times as ISO text with six digits of fraction (TIMESTAMP in UTC with Z), JSON parsed with integers as bigint.
 */
export type Value =
  bigint | number | string | boolean | null | readonly Value[] | { readonly [name: string]: Value };
export type StoredRow = Readonly<Record<string, Value>>;

/** An empty warehouse, and means that do not pass through it. */
export interface WarehouseBench {
  readonly warehouse: Warehouse;
  /** Where staged objects are loaded from. */
  readonly store: ObjectStore;
  readonly put: (key: string, bytes: Buffer) => Promise<void>;
  /** All rows of a typed table, read by the engine's own means, in the order of the column `n`. Called outside of sessions. */
  readonly rows: (table: string) => Promise<StoredRow[]>;
  /** A warehouse that nobody has made yet, and what there is of it. */
  readonly missing: () => Promise<{
    readonly warehouse: Warehouse;
    readonly traces: () => Promise<readonly string[]>;
  }>;
}

type Difference =
  'requiredInRecords' | 'assertions' | 'errorReasons' | 'jsonStrings' | 'longRows' | 'records';

/** What an engine cannot do, each with the reason; the tests of it are skipped aloud. */
export interface WarehouseDifferences extends Readonly<Partial<Record<Difference, string>>> {
  /** Why a value of a type cannot be stored in a place, or undefined where it can. */
  readonly values?: (type: string, json: string, place: ValuePlace) => string | undefined;
}

/** Where a value stands: in a field, in an array, in a record, in an array of records. */
export type ValuePlace = 'field' | 'array' | 'record' | 'records';

export interface WarehouseContract {
  readonly make: () => Promise<WarehouseBench>;
  readonly differences: WarehouseDifferences;
}

/** A field as a schema file spells it. */
export interface FileField {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly fields?: readonly FileField[];
}

/** A log type as its file would give it; `n` numbers the rows. */
export function typeOf(table: string, fields: readonly FileField[], rest: object = {}): LogType {
  const content = {
    type: `${table}/x`,
    fields: [{ name: 'n', type: 'INTEGER', mode: 'REQUIRED' }, ...fields],
    ...rest,
  };
  const parsed = parseLogType(`${table}.json`, JSON.stringify(content));
  assert.ok('logType' in parsed, JSON.stringify(parsed));
  return parsed.logType;
}

export const HOUR = '2026-11-20T14:00:00Z';
export const LOADED_AT = '2026-11-20T15:30:00Z';
let objects = 0;

/** A load job of lines into a TEMP table. @returns Its name. */
export async function loadTemp(
  bench: WarehouseBench,
  session: WarehouseSession,
  logType: LogType,
  lines: readonly string[],
): Promise<string> {
  const key = `${logType.table}/2026/11/20/14/part-${objects++}.ndjson`;
  await bench.put(key, Buffer.from(lines.map((line) => `${line}\n`).join('')));
  const temp = `${logType.table}_TEMP_2026112014_1_${logType.version}_0`;
  const loaded = await session.load({
    jobId: `job-${objects}`,
    temp,
    into: logType.table,
    fields: loadedFields(logType),
    store: bench.store,
    objects: [{ key, rows: lines.length }],
    labels: { log_type: 'x' },
  });
  assert.equal(loaded, lines.length, 'the rows that the load job says it stored');
  return temp;
}

/** The commit of one TEMP table of `rows` rows. */
export function commitOf(
  logType: LogType,
  rows: number,
  temps: readonly string[],
  entry: Partial<LedgerEntry> = {},
): Commit {
  return {
    entry: {
      logType: logType.type,
      table: logType.table,
      folderHour: HOUR,
      epoch: 1,
      revision: 1,
      state: 'loaded',
      schemaVersion: logType.version,
      staged: rows,
      rows,
      rejected: 0,
      loadEpoch: 1,
      loadRevision: 1,
      content: 'c'.repeat(64),
      manifest: 'm'.repeat(64),
      rejectsBin: null,
      loadedAt: LOADED_AT,
      ...entry,
    },
    attempt: `attempt-${objects++}`,
    logType,
    hasTable: true,
    temps,
    rejectsTemp: null,
  };
}

/** Prepares, loads and commits lines, as the loader does. */
export async function bring(
  bench: WarehouseBench,
  session: WarehouseSession,
  logType: LogType,
  lines: readonly string[],
  entry: Partial<LedgerEntry> = {},
): Promise<void> {
  await session.prepareOps();
  await session.prepareTable(logType);
  const temp = await loadTemp(bench, session, logType, lines);
  await session.transaction(commitStatements(session.names, commitOf(logType, lines.length, [temp], entry)));
  await session.dropTemp(temp);
}

/** Rows without what the commit adds. */
export function withoutAdded(rows: readonly StoredRow[]): StoredRow[] {
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).filter(([name]) => name !== 'folder_hour' && name !== 'loaded_at'),
    ),
  );
}

export async function countOf(session: WarehouseSession, table: string): Promise<unknown> {
  const [row] = await session.query({ sql: `SELECT COUNT(*) AS row_count FROM ${table}`, params: {} });
  return row?.row_count;
}
