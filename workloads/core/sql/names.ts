/**
 * How an engine quotes and qualifies names. The statements are written once; only names differ: BigQuery wants backticks and a
 * project, DuckDB double quotes (which are strings in GoogleSQL).
 */
export interface Names {
  /** A typed table. */
  raw(table: string): string;
  /** A TEMP table. */
  temp(table: string): string;
  /** Ledger, control tables, rejects, views. */
  ops(table: string): string;
  column(name: string): string;
}

/** The control table of a type: one each, for BigQuery's conflicts are per table (design 5.4). */
export function controlTable(table: string): string {
  return `control_${table}`;
}
