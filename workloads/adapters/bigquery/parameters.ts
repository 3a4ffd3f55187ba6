import type { SqlValue, Statement } from '../../core/ports/warehouse.ts';

/** A named parameter as the API takes it. */
export interface QueryParameter {
  readonly name: string;
  readonly parameterType: { readonly type: 'STRING' | 'INT64' | 'FLOAT64' };
  readonly parameterValue: { readonly value: string | null };
}

/** Values travel as text, each under a type of its own: one that is left to BigQuery to guess is guessed from the first digits. */
export function queryParameters(params: Statement['params']): QueryParameter[] {
  return Object.entries(params).map(([name, value]) => ({
    name,
    parameterType: { type: typeOf(value) },
    parameterValue: { value: value === null ? null : String(value) },
  }));
}

function typeOf(value: SqlValue): QueryParameter['parameterType']['type'] {
  if (typeof value !== 'number') return 'STRING';
  return Number.isSafeInteger(value) ? 'INT64' : 'FLOAT64';
}

/** Text between quotes or backticks, or a parameter. An @ inside quotes is text. */
const TOKENS = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`|@([A-Za-z_][A-Za-z0-9_]*)/gs;

/**
 * Statements as one script and its parameters: a transaction must be one query where there is no session. Parameters are of the
 * whole script, and two statements may mean different values by one name: the second value gets a name of its own.
 */
export function script(statements: readonly Statement[]): Statement {
  if (statements.length === 1) return statements[0]!;
  const params = new Map<string, SqlValue>();
  const sql = statements.map((statement) => {
    const renamed = Object.entries(statement.params).map(([name, value]) => {
      let free = name;
      for (let next = 2; params.has(free) && params.get(free) !== value; next++) free = `${name}_${next}`;
      params.set(free, value);
      return [name, free] as const;
    });
    const names = new Map(renamed);
    return statement.sql.replaceAll(TOKENS, (found: string, name: string | undefined) =>
      name === undefined ? found : `@${names.get(name) ?? name}`,
    );
  });
  // Where a statement fails BigQuery rolls back by itself and the job's error says which it was and why ("Multi-statement
  // transactions": "there is no exception handler, then the query fails and BigQuery automatically rolls back"). A handler that
  // rolls back could only fail in turn, and hide the reason.
  return {
    sql: ['BEGIN TRANSACTION', ...sql, 'COMMIT TRANSACTION', ''].join(';\n'),
    params: Object.fromEntries(params),
  };
}
