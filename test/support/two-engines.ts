import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { DirectoryStore } from '../../workloads/adapters/directory/directory-store.ts';
import { acquire } from '../../workloads/adapters/duckdb/database.ts';
import { DuckDbWarehouse } from '../../workloads/adapters/duckdb/duckdb-warehouse.ts';
import { toDuckdb } from '../../workloads/adapters/duckdb/names.ts';
import type { Statement, WarehouseSession } from '../../workloads/core/ports/warehouse.ts';
import type { Field } from '../../workloads/core/schema/log-type.ts';
import { Scratch } from '../../workloads/core/scratch/scratch.ts';
import type { Names } from '../../workloads/core/sql/names.ts';
import { bigqueryNames } from './bigquery-names.ts';
import type { Column, Stored, ZetaSql } from './zetasql.ts';
import { fromDuckdb, type Cell, type Normal } from './zetasql-values.ts';

/** A statement of the product, for either engine. */
export type Written = (names: Names) => Statement;

/**
 * The same rows in ZetaSQL's reference evaluator and in a real DuckDB file, which the product's own adapter opened, filled and
 * asks. What both answer to one statement must be equal.
 */
export class TwoEngines {
  readonly session: WarehouseSession;
  readonly #zetasql: ZetaSql;
  readonly #connection: DuckDBConnection;
  readonly #store: DirectoryStore;
  /** What ZetaSQL is told of. */
  readonly #tables = new Map<string, readonly Field[]>();
  readonly #content = new Map<string, readonly Stored[]>();
  #files = 0;

  private constructor(
    session: WarehouseSession,
    zetasql: ZetaSql,
    connection: DuckDBConnection,
    store: DirectoryStore,
  ) {
    this.session = session;
    this.#zetasql = zetasql;
    this.#connection = connection;
    this.#store = store;
  }

  /** @param folder An empty or new one. */
  static async with(
    folder: string,
    zetasql: ZetaSql,
    work: (engines: TwoEngines) => Promise<void>,
  ): Promise<void> {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, 'wh.duckdb');
    const options = { lockTimeoutMs: 1_000, signal: new AbortController().signal };
    const scratch = await Scratch.create(folder);
    await new DuckDbWarehouse(path, scratch, options).session(async (session) => {
      await session.prepareOps();
      // A second connection to the same database, for answers that are not made smaller for the port.
      const { instance, release } = await acquire(
        path,
        { ...options, readOnly: false },
        async () => undefined,
      );
      const connection = await instance.connect();
      try {
        await connection.run("SET TimeZone = 'UTC'");
        await connection.run("SET default_null_order = 'nulls_first'");
        await work(new TwoEngines(session, zetasql, connection, new DirectoryStore(folder)));
      } finally {
        connection.closeSync();
        release();
      }
    });
  }

  /** Fills a TEMP table by the adapter's own load. */
  async fillTemp(temp: string, fields: readonly Field[], rows: readonly Stored[]): Promise<void> {
    await this.#load(temp, fields, rows);
    this.#remember(bigqueryNames.temp(temp), fields, rows);
  }

  /** Replaces the rows of a table that the warehouse has. */
  async fill(
    table: (names: Names) => string,
    fields: readonly Field[],
    rows: readonly Stored[],
  ): Promise<void> {
    await this.#load('filled', fields, rows);
    const target = table(this.session.names);
    await this.#connection.run(`DELETE FROM ${target}`);
    await this.#connection.run(`INSERT INTO ${target} SELECT * FROM ${this.session.names.temp('filled')}`);
    this.#remember(table(bigqueryNames), fields, rows);
  }

  /** Tells ZetaSQL of a table without rows. */
  fillEmpty(table: (names: Names) => string, fields: readonly Field[]): void {
    this.#remember(table(bigqueryNames), fields, []);
  }

  /** The equal answer of both engines to a query, whose rows must be in the same order too where `ordered`. */
  async query(written: Written, { ordered = false } = {}): Promise<readonly (readonly Normal[])[]> {
    const { columns, rows } = await this.#zetasql.query(written(bigqueryNames), this.#tables, this.#content);
    const found = await this.duckdb(written(this.session.names), columns);
    assert.deepEqual(ordered ? found : sorted(found), ordered ? rows : sorted(rows));
    return rows;
  }

  /** The equal rows that an INSERT adds, or an UPDATE makes, in both engines. DuckDB stores them. */
  async modify(written: Written, table: (names: Names) => string): Promise<readonly (readonly Normal[])[]> {
    const { columns, rows } = await this.#zetasql.modify(written(bigqueryNames), this.#tables, this.#content);
    const all = { sql: `SELECT * FROM ${table(this.session.names)}`, params: {} };
    const before = (await this.duckdb(all, columns)).map((row) => JSON.stringify(row));
    await this.session.transaction([written(this.session.names)]);
    const added = (await this.duckdb(all, columns)).filter((row) => {
      const twin = before.indexOf(JSON.stringify(row));
      if (twin >= 0) before.splice(twin, 1);
      return twin < 0;
    });
    assert.deepEqual(sorted(added), sorted(rows));
    return rows;
  }

  /** The equal number of rows that a DELETE takes away in both engines, in DuckDB for good. */
  async deleted(written: Written, table: (names: Names) => string): Promise<number> {
    const deleted = await this.#zetasql.deleted(written(bigqueryNames), this.#tables, this.#content);
    const count = async (): Promise<number> => {
      const result = await this.#connection.runAndReadAll(
        `SELECT COUNT(*) FROM ${table(this.session.names)}`,
      );
      return Number(result.getRows()[0]![0]);
    };
    const before = await count();
    await this.session.transaction([written(this.session.names)]);
    assert.equal(before - (await count()), deleted);
    return deleted;
  }

  /** Whether an assertion of the product holds; both engines must say the same, and raise the same error where it does not. */
  async holds(written: Written): Promise<true | string> {
    const inZetasql = await this.query(written).then(
      (rows) => (assert.deepEqual(rows, [['1']]), true as const),
      (error: unknown) => (error as Error).message,
    );
    const inDuckdb = await this.session.transaction([written(this.session.names)]).then(
      () => true as const,
      (error: unknown) => (error as Error).message,
    );
    if (inZetasql === true || inDuckdb === true) assert.equal(inDuckdb, inZetasql);
    else assert.ok(inDuckdb.includes(inZetasql), `${inDuckdb} does not say: ${inZetasql}`);
    return inZetasql;
  }

  /** What DuckDB answers; the columns say what its values are in GoogleSQL. */
  async duckdb({ sql, params }: Statement, columns: readonly Column[]): Promise<Normal[][]> {
    const result = await this.#connection.runAndReadAll(toDuckdb(sql), params);
    assert.deepEqual(
      result.columnNames(),
      columns.map(({ name }) => name),
    );
    return result
      .getRowsJson()
      .map((row) => row.map((value, index) => fromDuckdb(columns[index]!.type, value)));
  }

  #remember(name: string, fields: readonly Field[], rows: readonly Stored[]): void {
    this.#tables.set(name, fields);
    this.#content.set(name, rows);
  }

  async #load(temp: string, fields: readonly Field[], rows: readonly Stored[]): Promise<void> {
    const key = `${String(this.#files++)}.ndjson`;
    writeFileSync(this.#store.locate(key), rows.map((row) => `${line(fields, row)}\n`).join(''));
    const objects = [{ key, rows: rows.length }];
    const loaded = await this.session.load({
      jobId: key,
      temp,
      fields,
      store: this.#store,
      objects,
      labels: {},
    });
    assert.equal(loaded, rows.length);
  }
}

/** The rows as a bag: neither engine promises an order that was not asked for. */
function sorted(rows: readonly (readonly Normal[])[]): (readonly Normal[])[] {
  const text = new Map(rows.map((row) => [row, JSON.stringify(row)]));
  return [...rows].sort((a, b) => (text.get(a)! < text.get(b)! ? -1 : 1));
}

/** A stored row as a line of staging. */
function line(fields: readonly Field[], row: Stored): string {
  return `{${fields.map((field) => `${JSON.stringify(field.name)}:${jsonOf(field, row[field.name] ?? null)}`).join(',')}}`;
}

function jsonOf(field: Field, cell: Cell): string {
  if (field.mode === 'REPEATED') {
    const one: Field = { ...field, mode: 'NULLABLE' };
    return `[${((cell ?? []) as readonly Cell[]).map((inner) => jsonOf(one, inner)).join(',')}]`;
  }
  if (cell === null) return 'null';
  if (field.type === 'RECORD') return line(field.fields ?? [], cell as Stored);
  return field.type === 'JSON' ? (cell as string) : JSON.stringify(cell);
}
