import type { DuckDBInstance } from '@duckdb/node-api';
import type { Warehouse, WarehouseSession } from '../../core/ports/warehouse.ts';
import type { Scratch } from '../../core/scratch/scratch.ts';
import { acquire, type OpenOptions } from './database.ts';
import { MACROS } from './macros.ts';
import { literal, SCHEMAS } from './names.ts';
import { DuckDbSession } from './session.ts';

/** A DuckDB file in place of BigQuery. It is open only during a session: DuckDB locks it even against readers. */
export class DuckDbWarehouse implements Warehouse {
  readonly url: string;
  readonly #path: string;
  readonly #scratch: Scratch;
  readonly #options: Omit<OpenOptions, 'readOnly'>;

  constructor(path: string, scratch: Scratch, options: Omit<OpenOptions, 'readOnly'>) {
    this.url = `duckdb:${path}`;
    this.#path = path;
    this.#scratch = scratch;
    this.#options = options;
  }

  async session<T>(work: (session: WarehouseSession) => Promise<T>, { readOnly = false } = {}): Promise<T> {
    const { instance, release } = await acquire(this.#path, { ...this.#options, readOnly }, prepareDatabase);
    try {
      const connection = await instance.connect();
      try {
        await connection.run("SET TimeZone = 'UTC'");
        // BigQuery sorts NULL first.
        await connection.run("SET default_null_order = 'nulls_first'");
        return await work(new DuckDbSession(connection, this.#scratch));
      } finally {
        connection.closeSync();
      }
    } finally {
      release();
    }
  }
}

/** Run by whoever opens the file: nobody else can be in the middle of a load, so every TEMP table is a killed run's. */
async function prepareDatabase(instance: DuckDBInstance): Promise<void> {
  const connection = await instance.connect();
  try {
    for (const schema of Object.values(SCHEMAS)) await connection.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    for (const macro of MACROS) await connection.run(macro);
    const left = await connection.runAndReadAll(
      `SELECT table_name FROM duckdb_tables() WHERE schema_name = ${literal(SCHEMAS.temp)}`,
    );
    for (const { table_name: name } of left.getRowObjects()) {
      await connection.run(`DROP TABLE ${SCHEMAS.temp}."${String(name)}"`);
    }
  } finally {
    connection.closeSync();
  }
}
