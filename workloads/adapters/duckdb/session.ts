import type { DuckDBConnection } from '@duckdb/node-api';
import type { LoadJob, Row, Statement, WarehouseSession } from '../../core/ports/warehouse.ts';
import type { Field, LogType } from '../../core/schema/log-type.ts';
import { tableFields } from '../../core/schema/log-type.ts';
import type { Scratch } from '../../core/scratch/scratch.ts';
import { controlTable } from '../../core/sql/names.ts';
import { CONTROL, OPS_TABLES } from '../../core/sql/ops-tables.ts';
import { OPS_VIEWS } from '../../core/sql/views.ts';
import { commitError, isMissingTable, prepareError } from './errors.ts';
import { loadObjects, viewOf } from './load.ts';
import { duckdbNames, literal, SCHEMAS, toDuckdb } from './names.ts';
import { RowFiles } from './rows/row-files.ts';
import { addMissing, createTable } from './tables.ts';
import type { Turns } from './turns.ts';
import { duckdbType, fieldOf } from './types.ts';
import { plain } from './values.ts';

/** DuckDB's catalog does not tell names apart by case. */
const NAMED = 'lower(table_name) = lower(@name)';

/** One connection to an open database. */
export class DuckDbSession implements WarehouseSession {
  readonly names = duckdbNames;
  readonly #connection: DuckDBConnection;
  readonly #scratch: Scratch;
  readonly #turns: Turns;
  /** Tables that this session made or saw; within a session nobody else can drop one. */
  readonly #tables = new Set<string>();
  #memoryLimit: string | undefined;
  /** The rows behind each TEMP table that this session read itself. */
  readonly #loaded = new Map<string, RowFiles>();

  constructor(connection: DuckDBConnection, scratch: Scratch, turns: Turns) {
    this.#connection = connection;
    this.#scratch = scratch;
    this.#turns = turns;
  }

  async prepareOps(): Promise<void> {
    await this.#inTurn('the ops tables', () => this.#makeOps());
  }

  async prepareTable(logType: LogType): Promise<void> {
    await this.#inTurn(`table ${logType.table}`, () => this.#makeTable(logType));
  }

  async prepareControl(type: string, table: string): Promise<void> {
    await this.#inTurn(`the control table of ${table}`, () => this.#makeControl(type, table));
  }

  async #makeOps(): Promise<void> {
    for (const [table, fields] of Object.entries(OPS_TABLES))
      await this.#run(createTable(SCHEMAS.ops, table, fields));
    await this.#growOps();
    const comments = await this.query({
      sql: `SELECT view_name, comment FROM duckdb_views() WHERE schema_name = 'ops'`,
      params: {},
    });
    const current = new Map(comments.map(({ view_name: name, comment }) => [name, comment]));
    for (const [view, sql] of Object.entries(OPS_VIEWS)) {
      const text = sql(this.names);
      // The comment holds the text that the view was made from; a new version of logferry replaces it.
      if (current.get(view) === text) continue;
      await this.#run(`CREATE OR REPLACE VIEW ${this.names.ops(view)} AS ${text}`);
      await this.#run(`COMMENT ON VIEW ${this.names.ops(view)} IS ${literal(text)}`);
    }
  }

  /** A newer logferry may know more columns than the file that an older one made. */
  async #growOps(): Promise<void> {
    const columns = await this.query({
      sql: `SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'ops'`,
      params: {},
    });
    const present = new Set(
      columns.map(({ table_name: table, column_name: name }) => `${String(table)}.${String(name)}`),
    );
    for (const [table, fields] of Object.entries(OPS_TABLES)) {
      for (const field of fields.filter(({ name }) => !present.has(`${table}.${name}`))) {
        const column = `${this.names.column(field.name)} ${duckdbType(field)}`;
        await this.#run(`ALTER TABLE ${this.names.ops(table)} ADD COLUMN ${column}`);
      }
    }
  }

  async #makeTable(logType: LogType): Promise<void> {
    await this.#makeControl(logType.type, logType.table);
    const wanted = tableFields(logType);
    const fields = await this.describe(logType.table);
    if (fields === undefined) await this.#run(createTable(SCHEMAS.raw, logType.table, wanted));
    else {
      const present = { fields, comment: await this.#comment(logType.table) };
      await this.#together(addMissing(logType.table, present, wanted).map((sql) => ({ sql, params: {} })));
    }
    this.#tables.add(logType.table.toLowerCase());
  }

  async #makeControl(type: string, table: string): Promise<void> {
    const control = controlTable(table);
    await this.#run(createTable(SCHEMAS.ops, control, CONTROL));
    await this.#run(
      `INSERT INTO ${this.names.ops(control)} SELECT $type, 'seed' WHERE NOT EXISTS (SELECT 1 FROM ${this.names.ops(control)})`,
      { type },
    );
  }

  async hasControl(table: string): Promise<boolean> {
    const found = await this.query({
      sql: `SELECT 1 AS one FROM duckdb_tables() WHERE schema_name = 'ops' AND ${NAMED}`,
      params: { name: controlTable(table) },
    });
    return found.length > 0;
  }

  async hasTable(table: string): Promise<boolean> {
    const key = table.toLowerCase();
    if (this.#tables.has(key)) return true;
    const found = await this.query({
      sql: `SELECT lower(table_name) AS name FROM duckdb_tables() WHERE schema_name = 'raw'`,
      params: {},
    });
    for (const { name } of found) this.#tables.add(String(name));
    return this.#tables.has(key);
  }

  async load(job: LoadJob): Promise<number> {
    if (job.taken instanceof RowFiles) await this.#connection.run(viewOf(job.temp, job.taken));
    else {
      const files = await loadObjects(this.#connection, this.#scratch, job);
      this.#loaded.get(job.temp)?.discard();
      this.#loaded.set(job.temp, files);
    }
    return (job.taken ?? this.#loaded.get(job.temp)!).rows;
  }

  async query({ sql, params }: Statement): Promise<Row[]> {
    const result = await this.#connection.runAndReadAll(toDuckdb(sql), params);
    const names = result.deduplicatedColumnNames();
    // The SDK's own row objects lose a column named __proto__: it assigns where this defines.
    return result
      .getRows()
      .map((row) => Object.fromEntries(names.map((name, index) => [name, plain(row[index]!)])));
  }

  /** Reading a file costs nothing. */
  estimateBytes(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async transaction(statements: readonly Statement[]): Promise<void> {
    const spelled = statements.map(({ sql, params }) => ({ sql: toDuckdb(sql), params }));
    await this.#together(spelled).catch((error: unknown) => {
      throw commitError(error);
    });
  }

  async setLabel(table: string, key: string, value: string): Promise<void> {
    await this.#inTurn(`the labels of ${table}`, async () => {
      const labels = JSON.stringify({ ...(await this.labels(table)), [key]: value });
      await this.#run(`COMMENT ON TABLE ${this.names.raw(table)} IS ${literal(labels)}`);
    });
  }

  async labels(table: string): Promise<Readonly<Record<string, string>>> {
    return parseLabels(await this.#comment(table));
  }

  async #comment(table: string): Promise<string | undefined> {
    const [row] = await this.query({
      sql: `SELECT comment FROM duckdb_tables() WHERE schema_name = 'raw' AND ${NAMED}`,
      params: { name: table },
    });
    return typeof row?.comment === 'string' ? row.comment : undefined;
  }

  async dropTemp(temp: string): Promise<void> {
    await this.#run(`DROP VIEW IF EXISTS ${this.names.temp(temp)}`);
    this.#loaded.get(temp)?.discard();
    this.#loaded.delete(temp);
  }

  /** The session is over: what it loaded and nobody dropped is given back to the disk. */
  end(): void {
    for (const files of this.#loaded.values()) files.discard();
    this.#loaded.clear();
  }

  async describe(table: string): Promise<readonly Field[] | undefined> {
    // The catalog's own functions list every column of every table, each time.
    const result = await this.#connection
      .run(`SELECT * FROM ${this.names.raw(table)} LIMIT 0`)
      .catch((error: unknown) => {
        if (isMissingTable(error)) return undefined;
        throw error;
      });
    if (result === undefined) return undefined;
    const columns = await this.query({
      sql: `SELECT name FROM pragma_table_info(${literal(this.names.raw(table))}) WHERE "notnull"`,
      params: {},
    });
    const required = new Set(columns.map(({ name }) => name));
    return result
      .columnNames()
      .map((name, index) => fieldOf(name, result.columnType(index), required.has(name)));
  }

  async #inTurn(what: string, work: () => Promise<void>): Promise<void> {
    await this.#turns.take(work).catch((error: unknown) => {
      throw prepareError(what, error);
    });
  }

  async #together(statements: readonly Statement[]): Promise<void> {
    if (statements.length === 0) return;
    await this.#run('BEGIN TRANSACTION');
    try {
      for (const { sql, params } of statements) await this.#connection.run(sql, params);
      await this.#freeMemory();
      await this.#run('COMMIT');
    } catch (error) {
      // After an error DuckDB answers COMMIT with success and commits nothing: only ROLLBACK ends it honestly.
      await this.#run('ROLLBACK').catch(() => undefined);
      throw error;
    }
    await this.#freeMemory();
  }

  /**
   * Gives back to the system what DuckDB has freed: storing rows of a wide table takes 100 MiB for a moment, writing them to the log as
   * much again, and its allocator would keep both. Setting a limit, also to what it is, is the one statement that asks it to.
   */
  async #freeMemory(): Promise<void> {
    this.#memoryLimit ??= await this.#setting('memory_limit');
    await this.#run(`SET memory_limit = ${literal(this.#memoryLimit)}`);
  }

  async #setting(name: string): Promise<string> {
    const [row] = await this.query({ sql: `SELECT current_setting(${literal(name)}) AS value`, params: {} });
    return String(row?.value);
  }

  async #run(sql: string, params?: Record<string, string>): Promise<void> {
    await this.#connection.run(sql, params);
  }
}

/** Labels live in the table's comment; a comment that somebody wrote by hand holds none. */
function parseLabels(comment: string | undefined): Readonly<Record<string, string>> {
  if (!comment?.startsWith('{')) return {};
  try {
    return JSON.parse(comment) as Record<string, string>;
  } catch {
    return {};
  }
}
