import { join } from 'node:path';
import { tempFolder } from '../support/temp.ts';
import { DUCKDB_DIFFERENCES, duckdbBench } from './duckdb-bench.ts';
import { warehouseContract } from './warehouse.ts';

const folder = tempFolder();
let warehouses = 0;

warehouseContract(
  'DuckDbWarehouse',
  () => duckdbBench(join(folder, `wh-${warehouses++}`)),
  DUCKDB_DIFFERENCES,
);
