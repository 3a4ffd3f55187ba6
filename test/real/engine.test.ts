import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import type { StackOutputs } from '../../infra/outputs.ts';
import { AWS_ACCOUNT } from '../support/cloud-answers/aws.ts';
import { tempFolder } from '../support/temp.ts';
import { engineBench, type Bench } from './support/engine-bench.ts';
import type { Engine } from './support/engine.ts';
import { journalReader } from './support/engine-expect.ts';
import type { Step } from './support/engine-events.ts';

const TABLE = 'gcp:bigquery/table:Table';
const CRON_JOB = 'kubernetes:batch/v1:CronJob';
const PURCHASE = 'projects/logferry-dev-example/datasets/logferry_dev_raw/tables/purchase';

/** `type name` of what the program makes in the clouds: not its components, nor the engine's own. */
const inClouds = (steps: readonly Step[]): string[] =>
  steps.filter(({ type }) => /^(aws|gcp|kubernetes):/.test(type)).map(({ type, name }) => `${type} ${name}`);

describe('the program on the real engine, from the first preview to destroy', function () {
  // The engine starts Node for each run, which imports three SDKs; a busy machine takes its time.
  this.timeout(600_000);
  const folder = tempFolder();
  let bench: Bench;
  let dev: Engine;
  let written: () => string[];

  const typed = async (): Promise<StackOutputs> => (await dev.outputs()) as unknown as StackOutputs;

  before(async () => {
    bench = await engineBench(folder);
    written = journalReader(bench.standIn.cloud);
    dev = await bench.open('dev');
  });

  after(() => bench.stop());

  it('the first preview shows all that up then makes, and touches nothing', async () => {
    const preview = await dev.preview();
    assert.deepEqual(written(), []);
    assert.deepEqual([...new Set(preview.steps.map(({ op }) => op))], ['create']);
    const up = await dev.up();
    assert.deepEqual(up.steps, preview.steps);
    assert.deepEqual(
      written(),
      inClouds(preview.steps)
        .map((each) => `create ${each}`)
        .sort(),
    );
    assert.deepEqual([...up.warnings, ...preview.warnings], []);
  });

  it('the second preview is empty, and so is a refresh', async () => {
    assert.deepEqual((await dev.preview()).steps, []);
    // The program's reference to its own outputs is one run behind: with this run it has caught up.
    assert.deepEqual((await dev.up()).steps, []);
    assert.deepEqual((await dev.refresh()).steps, []);
    assert.deepEqual(written(), []);
  });

  it('outputs name what is in the clouds', async () => {
    const { cloud } = bench.standIn;
    const outputs = await typed();
    const source = `logferry-dev-source-${AWS_ACCOUNT}`;
    assert.equal(outputs.tables.purchase, 'logferry-dev-example.logferry_dev_raw.purchase');
    assert.deepEqual(outputs.sourceBucket, {
      name: source,
      url: `s3://${source}`,
      arn: `arn:aws:s3:::${source}`,
      region: 'ap-northeast-2',
    });
    assert.ok(cloud.get('aws:s3/bucket:Bucket', source));
    assert.equal(outputs.roles.classifier, `arn:aws:iam::${AWS_ACCOUNT}:role/logferry-dev-classifier`);
    assert.deepEqual(
      [...outputs.cronJobs].sort(),
      cloud
        .ofType(CRON_JOB)
        .map(({ id }) => id.replace(`${outputs.namespace}/`, ''))
        .sort(),
    );
    for (const name of Object.values(outputs.tables)) {
      const [project, dataset, table] = name.split('.');
      assert.ok(cloud.get(TABLE, `projects/${project!}/datasets/${dataset!}/tables/${table!}`), name);
    }
  });

  it('a refresh takes the loader’s label on a table for no change, and sees what somebody else changed', async () => {
    const { cloud } = bench.standIn;
    cloud.drift(TABLE, PURCHASE, { labels: { last_folder_hour: '2026112000' } });
    await dev.refresh();
    assert.deepEqual((await dev.preview()).steps, []);
    const [bucket] = cloud
      .ofType('gcp:storage/bucket:Bucket')
      .filter(({ name }) => name === 'staging-bucket');
    cloud.drift(bucket!.type, bucket!.id, { publicAccessPrevention: 'inherited' });
    assert.deepEqual(
      (await dev.refresh()).steps.map(({ op, name }) => [op, name]),
      [['update', 'staging-bucket']],
    );
    assert.deepEqual((await dev.up()).steps, [
      { op: 'update', type: bucket!.type, name: 'staging-bucket', changed: ['publicAccessPrevention'] },
    ]);
    assert.equal(cloud.get(bucket!.type, bucket!.id)?.state.publicAccessPrevention, 'enforced');
  });

  it('another team’s program builds on the outputs (examples/consumer)', async () => {
    const { cloud } = bench.standIn;
    const reports = await bench.openOther('examples/consumer', 'dev');
    await reports.setConfig({
      logferry: 'organization/logferry/dev',
      analysts: 'analysts@example.com',
      project: 'reports',
    });
    written();
    await reports.up();
    assert.deepEqual(written(), [
      'create gcp:bigquery/dataset:Dataset reports',
      'create gcp:bigquery/datasetIamMember:DatasetIamMember read-ops',
      'create gcp:bigquery/datasetIamMember:DatasetIamMember read-raw',
      'create gcp:bigquery/datasetIamMember:DatasetIamMember read-reports',
      'create gcp:bigquery/table:Table daily-counts',
    ]);
    const { tables, lookerStudioUrl } = await typed();
    assert.deepEqual(await reports.outputs(), {
      tables,
      dashboard: lookerStudioUrl,
      report: 'reports.log_reports_dev.daily_counts',
    });
    const grants = cloud.ofType('gcp:bigquery/datasetIamMember:DatasetIamMember').map(({ id }) => id);
    const viewer = 'roles/bigquery.dataViewer/group:analysts@example.com';
    assert.ok(grants.includes(`projects/logferry-dev-example/datasets/logferry_dev_raw/${viewer}`));
    assert.deepEqual((await reports.preview()).steps, []);
    await reports.destroy();
    assert.deepEqual((await dev.preview()).steps, []);
  });

  it('destroy takes all of an environment that is meant to be thrown away, but what other stacks may trust', async () => {
    const { cloud } = bench.standIn;
    for (const type of ['aws:s3/bucket:Bucket', 'gcp:storage/bucket:Bucket'])
      for (const { id } of cloud.ofType(type)) cloud.fill(type, id);
    await dev.destroy();
    assert.deepEqual(
      cloud.resources.map(({ type, name }) => `${type} ${name}`),
      ['aws:iam/openIdConnectProvider:OpenIdConnectProvider oidc-provider'],
    );
  });
});
