/**
 * The GoogleSQL functions that the shared SQL uses and DuckDB lacks or spells differently. They live in the database, so that its
 * views answer in any DuckDB program. `datetime` casts first: DuckDB's timezone() means the opposite for a zoneless timestamp.
 */
export const MACROS: readonly string[] = [
  'CREATE MACRO IF NOT EXISTS timestamp_seconds(x) AS make_timestamptz(CAST(x AS BIGINT) * 1000000)',
  'CREATE MACRO IF NOT EXISTS timestamp_millis(x) AS make_timestamptz(CAST(x AS BIGINT) * 1000)',
  'CREATE MACRO IF NOT EXISTS timestamp_micros(x) AS make_timestamptz(CAST(x AS BIGINT))',
  'CREATE MACRO IF NOT EXISTS datetime(x, zone) AS timezone(zone, CAST(x AS TIMESTAMPTZ))',
  `CREATE MACRO IF NOT EXISTS json_value(document, path) AS
     CASE WHEN json_type(document, path) IN ('OBJECT', 'ARRAY') THEN NULL ELSE json_extract_string(document, path) END`,
];
