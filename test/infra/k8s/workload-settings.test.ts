import assert from 'node:assert/strict';
import * as pulumi from '@pulumi/pulumi';
import {
  bucketUrl,
  classifierEnvironment,
  loaderEnvironment,
  sourceUrl,
  warehouseUrl,
  type Environment,
  type RoadSettings,
} from '../../../infra/k8s/workload-settings.ts';
import { readSettings } from '../../../workloads/cli/settings.ts';
import { ENVIRONMENT_NAMES } from '../../../workloads/core/settings.ts';

const ROAD: RoadSettings = {
  staging: bucketUrl('st'),
  records: bucketUrl(pulumi.output('rec')),
  typeKey: 'kind',
  lookbackHours: 24,
  grace: '5m',
  stagingCompression: 'none',
  compressionLevel: 6,
  partSize: '256MiB',
  scratchBytes: 2 ** 31,
};
const SHARDS = { maxShards: 3, throughput: '8MB', minutes: { classifier: 5, fast: 11 } };
const WAREHOUSE = warehouseUrl({
  project: pulumi.output('proj'),
  raw: 'r',
  loadTemp: 't',
  ops: 'o',
  location: 'US',
});

const known = (environment: Environment): Promise<Record<string, string>> =>
  new Promise((resolve) => {
    pulumi.output({ ...environment }).apply(resolve);
  });
const textOf = (output: pulumi.Output<string>): Promise<string> =>
  new Promise((resolve) => {
    output.apply(resolve);
  });

const SHARED = {
  LOGFERRY_STAGING: 'gs://st',
  LOGFERRY_RECORDS: 'gs://rec',
  LOGFERRY_SCHEMAS: '/etc/logferry/schemas',
  LOGFERRY_TYPE_KEY: 'kind',
  LOGFERRY_LOOKBACK: '24',
  LOGFERRY_GRACE: '5m',
  LOGFERRY_DEADLINE: '1800s',
  LOGFERRY_STAGING_COMPRESSION: 'none',
  LOGFERRY_COMPRESSION_LEVEL: '6',
  LOGFERRY_PART_SIZE: '256MiB',
  LOGFERRY_SCRATCH: '/scratch',
  LOGFERRY_SCRATCH_LIMIT: '2147483648',
};

describe('what the workloads are told', () => {
  it('the classifier: where logs come from', async () => {
    const source = sourceUrl('src', 'app/logs');
    assert.deepEqual(await known(classifierEnvironment(ROAD, { ...SHARDS, source })), {
      ...SHARED,
      LOGFERRY_SOURCE: 's3://src/app/logs',
      LOGFERRY_SHARDS: '3',
      LOGFERRY_THROUGHPUT: '8MB',
      LOGFERRY_SHARD_TIME: '180s',
    });
  });

  it('the loader: where rows go, and what becomes of misfits where that is set for all types', async () => {
    const warehouse = 'bigquery://proj?raw=r&temp=t&ops=o&location=US';
    assert.deepEqual(await known(loaderEnvironment(ROAD, { warehouse: WAREHOUSE, onMisfit: undefined })), {
      ...SHARED,
      LOGFERRY_WAREHOUSE: warehouse,
    });
    assert.deepEqual(await known(loaderEnvironment(ROAD, { warehouse: WAREHOUSE, onMisfit: 'fail' })), {
      ...SHARED,
      LOGFERRY_WAREHOUSE: warehouse,
      LOGFERRY_ON_MISFIT: 'fail',
    });
  });

  it('a source without a prefix is the bucket itself', async () => {
    assert.equal(await textOf(sourceUrl('src', '')), 's3://src');
  });

  it('is what the workloads themselves read', async () => {
    const classifier = await known(classifierEnvironment(ROAD, { ...SHARDS, source: sourceUrl('src', 'p') }));
    const loader = await known(loaderEnvironment(ROAD, { warehouse: WAREHOUSE, onMisfit: 'setAside:5%' }));
    const shared = {
      staging: 'gs://st',
      records: 'gs://rec',
      schemas: '/etc/logferry/schemas',
      typeKey: 'kind',
      lookback: 24,
      grace: 300_000,
      deadline: 1_800_000,
      lane: 'all',
      compression: 'none',
      level: 6,
      partSize: 2 ** 28,
      scratch: '/scratch',
      scratchLimit: 2 ** 31,
      lockTimeout: 60_000,
    };
    assert.deepEqual(readSettings({}, classifier, ['source', 'staging']), {
      ...shared,
      source: 's3://src/p',
      ...{ shards: 3, throughput: 8e6, shardTime: 180_000 },
    });
    assert.deepEqual(readSettings({}, loader, ['staging', 'warehouse']), {
      ...shared,
      ...{ shards: 1, throughput: 4e6, shardTime: 300_000 },
      warehouse: 'bigquery://proj?raw=r&temp=t&ops=o&location=US',
      onMisfit: { action: 'setAside', limit: 0.05 },
    });
  });

  it('every setting there is, save the lane, an argument, the shard, which each pod learns for itself, and the wait for a local file', async () => {
    const told = new Set([
      ...Object.keys(await known(classifierEnvironment(ROAD, { ...SHARDS, source: 's3://s' }))),
      ...Object.keys(await known(loaderEnvironment(ROAD, { warehouse: WAREHOUSE, onMisfit: 'fail' }))),
    ]);
    assert.deepEqual(
      ENVIRONMENT_NAMES.filter((name) => !told.has(name)),
      ['LOGFERRY_LANE', 'LOGFERRY_SHARD', 'LOGFERRY_LOCK_TIMEOUT'],
    );
  });
});
