import type { DuckDBConnection } from '@duckdb/node-api';
import type { LoadJob, Row, Statement, WarehouseSession } from '../../core/ports/warehouse.ts';
import { mergedFields } from '../../core/schema/cover.ts';
import type { Field, LogType } from '../../core/schema/log-type.ts';
import { tableFields } from '../../core/schema/log-type.ts';
import type { Scratch } from '../../core/scratch/scratch.ts';
import { controlTable, type Names } from '../../core/sql/names.ts';
import { CONTROL, OPS_TABLES } from '../../core/sql/ops-tables.ts';
import { OPS_VIEWS } from '../../core/sql/views.ts';
import { leftOutArrays, noElements, withRecords, type LeftOutArrays } from './arrays.ts';
import { commitError, isMissingTable, prepareError } from './errors.ts';
import { rowFilesOf, rowsOf } from './load.ts';
import { duckdbNames, inlined, literal, SCHEMAS } from './names.ts';
import { RowFiles } from './rows/row-files.ts';
import { addMissing, createTable } from './tables.ts';
import type { Turns } from './turns.ts';
import { duckdbType, fieldOf } from './types.ts';
import { plain } from './values.ts';

/** DuckDB's catalog does not tell names apart by case. */
const NAMED = 'lower(table_name) = lower(@name)';

/** What a TEMP table is. */
interface LoadedRows {
  readonly files: RowFiles;
  /** Whether the session read them itself. */
  readonly isOwn: boolean;
  readonly into: string | undefined;
}

/** One connection to an open database. */
export class DuckDbSession implements WarehouseSession {
  /** A TEMP table that this session loaded is the files of its rows, wherever the shared SQL names it (decision 0019). */
  readonly names: Names = {
    ...duckdbNames,
    temp: (temp) => this.#rows(temp) ?? duckdbNames.temp(temp),
    unlisted: (table) =>
      (this.#leftOut.get(table.toLowerCase())?.columns ?? []).map((field) => ({
        name: duckdbNames.column(field.name),
        value: noElements(field),
      })),
  };
  readonly #connection: DuckDBConnection;
  readonly #scratch: Scratch;
  readonly #turns: Turns;
  /** Tables that this session made or saw; within a session nobody else can drop one. */
  readonly #tables = new Set<string>();
  /** Of the few tables that this session prepared for a schema which lists fewer arrays. */
  readonly #leftOut = new Map<string, LeftOutArrays>();
  /** Control tables that this session made or saw, with their row. */
  readonly #controls = new Set<string>();
  /** What the comments of typed tables said when this session first set a label, and what it set since. */
  #comments: Map<string, string> | undefined;
  #memoryLimit: string | undefined;
  /** The rows behind each TEMP table. */
  readonly #loaded = new Map<string, LoadedRows>();

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
    for (const [table, fields] of Object.entries(OPS_TABLES)) await this.#makeOpsTable(table, fields);
    const comments = await this.query({
      sql: `SELECT view_name, comment FROM duckdb_views() WHERE schema_name = 'ops'`,
      params: {},
    });
    const current = new Map(comments.map(({ view_name: name, comment }) => [name, comment]));
    const stale = Object.entries(OPS_VIEWS)
      .map(([view, sql]) => ({ view: this.names.ops(view), name: view, text: sql(this.names) }))
      // The comment holds the text that the view was made from; a new version of logferry replaces it.
      .filter(({ name, text }) => current.get(name) !== text);
    await this.#together(
      stale.flatMap(({ view, text }) => [
        `CREATE OR REPLACE VIEW ${view} AS ${text}`,
        `COMMENT ON VIEW ${view} IS ${literal(text)}`,
      ]),
    );
  }

  /** A newer logferry may know more columns than the file that an older one made. */
  async #makeOpsTable(table: string, fields: readonly Field[]): Promise<void> {
    await this.#run(createTable(SCHEMAS.ops, table, fields));
    // The catalog's own functions list every column of every control table, too.
    const present = await this.#connection.run(`SELECT * FROM ${this.names.ops(table)} LIMIT 0`);
    const columns = new Set(present.columnNames());
    for (const field of fields.filter(({ name }) => !columns.has(name)))
      await this.#run(
        `ALTER TABLE ${this.names.ops(table)} ADD COLUMN ${this.names.column(field.name)} ${duckdbType(field)}`,
      );
  }

  async #makeTable(logType: LogType): Promise<void> {
    const { type, table } = logType;
    await this.#makeControl(type, table);
    const wanted = tableFields(logType);
    const fields = await this.describe(table);
    if (fields === undefined) await this.#run(createTable(SCHEMAS.raw, table, wanted));
    else if (addMissing(table, { fields, comment: undefined }, wanted).length > 0)
      await this.#together(addMissing(table, { fields, comment: await this.#comment(table) }, wanted));
    this.#tables.add(table.toLowerCase());
    this.#note(table, leftOutArrays(mergedFields(fields ?? [], wanted), wanted));
  }

  #note(table: string, leftOut: LeftOutArrays): void {
    const isNone = leftOut.columns.length === 0 && leftOut.records.length === 0;
    if (isNone) this.#leftOut.delete(table.toLowerCase());
    else this.#leftOut.set(table.toLowerCase(), leftOut);
  }

  /** Table and row in one transaction: no fence is ever seen without its row, and the disk is waited for once. */
  async #makeControl(type: string, table: string): Promise<void> {
    const control = controlTable(table);
    if (this.#controls.has(control.toLowerCase())) return;
    const ops = this.names.ops(control);
    await this.#together([
      createTable(SCHEMAS.ops, control, CONTROL),
      inlined(`INSERT INTO ${ops} SELECT @log_type, 'seed' WHERE NOT EXISTS (SELECT 1 FROM ${ops})`, {
        log_type: type,
      }),
    ]);
    this.#controls.add(control.toLowerCase());
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
    const isOwn = !(job.taken instanceof RowFiles);
    const files = job.taken instanceof RowFiles ? job.taken : await rowFilesOf(this.#scratch, job);
    this.#forget(job.temp);
    this.#loaded.set(job.temp, { files, isOwn, into: job.into });
    return files.rows;
  }

  #rows(temp: string): string | undefined {
    const loaded = this.#loaded.get(temp);
    if (loaded === undefined) return undefined;
    const { files, into } = loaded;
    const leftOut = into === undefined ? undefined : this.#leftOut.get(into.toLowerCase());
    return withRecords(rowsOf(files), leftOut?.records ?? []);
  }

  async query({ sql, params }: Statement): Promise<Row[]> {
    const result = await this.#connection.run(inlined(sql, params));
    const names = result.deduplicatedColumnNames();
    const rows = await result.getRows();
    // The SDK's own row objects lose a column named __proto__: it assigns where this defines.
    return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, plain(row[index]!)])));
  }

  /** Reading a file costs nothing. */
  estimateBytes(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async transaction(statements: readonly Statement[]): Promise<void> {
    const texts = statements.map(({ sql, params }) => inlined(sql, params));
    const free = await this.#freeingStatement();
    await this.#together([...texts, free], free).catch((error: unknown) => {
      throw commitError(error);
    });
  }

  async setLabel(table: string, key: string, value: string): Promise<void> {
    await this.#inTurn(`the labels of ${table}`, async () => {
      const comments = await this.#allComments();
      const name = table.toLowerCase();
      const labels = JSON.stringify({ ...parseLabels(comments.get(name)), [key]: value });
      if (comments.get(name) === labels) return;
      await this.#run(`COMMENT ON TABLE ${this.names.raw(table)} IS ${literal(labels)}`);
      comments.set(name, labels);
    });
  }

  async labels(table: string): Promise<Readonly<Record<string, string>>> {
    return parseLabels(await this.#comment(table));
  }

  /** Read once a session: the catalog's function writes down every table's own CREATE statement, each time that it is asked. */
  async #allComments(): Promise<Map<string, string>> {
    if (this.#comments !== undefined) return this.#comments;
    const rows = await this.query({
      sql: `SELECT lower(table_name) AS name, comment FROM duckdb_tables() WHERE schema_name = 'raw' AND comment IS NOT NULL`,
      params: {},
    });
    this.#comments = new Map(rows.map(({ name, comment }) => [String(name), String(comment)]));
    return this.#comments;
  }

  async #comment(table: string): Promise<string | undefined> {
    const [row] = await this.query({
      sql: `SELECT comment FROM duckdb_tables() WHERE schema_name = 'raw' AND ${NAMED}`,
      params: { name: table },
    });
    return typeof row?.comment === 'string' ? row.comment : undefined;
  }

  dropTemp(temp: string): Promise<void> {
    this.#forget(temp);
    return Promise.resolve();
  }

  #forget(temp: string): void {
    const loaded = this.#loaded.get(temp);
    if (loaded?.isOwn === true) loaded.files.discard();
    this.#loaded.delete(temp);
  }

  /** The session is over: what it loaded and nobody dropped is given back to the disk. */
  end(): void {
    for (const temp of [...this.#loaded.keys()]) this.#forget(temp);
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

  /**
   * Runs statements in one transaction, sent as one text: the engine waits for nobody between them, where this thread may be in the
   * midst of a row check. It stops at the first that fails and tells that one's error.
   * @param after Statements behind the commit.
   */
  async #together(statements: readonly string[], ...after: readonly string[]): Promise<void> {
    if (statements.length === 0) return;
    try {
      await this.#run(['BEGIN TRANSACTION', ...statements, 'COMMIT', ...after].join(';\n'));
    } catch (error) {
      // After an error DuckDB answers COMMIT with success and commits nothing: only ROLLBACK ends it honestly.
      await this.#run('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  /**
   * The statement that gives back to the system what DuckDB has freed: storing rows of a wide table takes 100 MiB for a moment, writing them to the log as
   * much again, and its allocator would keep both. Setting a limit, also to what it is, is the one statement that asks it to.
   */
  async #freeingStatement(): Promise<string> {
    this.#memoryLimit ??= await this.#setting('memory_limit');
    return `SET memory_limit = ${literal(this.#memoryLimit)}`;
  }

  async #setting(name: string): Promise<string> {
    const [row] = await this.query({ sql: `SELECT current_setting(${literal(name)}) AS value`, params: {} });
    return String(row?.value);
  }

  async #run(sql: string): Promise<void> {
    await this.#connection.run(sql);
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
