import { BigQueryWarehouse } from '../../../workloads/adapters/bigquery/bigquery-warehouse.ts';
import { GcsStore } from '../../../workloads/adapters/gcs/gcs-store.ts';
import type { Warehouse, WarehouseSession } from '../../../workloads/core/ports/warehouse.ts';
import type { WarehouseBench, WarehouseDifferences } from '../../contract/warehouse-bench.ts';
import type { BigQueryEmulator } from '../../real/support/bigquery-emulator.ts';
import type { FakeGcs } from '../../real/support/fake-gcs.ts';
import { EmulatedDatasets } from './emulated.ts';

/** What bigquery-emulator 0.8.1 does otherwise than BigQuery. */
export const EMULATOR_DIFFERENCES: WarehouseDifferences = {
  assertions:
    'the emulator evaluates ERROR() only in the last statement of a script, and keeps what came before an error',
  errorReasons: 'the emulator calls every error jobInternalError, which in BigQuery is worth a new job',
  records: 'a load job of the emulator shuffles the members of a record',
  jsonStrings: 'the emulator parses a string in a JSON column as JSON text',
  longRows: 'the emulator takes minutes for a row of 16 MiB',
  values: (type, json, place) => {
    if (type !== 'INTEGER' && place.startsWith('record')) return EMULATOR_DIFFERENCES.records;
    if (type === 'BYTES' && place !== 'array' && json !== '""')
      return 'the emulator keeps the base64 text in place of the bytes';
    if (json === '-0.0' && place !== 'array') return 'the emulator has no negative zero';
    if (type === 'NUMERIC' && place === 'array' && /e/i.test(json))
      return 'the emulator keeps the exponent of a NUMERIC in an array';
    if (type !== 'JSON') return undefined;
    return json.startsWith('"') ? EMULATOR_DIFFERENCES.jsonStrings : undefined;
  },
};

const FAST = {
  poll: { baseMs: 5, capMs: 50, deadlineMs: 30_000 },
  retry: { deadlineMs: 1_000, baseMs: 20, capMs: 200 },
};

let benches = 0;

/** Datasets of their own, tables made by a stand-in for the Pulumi program just before the adapter looks at them. */
export async function emulatorBench(emulator: BigQueryEmulator, gcs: FakeGcs): Promise<WarehouseBench> {
  const suffix = String(benches++);
  const datasets = await new EmulatedDatasets(emulator, suffix).make();
  const bucket = `warehouse-${suffix}`;
  await gcs.makeBucket(bucket);
  const nowhere = new EmulatedDatasets(emulator, `none_${suffix}`);
  return {
    warehouse: withPulumi(new BigQueryWarehouse(datasets.place, FAST), datasets),
    store: new GcsStore({ bucket, prefix: '', endpoint: gcs.url }),
    put: (key, bytes) => gcs.put(bucket, key, bytes),
    rows: (table) => datasets.rows(table),
    missing: () =>
      Promise.resolve({
        warehouse: new BigQueryWarehouse(nowhere.place, FAST),
        traces: async () => {
          const { datasets: all = [] } = (await emulator.request('GET', '/datasets')) as {
            datasets?: { datasetReference: { datasetId: string } }[];
          };
          return all
            .map(({ datasetReference }) => datasetReference.datasetId)
            .filter((id) => Object.values(nowhere.place).includes(id));
        },
      }),
  };
}

/** DuckDB's tables are made by preparing them; these are made right before. */
function withPulumi(warehouse: Warehouse, datasets: EmulatedDatasets): Warehouse {
  return {
    url: warehouse.url,
    session: (work, options) => warehouse.session((session) => work(made(session, datasets)), options),
  };
}

function made(session: WarehouseSession, datasets: EmulatedDatasets): WarehouseSession {
  const before: Partial<WarehouseSession> = {
    prepareOps: async () => {
      await datasets.makeOps();
      await session.prepareOps();
    },
    prepareTable: async (logType) => {
      await datasets.makeType(logType);
      await session.prepareTable(logType);
    },
  };
  return new Proxy(session, {
    get: (target, name) => {
      const value: unknown = Reflect.get(before, name) ?? Reflect.get(target, name);
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
    },
  });
}
