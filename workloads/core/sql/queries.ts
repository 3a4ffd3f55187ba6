import type { Manifest } from '../manifest.ts';
import { hourTimestamp, type FolderHour } from '../hour.ts';
import type { Statement } from '../ports/warehouse.ts';
import { controlTable, type Names } from './names.ts';

/** Hours that follow each other, both ends included. */
export interface HourRange {
  readonly first: FolderHour;
  readonly last: FolderHour;
}

const LEDGER_COLUMNS = `log_type, table_name, epoch, revision, state, schema_version, staged, row_count, rejected, load_epoch,
  load_revision, content, manifest, rejects_bin`;

/** All commits of an hour, oldest first. */
export function ledgerOfHour(names: Names, hour: FolderHour): Statement {
  return {
    sql: `SELECT ${LEDGER_COLUMNS}
FROM ${names.ops('ledger')}
WHERE folder_hour = CAST(@folder_hour AS TIMESTAMP)
ORDER BY log_type, epoch, revision`,
    params: { folder_hour: hourTimestamp(hour) },
  };
}

/** All commits of some hours, both ends included. */
export function ledgerOfHours(names: Names, hours: HourRange): Statement {
  return {
    sql: `SELECT folder_hour, ${LEDGER_COLUMNS}
FROM ${names.ops('ledger')}
WHERE ${WITHIN}
ORDER BY folder_hour, log_type, epoch, revision`,
    params: rangeParams(hours),
  };
}

/** All commits of one type's hour, oldest first. */
export function ledgerOfType(names: Names, hour: FolderHour, type: string): Statement {
  const { sql, params } = ledgerOfHour(names, hour);
  return {
    sql: sql.replace('\nORDER BY', ' AND log_type = @log_type\nORDER BY'),
    params: { ...params, log_type: type },
  };
}

/** Rows that a typed table holds of each of some hours, both ends included; an hour without rows has no line. */
export function tableCounts(names: Names, table: string, hours: HourRange): Statement {
  return {
    sql: `SELECT folder_hour, COUNT(*) AS row_count FROM ${names.raw(table)} WHERE ${WITHIN} GROUP BY folder_hour`,
    params: rangeParams(hours),
  };
}

const WITHIN = `folder_hour >= CAST(@first_hour AS TIMESTAMP) AND folder_hour <= CAST(@last_hour AS TIMESTAMP)`;

function rangeParams({ first, last }: HourRange): Statement['params'] {
  return { first_hour: hourTimestamp(first), last_hour: hourTimestamp(last) };
}

/** The type that a table belongs to: its control table's one row. */
export function controlOwner(names: Names, table: string): Statement {
  return { sql: `SELECT log_type FROM ${names.ops(controlTable(table))}`, params: {} };
}

/** Rows of a TEMP table, counted by the engine itself. */
export function tempCount(names: Names, temp: string): Statement {
  return { sql: `SELECT COUNT(*) AS row_count FROM ${names.temp(temp)}`, params: {} };
}

/** The count view, by hour and type; rows without a type are what was quarantined. */
export function counts(names: Names): Statement {
  return {
    sql: `SELECT log_type, folder_hour, row_count, rejected, quarantined, epoch FROM ${names.ops('counts')}
ORDER BY folder_hour, log_type`,
    params: {},
  };
}

/** Writes what an hour held as a whole, once for each epoch. */
export function insertHourLedger(names: Names, manifest: Manifest, loadedAt: string): Statement {
  return {
    sql: `INSERT INTO ${names.ops('hour_ledger')} (folder_hour, epoch, line_count, blank, staged, quarantined, damaged_objects,
  loaded_at)
SELECT CAST(@folder_hour AS TIMESTAMP), CAST(@epoch AS INT64), CAST(@line_count AS INT64), CAST(@blank AS INT64),
  CAST(@staged AS INT64), CAST(@quarantined AS INT64), CAST(@damaged_objects AS INT64), CAST(@loaded_at AS TIMESTAMP)
FROM (SELECT 1 AS one)
WHERE NOT EXISTS (
  SELECT 1 FROM ${names.ops('hour_ledger')}
  WHERE folder_hour = CAST(@folder_hour AS TIMESTAMP) AND epoch = CAST(@epoch AS INT64)
)`,
    params: {
      folder_hour: hourTimestamp(manifest.hour),
      epoch: String(manifest.epoch),
      line_count: String(manifest.lines),
      blank: String(manifest.blank),
      staged: String(manifest.staged),
      quarantined: String(manifest.quarantined),
      damaged_objects: String(manifest.sources.filter(({ damaged }) => damaged !== undefined).length),
      loaded_at: loadedAt,
    },
  };
}
