import assert from 'node:assert/strict';
import type { ServiceError } from '@grpc/grpc-js';
import messages from '@pulumi/pulumi/proto/provider_pb.js';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { AWS_ANSWERS } from '../support/cloud-answers/aws.ts';
import { GCP_ANSWERS } from '../support/cloud-answers/gcp.ts';
import { KUBERNETES_ANSWERS } from '../support/cloud-answers/kubernetes.ts';
import { providerClient, type ProviderCalls } from './support/provider-client.ts';
import { startStandIn, type StandIn } from './support/stand-in-provider.ts';
import { UNKNOWN, type Properties } from './support/stand-in/wire.ts';

const BUCKET = 'aws:s3/bucket:Bucket';
const POLICY = 'aws:s3/bucketPolicy:BucketPolicy';
const DATASET = 'gcp:bigquery/dataset:Dataset';
const TABLE = 'gcp:bigquery/table:Table';
const CONFIG_MAP = 'kubernetes:core/v1:ConfigMap';

const dataset = { project: 'p', datasetId: 'd', location: 'US', labels: { app: 'x' } };
const table = { project: 'p', datasetId: 'd', tableId: 't', schema: '[]', deletionProtection: true };

/** A secret as the engine writes it. */
const secret = (value: unknown): Properties => ({
  '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270',
  value,
});

describe('the stand-in provider', () => {
  let standIn: StandIn;
  let provider: ProviderCalls;

  beforeEach(async () => {
    standIn = await startStandIn();
    provider = providerClient(standIn.debugProviders);
  });

  afterEach(() => {
    provider.close();
    standIn.stop();
  });

  const refused = (details: string) => (error: unknown) => {
    assert.equal((error as ServiceError).details, details);
    return true;
  };

  it('a type that it does not know is an error, in every call', async () => {
    const unknown =
      'the stand-in provider knows no resource type aws:sqs/queue:Queue: add it under test/real/support/stand-in';
    await assert.rejects(provider.check('aws:sqs/queue:Queue', {}), refused(unknown));
    await assert.rejects(provider.create('aws:sqs/queue:Queue', 'q', {}), refused(unknown));
    await assert.rejects(
      provider.invoke('aws:index/getRegion:getRegion'),
      refused('the stand-in provider answers for no function aws:index/getRegion:getRegion'),
    );
  });

  it('knows every type that the program’s mocks answer for', () => {
    for (const type of Object.keys({ ...AWS_ANSWERS, ...GCP_ANSWERS, ...KUBERNETES_ANSWERS }))
      assert.ok(standIn.cloud.typeOf(type), type);
  });

  it('a preview touches nothing, and does not know what the cloud will compute', async () => {
    const { id, properties } = await provider.create(
      BUCKET,
      'b',
      { bucket: 'x', tags: UNKNOWN },
      { preview: true },
    );
    assert.equal(id, '');
    assert.deepEqual(properties, { bucket: 'x', tags: UNKNOWN, arn: UNKNOWN, bucketRegion: UNKNOWN });
    assert.deepEqual([standIn.cloud.journal, standIn.cloud.resources], [[], []]);
  });

  it('creates with the real id and what the cloud computes; secrets stay secret', async () => {
    const tags = { open: 'a', closed: secret('b') };
    assert.deepEqual(await provider.create(BUCKET, 'b', { bucket: 'x', tags }), {
      id: 'x',
      properties: { bucket: 'x', tags, arn: 'arn:aws:s3:::x', bucketRegion: 'ap-northeast-2' },
    });
    assert.deepEqual(standIn.cloud.get(BUCKET, 'x')?.inputs, {
      bucket: 'x',
      tags: { open: 'a', closed: 'b' },
    });
    assert.deepEqual((await provider.read(BUCKET, 'x', { bucket: 'x', tags })).inputs, { bucket: 'x', tags });
  });

  it('refuses a name that is taken, of Kubernetes objects too, and lets settings be put twice', async () => {
    await provider.create(DATASET, 'd', dataset);
    await assert.rejects(
      provider.create(DATASET, 'd', dataset),
      refused('googleapi: Error 409: Already Exists: projects/p/datasets/d, duplicate'),
    );
    const namespace = { metadata: { name: 'n' } };
    await provider.create('kubernetes:core/v1:Namespace', 'n', namespace);
    await assert.rejects(
      provider.create('kubernetes:core/v1:Namespace', 'n', namespace),
      refused('resource "n" was not successfully created by the Kubernetes API server: "n" already exists'),
    );
    await provider.create(BUCKET, 'x', { bucket: 'x' });
    await provider.create(POLICY, 'p', { bucket: 'x', policy: '{}' });
    await provider.create(POLICY, 'p', { bucket: 'x', policy: '[]' });
  });

  it('refuses what comes before what it needs', async () => {
    await assert.rejects(
      provider.create(POLICY, 'p', { bucket: 'x', policy: '{}' }),
      refused('creating p: aws:s3/bucket:Bucket x was not found'),
    );
    await provider.create(DATASET, 'd', dataset);
    const view = { query: 'SELECT 1 FROM `p.d.t`', useLegacySql: false };
    await assert.rejects(
      provider.create(TABLE, 'v', { ...table, tableId: 'v', view }),
      refused('creating v: gcp:bigquery/table:Table projects/p/datasets/d/tables/t was not found'),
    );
    const member = 'serviceAccount:a@p.iam.gserviceaccount.com';
    await assert.rejects(
      provider.create('gcp:projects/iAMMember:IAMMember', 'g', {
        project: 'p',
        role: 'roles/viewer',
        member,
      }),
      refused(
        'creating g: gcp:serviceaccount/account:Account projects/p/serviceAccounts/a@p.iam.gserviceaccount.com was not found',
      ),
    );
  });

  it('refuses two changes at once where the cloud does', async () => {
    await provider.create(BUCKET, 'b', { bucket: 'x' });
    const block = 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock';
    const results = await Promise.allSettled([
      provider.create(POLICY, 'p', { bucket: 'x', policy: '{}' }),
      provider.create(block, 'a', { bucket: 'x' }),
    ]);
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  });

  it('tells what a change does: nothing, in place, or another resource under the same name', async () => {
    const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
    assert.deepEqual(await provider.diff(TABLE, table, table), {
      changes: DIFF_NONE,
      diffs: [],
      replaces: [],
      deleteBeforeReplace: false,
    });
    assert.deepEqual(await provider.diff(TABLE, table, { ...table, schema: '[1]', labels: { a: 'b' } }), {
      changes: DIFF_SOME,
      diffs: ['labels', 'schema'],
      replaces: [],
      deleteBeforeReplace: false,
    });
    const days = { ...table, timePartitioning: { type: 'DAY', expirationMs: 1 } };
    const hours = { ...table, timePartitioning: { type: 'HOUR', expirationMs: 2 } };
    assert.deepEqual(await provider.diff(TABLE, days, hours), {
      changes: DIFF_SOME,
      diffs: ['timePartitioning.expirationMs', 'timePartitioning.type'],
      replaces: ['timePartitioning.type'],
      deleteBeforeReplace: true,
    });
    const nested = (type: string, ...fields: object[]): Properties => ({
      ...table,
      schema: JSON.stringify([
        { name: 'a', type, fields },
        { name: 'b', type: 'STRING', mode: 'REQUIRED' },
      ]),
    });
    const dropped = await provider.diff(
      TABLE,
      nested('RECORD', { name: 'c', type: 'STRING' }),
      nested('RECORD'),
    );
    assert.deepEqual([dropped.diffs, dropped.replaces], [['schema'], ['schema']]);
    const relaxed = { ...table, schema: '[{"name":"b","type":"STRING"}]' };
    const eased = await provider.diff(TABLE, nested('RECORD'), relaxed);
    assert.deepEqual([eased.diffs, eased.replaces], [['schema'], []]);
    const map = (name: string): Properties => ({ metadata: { name, namespace: 'n' } });
    assert.deepEqual(await provider.diff(CONFIG_MAP, map('a'), map('b')), {
      changes: DIFF_SOME,
      diffs: ['metadata.name'],
      replaces: ['metadata.name'],
      deleteBeforeReplace: false,
    });
  });

  it('reads what the program named, not what others added; what is gone has no id', async () => {
    await provider.create(DATASET, 'd', dataset);
    standIn.cloud.drift(DATASET, 'projects/p/datasets/d', { location: 'EU', labels: { theirs: '1' } });
    const { id, inputs, properties } = await provider.read(DATASET, 'projects/p/datasets/d', dataset);
    assert.equal(id, 'projects/p/datasets/d');
    assert.deepEqual(inputs, { ...dataset, location: 'EU' });
    assert.deepEqual(properties.labels, { app: 'x', theirs: '1' });
    assert.equal((await provider.read(DATASET, 'projects/p/datasets/gone', dataset)).id, '');
  });

  it('deletes what the clouds delete: not what is protected or full, and a whole with its parts', async () => {
    const { cloud } = standIn;
    await provider.create(DATASET, 'd', dataset);
    await provider.create(TABLE, 't', table);
    const id = 'projects/p/datasets/d/tables/t';
    await assert.rejects(
      provider.delete(TABLE, id),
      refused(
        `cannot destroy table ${id} without setting deletion_protection=false and running \`terraform apply\``,
      ),
    );
    await assert.rejects(
      provider.delete(DATASET, 'projects/p/datasets/d'),
      refused(
        'Error when reading or editing Dataset: googleapi: Error 400: Dataset p:d is still in use, resourceInUse',
      ),
    );
    await provider.create(BUCKET, 'b', { bucket: 'x' });
    await provider.create(POLICY, 'p', { bucket: 'x', policy: '{}' });
    cloud.fill(BUCKET, 'x');
    await assert.rejects(
      provider.delete(BUCKET, 'x'),
      refused(
        'deleting S3 Bucket (x): operation error S3: DeleteBucket, https response error StatusCode: 409, api error ' +
          'BucketNotEmpty: The bucket you tried to delete is not empty. You must delete all versions in the bucket.',
      ),
    );
    await provider.update(BUCKET, 'x', 'b', { bucket: 'x' }, { bucket: 'x', forceDestroy: true });
    await provider.delete(BUCKET, 'x');
    assert.deepEqual(cloud.get(POLICY, 'x'), undefined);
    await provider.delete(POLICY, 'x');
  });

  it('writes down every action, and does for real what it was given an effect for', async () => {
    const done: string[] = [];
    const real = await startStandIn({
      [BUCKET]: {
        create: async ({ id }) => {
          done.push(`made ${id}`);
          return { hostedZoneId: 'Z1' };
        },
        update: async ({ inputs }, before) => {
          done.push(`${JSON.stringify(before.inputs)} became ${JSON.stringify(inputs)}`);
          return undefined;
        },
        delete: async ({ id }) => {
          done.push(`removed ${id}`);
        },
      },
    });
    const calls = providerClient(real.debugProviders);
    try {
      const { properties } = await calls.create(BUCKET, 'b', { bucket: 'x' });
      assert.equal(properties.hostedZoneId, 'Z1');
      await calls.update(BUCKET, 'x', 'b', { bucket: 'x' }, { bucket: 'x', tags: { a: 'b' } });
      await calls.delete(BUCKET, 'x');
      assert.deepEqual(done, [
        'made x',
        '{"bucket":"x"} became {"bucket":"x","tags":{"a":"b"}}',
        'removed x',
      ]);
      assert.deepEqual(real.cloud.journal, [
        { kind: 'create', type: BUCKET, id: 'x', name: 'b' },
        { kind: 'update', type: BUCKET, id: 'x', name: 'b', changed: ['tags'] },
        { kind: 'delete', type: BUCKET, id: 'x', name: '' },
      ]);
    } finally {
      calls.close();
      real.stop();
    }
  });
});
