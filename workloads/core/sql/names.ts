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
  /**
   * Columns of a typed table that no field of the schema lists and that must not be NULL for that, quoted, with their values. An
   * engine that sees to it by itself says nothing.
   */
  unlisted?(table: string): readonly UnlistedColumn[];
}

/** A column and what it holds in rows of a schema that does not list it. */
export interface UnlistedColumn {
  readonly name: string;
  readonly value: string;
}

/** The control table of a type: one each, for BigQuery's conflicts are per table (design 5.4). */
export function controlTable(table: string): string {
  return `control_${table}`;
}
