import type { DuckDBInstance } from '@duckdb/node-api';
import type { TakenRows, Warehouse, WarehouseSession } from '../../core/ports/warehouse.ts';
import type { Field } from '../../core/schema/log-type.ts';
import type { Scratch } from '../../core/scratch/scratch.ts';
import { acquire } from './database.ts';
import { prepareMacros } from './macros.ts';
import { SCHEMAS } from './names.ts';
import type { OpenOptions } from './open-file.ts';
import { RowFiles } from './rows/row-files.ts';
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

  takeRows(fields: readonly Field[]): TakenRows {
    return new RowFiles(this.#scratch, fields);
  }

  async session<T>(work: (session: WarehouseSession) => Promise<T>, { readOnly = false } = {}): Promise<T> {
    const { instance, turns, release } = await acquire(
      this.#path,
      { ...this.#options, readOnly },
      prepareDatabase,
    );
    try {
      const connection = await instance.connect();
      try {
        await connection.run("SET TimeZone = 'UTC'");
        // BigQuery sorts NULL first.
        await connection.run("SET default_null_order = 'nulls_first'");
        const session = new DuckDbSession(connection, this.#scratch, turns);
        try {
          return await work(session);
        } finally {
          session.end();
        }
      } finally {
        connection.closeSync();
      }
    } finally {
      release();
    }
  }
}

/** Run by whoever opens the file. */
async function prepareDatabase(instance: DuckDBInstance): Promise<void> {
  const connection = await instance.connect();
  try {
    // Folding the log into the file rewrites every changed column: seconds for a wide table, at each close. The log is as durable;
    // DuckDB folds it in by itself once it reaches 16 MiB (checkpoint_threshold).
    await connection.run('PRAGMA disable_checkpoint_on_shutdown');
    // A thread more takes some 50 MiB for rows of a wide table, and a fifth more CPU in all; the row check is one thread, too.
    await connection.run('SET threads = 1');
    // Rows are read from scratch once each: a cache of them would only take memory. Their footers are read at every mention.
    await connection.run('SET enable_external_file_cache = false');
    await connection.run('SET parquet_metadata_cache = true');
    for (const schema of Object.values(SCHEMAS))
      await connection.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await prepareMacros(connection);
  } finally {
    connection.closeSync();
  }
}
