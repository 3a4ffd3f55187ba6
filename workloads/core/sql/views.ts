import type { Names } from './names.ts';

/** The time zone of the `_kst` columns. */
const LOCAL_ZONE = 'Asia/Seoul';

/** The newest commit of each type and hour: what the tables hold now. */
function currentLedger(names: Names): string {
  return `
  SELECT log_type, folder_hour, epoch, revision, row_count, rejected, load_epoch, load_revision, loaded_at
  FROM ${names.ops('ledger')}
  WHERE TRUE
  QUALIFY ROW_NUMBER() OVER (PARTITION BY log_type, folder_hour ORDER BY epoch DESC, revision DESC) = 1`;
}

/**
 * The count view: a row a type and hour from the ledger (tables may require a partition filter), and a row an hour without a type
 * for what was quarantined. Columns: log_type, folder_hour, folder_hour_kst, day_kst, row_count, rejected, quarantined, epoch,
 * loaded_at.
 */
export function countsView(names: Names): string {
  const local = `DATETIME(folder_hour, '${LOCAL_ZONE}')`;
  return `SELECT
  log_type,
  folder_hour,
  ${local} AS folder_hour_kst,
  CAST(${local} AS DATE) AS day_kst,
  row_count,
  rejected,
  CAST(NULL AS INT64) AS quarantined,
  epoch,
  loaded_at
FROM (${currentLedger(names)}
)
UNION ALL
SELECT
  CAST(NULL AS STRING) AS log_type,
  folder_hour,
  ${local} AS folder_hour_kst,
  CAST(${local} AS DATE) AS day_kst,
  CAST(NULL AS INT64) AS row_count,
  CAST(NULL AS INT64) AS rejected,
  quarantined,
  epoch,
  loaded_at
FROM (
  SELECT folder_hour, epoch, quarantined, loaded_at
  FROM ${names.ops('hour_ledger')}
  WHERE TRUE
  QUALIFY ROW_NUMBER() OVER (PARTITION BY folder_hour ORDER BY epoch DESC, loaded_at DESC) = 1
)
WHERE quarantined > 0`;
}

/** The rejects of what is loaded now; a reload that accepted them makes them disappear here. */
export function rejectsView(names: Names): string {
  return `SELECT
  r.log_type, r.folder_hour, r.epoch, r.revision, r.id, r.object, r.line, r.byte_offset,
  r.reason, r.field, r.expected, r.found, r.misfits, r.head
FROM ${names.ops('all_rejects')} AS r
INNER JOIN (${currentLedger(names)}
) AS l
ON r.log_type = l.log_type AND r.folder_hour = l.folder_hour
  AND r.epoch = l.load_epoch AND r.revision = l.load_revision`;
}

/** The views of the ops dataset by name. */
export const OPS_VIEWS: Readonly<Record<string, (names: Names) => string>> = {
  counts: countsView,
  rejects: rejectsView,
};
