import type { Names } from '../../core/sql/names.ts';

/** The schemas that stand in for BigQuery's datasets. */
export const SCHEMAS = { raw: 'raw', ops: 'ops' } as const;

/**
 * TEMP tables lie in a database of their own that is attached in memory (and spills to disk): they never reach the file, and a
 * killed run leaves none behind. `temp` would be ambiguous in DuckDB.
 */
export const TEMP_DATABASE = 'load_temp';

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** DuckDB's quoting: double quotes. */
export const duckdbNames: Names = {
  raw: (table) => `${SCHEMAS.raw}.${quote(table)}`,
  temp: (table) => `${TEMP_DATABASE}.main.${quote(table)}`,
  ops: (table) => `${SCHEMAS.ops}.${quote(table)}`,
  column: quote,
};

/** A text as a SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The shared SQL spells parameters `@x`; DuckDB spells them `$x`. An @ inside quotes is text. */
export function toDuckdb(sql: string): string {
  return sql.replaceAll(/'[^']*'|"[^"]*"|@([a-z_]+)/g, (found: string, name: string | undefined) =>
    name === undefined ? found : `$${name}`,
  );
}
