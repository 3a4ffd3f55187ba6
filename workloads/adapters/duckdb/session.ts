import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { ConservationError, FencedError, messageOf, TerminalError, TransientError } from '../../core/errors.ts';
import type { LoadJob, Row, SqlValue, Statement, WarehouseSession } from '../../core/ports/warehouse.ts';
import type { Field, LogType } from '../../core/schema/log-type.ts';
import { tableFields } from '../../core/schema/log-type.ts';
import type { Scratch } from '../../core/scratch/scratch.ts';
import { FENCED, MISCOUNT } from '../../core/sql/commit.ts';
import { controlTable } from '../../core/sql/names.ts';
import { CONTROL, OPS_TABLES } from '../../core/sql/ops-tables.ts';
import { OPS_VIEWS } from '../../core/sql/views.ts';
import { loadObjects } from './load.ts';
import { duckdbNames, literal, SCHEMAS, toDuckdb } from './names.ts';
import { addMissing, createTable } from './tables.ts';
import { fieldOf } from './types.ts';

/** One connection to an open database. */
export class DuckDbSession implements WarehouseSession {
  readonly names = duckdbNames;
  readonly #connection: DuckDBConnection;
  readonly #scratch: Scratch;
  /** Tables that this session made or saw; within a session nobody else can drop one. */
  readonly #tables = new Set<string>();

  constructor(connection: DuckDBConnection, scratch: Scratch) {
    this.#connection = connection;
    this.#scratch = scratch;
  }

  async prepareOps(): Promise<void> {
    for (const [table, fields] of Object.entries(OPS_TABLES)) await this.#run(createTable(SCHEMAS.ops, table, fields));
    const comments = await this.query({ sql: `SELECT view_name, comment FROM duckdb_views() WHERE schema_name = 'ops'`, params: {} });
    const current = new Map(comments.map(({ view_name: name, comment }) => [name, comment]));
    for (const [view, sql] of Object.entries(OPS_VIEWS)) {
      const text = sql(this.names);
      // The comment holds the text that the view was made from; a new version of logferry replaces it.
      if (current.get(view) === text) continue;
      await this.#run(`CREATE OR REPLACE VIEW ${this.names.ops(view)} AS ${text}`);
      await this.#run(`COMMENT ON VIEW ${this.names.ops(view)} IS ${literal(text)}`);
    }
  }

  async prepareTable(logType: LogType): Promise<void> {
    await this.prepareControl(logType.type, logType.table);
    const wanted = tableFields(logType);
    const present = await this.describe(logType.table);
    if (present === undefined) await this.#run(createTable(SCHEMAS.raw, logType.table, wanted));
    else for (const statement of addMissing(logType.table, present, wanted)) await this.#run(statement);
    this.#tables.add(logType.table);
  }

  async prepareControl(type: string, table: string): Promise<void> {
    const control = controlTable(table);
    await this.#run(createTable(SCHEMAS.ops, control, CONTROL));
    await this.#run(
      `INSERT INTO ${this.names.ops(control)} SELECT $type, 'seed' WHERE NOT EXISTS (SELECT 1 FROM ${this.names.ops(control)})`,
      { type },
    );
  }

  async hasTable(table: string): Promise<boolean> {
    if (this.#tables.has(table)) return true;
    const found = await this.query({
      sql: `SELECT table_name FROM duckdb_tables() WHERE schema_name = 'raw'`,
      params: {},
    });
    for (const { table_name: name } of found) this.#tables.add(String(name));
    return this.#tables.has(table);
  }

  async load(job: LoadJob): Promise<number> {
    return loadObjects(this.#connection, this.#scratch, job);
  }

  async query({ sql, params }: Statement): Promise<Row[]> {
    const result = await this.#connection.runAndReadAll(toDuckdb(sql), params);
    return result
      .getRowObjects()
      .map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])));
  }

  async transaction(statements: readonly Statement[]): Promise<void> {
    await this.#run('BEGIN TRANSACTION');
    try {
      for (const { sql, params } of statements) await this.#connection.run(toDuckdb(sql), params);
      await this.#run('COMMIT');
    } catch (error) {
      // After an error DuckDB answers COMMIT with success and commits nothing: only ROLLBACK ends it honestly.
      await this.#run('ROLLBACK').catch(() => undefined);
      throw commitError(error);
    }
  }

  async setLabel(table: string, key: string, value: string): Promise<void> {
    const labels = JSON.stringify({ ...(await this.labels(table)), [key]: value });
    await this.#run(`COMMENT ON TABLE ${this.names.raw(table)} IS ${literal(labels)}`);
  }

  async labels(table: string): Promise<Readonly<Record<string, string>>> {
    const [row] = await this.query({
      sql: `SELECT comment FROM duckdb_tables() WHERE schema_name = 'raw' AND table_name = @name`,
      params: { name: table },
    });
    return typeof row?.comment === 'string' ? (JSON.parse(row.comment) as Record<string, string>) : {};
  }

  async dropTemp(temp: string): Promise<void> {
    await this.#run(`DROP TABLE IF EXISTS ${this.names.temp(temp)}`);
  }

  async describe(table: string): Promise<readonly Field[] | undefined> {
    const columns = await this.query({
      sql: `SELECT column_name, is_nullable FROM duckdb_columns() WHERE schema_name = 'raw' AND table_name = @name`,
      params: { name: table },
    });
    if (columns.length === 0) return undefined;
    const required = new Set(columns.filter(({ is_nullable: nullable }) => nullable === 'false').map((row) => row.column_name));
    const result = await this.#connection.run(`SELECT * FROM ${this.names.raw(table)} LIMIT 0`);
    return result.columnNames().map((name, index) => fieldOf(name, result.columnType(index), required.has(name)));
  }

  async #run(sql: string, params?: Record<string, string>): Promise<void> {
    await this.#connection.run(sql, params);
  }
}

/** Rows as the port spells them. */
function plain(value: DuckDBValue): SqlValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  const text = typeof value === 'boolean' ? String(value) : (value as { toString(): string }).toString();
  return text.replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)\+00$/, '$1T$2Z');
}

function commitError(error: unknown): unknown {
  const message = messageOf(error);
  if (message.includes(FENCED)) return new FencedError(message, { cause: error });
  if (message.includes(MISCOUNT)) return new ConservationError(message, { cause: error });
  if (/conflict/i.test(message)) {
    return new TransientError(`The transaction met another one: ${message}`, { advice: 'Run again.', cause: error });
  }
  return new TerminalError(`The transaction failed and was rolled back: ${message}`, {
    advice: 'Nothing was committed. See the engine’s message.',
    cause: error,
  });
}
