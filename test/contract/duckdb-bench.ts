import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { DuckDbWarehouse } from '../../workloads/adapters/duckdb/duckdb-warehouse.ts';
import { Scratch } from '../../workloads/core/scratch/scratch.ts';
import { directoryBench } from './directory-bench.ts';
import { storedRows } from './duckdb-values.ts';
import type { WarehouseBench, WarehouseDifferences } from './warehouse-bench.ts';

export const DUCKDB_DIFFERENCES: WarehouseDifferences = {
  requiredInRecords: 'DuckDB has no NOT NULL inside a STRUCT; the row check refuses such rows',
};

/** A warehouse on a file, with a scratch folder of its own. */
export async function duckdbWarehouse(
  path: string,
  scratchParent: string,
  lockTimeoutMs = 10_000,
): Promise<DuckDbWarehouse> {
  const scratch = await Scratch.create(scratchParent);
  return new DuckDbWarehouse(path, scratch, { lockTimeoutMs, signal: new AbortController().signal });
}

/** An open connection to a file, with nothing of the adapter in between. */
export async function withDuckdb<T>(
  path: string,
  work: (connection: Awaited<ReturnType<DuckDBInstance['connect']>>) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(path);
  try {
    const connection = await instance.connect();
    try {
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

export async function duckdbBench(folder: string): Promise<WarehouseBench & { readonly path: string }> {
  const { store, put } = await directoryBench(join(folder, 'staging'));
  const path = join(folder, 'wh.duckdb');
  return {
    path,
    store,
    put,
    warehouse: await duckdbWarehouse(path, folder),
    rows: (table) =>
      withDuckdb(path, (connection) => storedRows(connection, `SELECT * FROM raw."${table}" ORDER BY n`)),
    missing: async () => {
      const nowhere = join(folder, 'none');
      return {
        warehouse: await duckdbWarehouse(join(nowhere, 'wh.duckdb'), folder),
        traces: () => readdir(nowhere).catch(() => []),
      };
    },
  };
}
