import assert from 'node:assert/strict';
import { RecordsBucket } from '../../../infra/gcp/records-bucket.ts';
import { StagingBucket } from '../../../infra/gcp/staging-bucket.ts';
import { recordGcp } from './record-gcp.ts';

const COMMON = {
  project: 'logs-dev',
  location: 'asia-northeast3',
  protect: false,
  labels: { environment: 'dev' },
};
const KEY = 'projects/logs-dev/locations/asia-northeast3/keyRings/r/cryptoKeys/k';

const CLOSED = {
  project: 'logs-dev',
  location: 'asia-northeast3',
  storageClass: 'STANDARD',
  uniformBucketLevelAccess: true,
  publicAccessPrevention: 'enforced',
  forceDestroy: true,
  labels: { environment: 'dev' },
};

describe('the staging bucket', () => {
  const args = { ...COMMON, bucketName: 'logferry-dev-staging-logs-dev', retentionDays: 14 };
  const component = { type: 'logferry:gcp:StagingBucket', name: 'staging', inputs: {}, options: {} };
  const bucket = {
    type: 'gcp:storage/bucket:Bucket',
    name: 'staging-bucket',
    parent: 'logferry:gcp:StagingBucket/staging',
    inputs: {
      ...CLOSED,
      name: 'logferry-dev-staging-logs-dev',
      versioning: { enabled: false },
      softDeletePolicy: { retentionDurationSeconds: 0 },
      lifecycleRules: [{ action: { type: 'Delete' }, condition: { age: 14 } }],
    },
    options: {},
  };

  it('is closed to the public, expires whole, and keeps nothing of what expired', async () => {
    const { registrations, outputs } = await recordGcp(() => {
      const { name, url } = new StagingBucket('staging', args);
      return { name, url };
    });
    assert.deepEqual(registrations, [component, bucket]);
    assert.deepEqual(outputs, {
      name: 'logferry-dev-staging-logs-dev',
      url: 'gs://logferry-dev-staging-logs-dev',
    });
  });

  it('where it is protected it can neither be destroyed nor emptied, and a key of one’s own encrypts it', async () => {
    const { registrations } = await recordGcp(
      () => new StagingBucket('staging', { ...args, protect: true, kmsKey: KEY }),
    );
    assert.deepEqual(registrations, [
      component,
      {
        ...bucket,
        inputs: { ...bucket.inputs, forceDestroy: false, encryption: { defaultKmsKeyName: KEY } },
        options: { protect: true },
      },
    ]);
  });
});

describe('the records bucket', () => {
  const args = { ...COMMON, bucketName: 'logferry-dev-records-logs-dev', noncurrentDays: 30 };
  const component = { type: 'logferry:gcp:RecordsBucket', name: 'records', inputs: {}, options: {} };
  const bucket = {
    type: 'gcp:storage/bucket:Bucket',
    name: 'records-bucket',
    parent: 'logferry:gcp:RecordsBucket/records',
    inputs: {
      ...CLOSED,
      name: 'logferry-dev-records-logs-dev',
      versioning: { enabled: true },
      softDeletePolicy: { retentionDurationSeconds: 7 * 24 * 3600 },
      lifecycleRules: [
        { action: { type: 'Delete' }, condition: { daysSinceNoncurrentTime: 30, withState: 'ARCHIVED' } },
      ],
    },
    options: {},
  };

  it('keeps what is current for ever, and what was replaced for a while', async () => {
    const { registrations, outputs } = await recordGcp(() => {
      const { name, url } = new RecordsBucket('records', args);
      return { name, url };
    });
    assert.deepEqual(registrations, [component, bucket]);
    assert.deepEqual(outputs, {
      name: 'logferry-dev-records-logs-dev',
      url: 'gs://logferry-dev-records-logs-dev',
    });
  });

  it('where it is protected it can neither be destroyed nor emptied, and a key of one’s own encrypts it', async () => {
    const { registrations } = await recordGcp(
      () => new RecordsBucket('records', { ...args, protect: true, kmsKey: KEY }),
    );
    assert.deepEqual(registrations, [
      component,
      {
        ...bucket,
        inputs: { ...bucket.inputs, forceDestroy: false, encryption: { defaultKmsKeyName: KEY } },
        options: { protect: true },
      },
    ]);
  });
});
