import type { Statement } from '../ports/warehouse.ts';
import { loadedFields, type DerivedColumn, type LogType } from '../schema/log-type.ts';
import { controlTable, type Names } from './names.ts';

/** The ledger row that a commit writes. */
export interface LedgerEntry {
  readonly logType: string;
  readonly table: string;
  /** `2026-11-20T14:00:00Z` */
  readonly folderHour: string;
  readonly epoch: number;
  readonly revision: number;
  readonly state: 'loaded' | 'empty' | 'carried';
  readonly schemaVersion: string;
  readonly staged: number;
  readonly rows: number;
  readonly rejected: number;
  readonly loadEpoch: number;
  readonly loadRevision: number;
  readonly content: string;
  readonly manifest: string;
  readonly rejectsBin: string | null;
  readonly loadedAt: string;
}

/** Everything that one transaction brings into the warehouse. */
export interface Commit {
  readonly entry: LedgerEntry;
  /** Unique for each try: what the fence row says afterwards. */
  readonly attempt: string;
  /** The schema that the rows were loaded with; undefined where the type has none any more and only stale rows go. */
  readonly logType: LogType | undefined;
  /** Whether the type's table exists; a type that lost its schema may have lost its table too. */
  readonly hasTable: boolean;
  readonly temps: readonly string[];
  readonly rejectsTemp: string | null;
}

/** What the errors raised inside the transaction begin with, so that an adapter tells them from an engine's own. */
export const FENCED = 'logferry fenced';
export const MISCOUNT = 'logferry miscount';

/**
 * The statements of a commit, in order: fence, (delete, insert, count), rejects, ledger (design 5.4). A `carried` type keeps its
 * rows: they are only counted.
 */
export function commitStatements(names: Names, commit: Commit): Statement[] {
  const { entry, logType, hasTable, temps } = commit;
  const replaces = entry.state !== 'carried';
  return [
    ...fence(names, commit),
    ...(replaces && hasTable ? [deleteHour(names, entry)] : []),
    ...(replaces && logType !== undefined && temps.length > 0
      ? [insertHour(names, entry, logType, temps)]
      : []),
    ...(hasTable ? [assertTableCount(names, entry)] : []),
    ...(commit.rejectsTemp === null ? [] : insertRejects(names, entry, commit.rejectsTemp)),
    insertLedger(names, entry),
  ];
}

/** Two commits of a type conflict here, on a table of its own; a late or doubled one finds itself fenced. */
function fence(names: Names, { entry, attempt }: Commit): Statement[] {
  const control = names.ops(controlTable(entry.table));
  return [
    {
      sql: `UPDATE ${control} SET attempt = @attempt WHERE log_type = @log_type`,
      params: { attempt, log_type: entry.logType },
    },
    {
      sql: `SELECT IF((SELECT COUNT(*) FROM ${control} WHERE attempt = @attempt) = 1, 1,
  ERROR('${FENCED}: the control table of this type must hold exactly one row')) AS ok`,
      params: { attempt },
    },
    {
      sql: `SELECT IF((
  SELECT COUNT(*) FROM ${names.ops('ledger')}
  WHERE log_type = @log_type AND folder_hour = CAST(@folder_hour AS TIMESTAMP)
    AND (epoch > CAST(@epoch AS INT64) OR (epoch = CAST(@epoch AS INT64) AND revision >= CAST(@revision AS INT64)))
) = 0, 1, ERROR('${FENCED}: the same or a higher epoch and revision is committed')) AS ok`,
      params: {
        log_type: entry.logType,
        folder_hour: entry.folderHour,
        epoch: String(entry.epoch),
        revision: String(entry.revision),
      },
    },
  ];
}

function deleteHour(names: Names, { table, folderHour }: LedgerEntry): Statement {
  return {
    sql: `DELETE FROM ${names.raw(table)} WHERE folder_hour = CAST(@folder_hour AS TIMESTAMP)`,
    params: { folder_hour: folderHour },
  };
}

function insertHour(names: Names, entry: LedgerEntry, logType: LogType, temps: readonly string[]): Statement {
  const fields = loadedFields(logType).map(({ name }) => names.column(name));
  const unlisted = names.unlisted?.(entry.table) ?? [];
  const columns = [
    ...fields,
    ...logType.columns.map(({ name }) => names.column(name)),
    ...unlisted.map(({ name }) => name),
    'folder_hour',
    'loaded_at',
  ];
  const derived = derivedExpressions(names, logType.columns);
  const select = temps.map(
    (temp) => `SELECT ${[
      ...fields.map((name) => `t.${name}`),
      ...derived,
      ...unlisted.map(({ value }) => value),
      'CAST(@folder_hour AS TIMESTAMP)',
      'CAST(@loaded_at AS TIMESTAMP)',
    ].join(', ')}
FROM ${names.temp(temp)} AS t`,
  );
  return {
    sql: `INSERT INTO ${names.raw(entry.table)} (${columns.join(', ')})
${select.join('\nUNION ALL\n')}`,
    params: { folder_hour: entry.folderHour, loaded_at: entry.loadedAt },
  };
}

/** Each derived column as an expression over the TEMP row `t`; a column made of another one contains its expression. */
export function derivedExpressions(names: Names, columns: readonly DerivedColumn[]): string[] {
  const known = new Map<string, string>([['folder_hour', 'CAST(@folder_hour AS TIMESTAMP)']]);
  return columns.map((column) => {
    const field = `t.${column.from
      .split('.')
      .map((part) => names.column(part))
      .join('.')}`;
    const expression = derive(column, known.get(column.from) ?? field);
    known.set(column.name, expression);
    return expression;
  });
}

const EPOCH_FUNCTION = { s: 'TIMESTAMP_SECONDS', ms: 'TIMESTAMP_MILLIS', us: 'TIMESTAMP_MICROS' } as const;

function derive(column: DerivedColumn, from: string): string {
  if (column.unit !== undefined) return `${EPOCH_FUNCTION[column.unit]}(${from})`;
  if (column.path !== undefined) return `JSON_VALUE(${from}, '${column.path}')`;
  const local = `DATETIME(${from}, '${column.timeZone ?? ''}')`;
  return column.as === 'DATE' ? `CAST(${local} AS DATE)` : local;
}

function assertTableCount(names: Names, { table, folderHour, rows }: LedgerEntry): Statement {
  return {
    sql: `SELECT IF((
  SELECT COUNT(*) FROM ${names.raw(table)} WHERE folder_hour = CAST(@folder_hour AS TIMESTAMP)
) = CAST(@expected AS INT64), 1, ERROR('${MISCOUNT}: the table does not hold the rows that were loaded')) AS ok`,
    params: { folder_hour: folderHour, expected: String(rows) },
  };
}

function insertRejects(names: Names, entry: LedgerEntry, temp: string): Statement[] {
  const key = {
    log_type: entry.logType,
    folder_hour: entry.folderHour,
    epoch: String(entry.epoch),
    revision: String(entry.revision),
  };
  return [
    {
      sql: `INSERT INTO ${names.ops('all_rejects')} (log_type, folder_hour, epoch, revision, id, object, line, byte_offset,
  reason, field, expected, found, misfits, head)
SELECT @log_type, CAST(@folder_hour AS TIMESTAMP), CAST(@epoch AS INT64), CAST(@revision AS INT64), t.id, t.object, t.line,
  t.${names.column('byteOffset')}, t.reason, t.field, t.expected, t.found, t.misfits, t.head
FROM ${names.temp(temp)} AS t`,
      params: key,
    },
    {
      sql: `SELECT IF((
  SELECT COUNT(*) FROM ${names.ops('all_rejects')}
  WHERE log_type = @log_type AND folder_hour = CAST(@folder_hour AS TIMESTAMP)
    AND epoch = CAST(@epoch AS INT64) AND revision = CAST(@revision AS INT64)
) = CAST(@expected AS INT64), 1, ERROR('${MISCOUNT}: the rejects table does not hold the rejected rows')) AS ok`,
      params: { ...key, expected: String(entry.rejected) },
    },
  ];
}

function insertLedger(names: Names, entry: LedgerEntry): Statement {
  return {
    sql: `INSERT INTO ${names.ops('ledger')} (log_type, table_name, folder_hour, epoch, revision, state, schema_version, staged,
  row_count, rejected, load_epoch, load_revision, content, manifest, rejects_bin, loaded_at)
VALUES (@log_type, @table_name, CAST(@folder_hour AS TIMESTAMP), CAST(@epoch AS INT64), CAST(@revision AS INT64), @state,
  @schema_version, CAST(@staged AS INT64), CAST(@row_count AS INT64), CAST(@rejected AS INT64), CAST(@load_epoch AS INT64),
  CAST(@load_revision AS INT64), @content, @manifest, CAST(@rejects_bin AS STRING), CAST(@loaded_at AS TIMESTAMP))`,
    params: {
      log_type: entry.logType,
      table_name: entry.table,
      folder_hour: entry.folderHour,
      epoch: String(entry.epoch),
      revision: String(entry.revision),
      state: entry.state,
      schema_version: entry.schemaVersion,
      staged: String(entry.staged),
      row_count: String(entry.rows),
      rejected: String(entry.rejected),
      load_epoch: String(entry.loadEpoch),
      load_revision: String(entry.loadRevision),
      content: entry.content,
      manifest: entry.manifest,
      rejects_bin: entry.rejectsBin,
      loaded_at: entry.loadedAt,
    },
  };
}
