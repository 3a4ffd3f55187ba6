import { after } from 'mocha';
import { EMULATOR_DIFFERENCES, emulatorBench } from '../adapters/bigquery/emulator-bench.ts';
import { warehouseContract } from '../contract/warehouse.ts';
import { tempFolder } from '../support/temp.ts';
import { startBigQueryEmulator, type BigQueryEmulator } from './support/bigquery-emulator.ts';
import { startFakeGcs, type FakeGcs } from './support/fake-gcs.ts';

/** The emulator's analyser never lets go of memory, and fails at 2 GiB: each one serves this many warehouses. */
const WAREHOUSES_AN_EMULATOR = 12;

describe('BigQueryWarehouse on bigquery-emulator and fake-gcs-server', () => {
  const folder = tempFolder();
  const running: { gcs?: FakeGcs; emulator?: BigQueryEmulator } = {};
  let warehouses = 0;
  const stop = (): Promise<unknown> => Promise.all([running.emulator?.stop(), running.gcs?.stop()]);
  after(stop);

  warehouseContract(
    'BigQueryWarehouse',
    async () => {
      if (warehouses++ % WAREHOUSES_AN_EMULATOR === 0) {
        await stop();
        running.gcs = await startFakeGcs({ tempFolder: folder });
        running.emulator = await startBigQueryEmulator({ tempFolder: folder, gcs: running.gcs });
      }
      return emulatorBench(running.emulator!, running.gcs!);
    },
    EMULATOR_DIFFERENCES,
  );
});
