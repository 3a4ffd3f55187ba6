import type { Statement } from '../../core/ports/warehouse.ts';
import type { Names } from '../../core/sql/names.ts';

/** The schemas that stand in for BigQuery's datasets. */
export const SCHEMAS = { raw: 'raw', ops: 'ops' } as const;

/**
 * TEMP tables are files in scratch, which a session names in their place (decision 0019): one that no session loaded has a name in a
 * database that is not there. `temp` would be ambiguous in DuckDB.
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

/** Parameters of the shared SQL; an @ inside quotes is text. */
const PARAMETERS = /'[^']*'|"[^"]*"|@([a-z_]+)/g;

/** The shared SQL spells parameters `@x`; DuckDB spells them `$x`. */
export function toDuckdb(sql: string): string {
  return sql.replaceAll(PARAMETERS, (found: string, name: string | undefined) =>
    name === undefined ? found : `$${name}`,
  );
}

/**
 * A statement of the shared SQL with its parameters as literals: DuckDB plans a statement twice where it learns the types of its
 * parameters only once they are bound, and takes three calls for it in place of one. A name without a value is the engine's to refuse.
 */
export function inlined(sql: string, params: Statement['params']): string {
  return sql.replaceAll(PARAMETERS, (found: string, name: string | undefined) => {
    const value = name === undefined ? undefined : params[name];
    return value === undefined ? toDuckdb(found) : spelled(value);
  });
}

function spelled(value: string | number | null): string {
  if (value === null) return 'NULL';
  // Behind a minus a second one would begin a comment.
  if (typeof value === 'number') return Number.isFinite(value) ? `(${value})` : `'${value}'::DOUBLE`;
  if (!value.includes('\0')) return literal(value);
  // To the engine's own parser a NUL is the end of the statement.
  return `(${value.split('\0').map(literal).join(' || chr(0) || ')})`;
}
