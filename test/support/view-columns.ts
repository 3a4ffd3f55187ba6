/** The count view's columns, as BigQuery spells them. */
export const COUNTS_COLUMNS = [
  'log_type STRING',
  'folder_hour TIMESTAMP',
  'folder_hour_kst DATETIME',
  'day_kst DATE',
  'row_count INT64',
  'rejected INT64',
  'quarantined INT64',
  'epoch INT64',
  'loaded_at TIMESTAMP',
];

/** The reject view's columns. */
export const REJECTS_COLUMNS = [
  'log_type STRING',
  'folder_hour TIMESTAMP',
  'epoch INT64',
  'revision INT64',
  'id STRING',
  'object STRING',
  'line INT64',
  'byte_offset INT64',
  'reason STRING',
  'field STRING',
  'expected STRING',
  'found STRING',
  'misfits JSON',
  'head STRING',
];
