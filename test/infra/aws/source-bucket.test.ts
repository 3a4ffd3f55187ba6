import assert from 'node:assert/strict';
import { AccessLogBucket } from '../../../infra/aws/access-log-bucket.ts';
import { SourceBucket, type SourceBucketArgs } from '../../../infra/aws/source-bucket.ts';
import { AWS_ANSWERS } from '../../support/cloud-answers/aws.ts';
import { only, recordProgram, type Recorded } from '../../support/pulumi-mocks.ts';
import { outputValue } from './output-value.ts';
import { parsePolicy } from './iam-decision.ts';

const ARGS: SourceBucketArgs = {
  bucketName: 'logferry-dev-source-123456789012',
  adopt: false,
  retentionDays: 30,
  noncurrentDays: 7,
  protect: false,
  tags: { environment: 'dev' },
};
const KEY = 'arn:aws:kms:ap-northeast-2:123456789012:key/1234abcd';

const record = (change: Partial<SourceBucketArgs> = {}): Promise<Recorded<{ name: string; arn: string }>> =>
  recordProgram(
    async () => {
      const { name, arn } = new SourceBucket('source', { ...ARGS, ...change });
      return { name: await outputValue(name), arn: await outputValue(arn) };
    },
    { answers: AWS_ANSWERS },
  );

async function nameOfBucket(adopt: boolean, bucketName = ARGS.bucketName): Promise<string> {
  const { registrations } = await record({ adopt, bucketName });
  const { parent = '', name } = only(registrations, 'aws:s3/bucket:Bucket');
  return `${parent}/${name}`;
}

const tidy = {
  id: 'tidy',
  status: 'Enabled',
  filter: {},
  abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
  noncurrentVersionExpiration: { noncurrentDays: 7 },
  expiration: { expiredObjectDeleteMarker: true },
};

/** Settings that hold for every bucket of ours, by type; all but the policy and what differs. */
function closedBucket(name: string, bucket: string, component: string): object[] {
  const parent = `logferry:aws:${component}/${name}`;
  const of = `aws:s3/bucket:Bucket/${name}-${bucket}`;
  const block = `aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock/${name}-public-access-block`;
  return [
    {
      type: 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock',
      name: `${name}-public-access-block`,
      parent,
      inputs: {
        bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      options: { retainOnDelete: true, dependsOn: [of] },
    },
    {
      type: 'aws:s3/bucketOwnershipControls:BucketOwnershipControls',
      name: `${name}-ownership`,
      parent,
      inputs: { bucket, rule: { objectOwnership: 'BucketOwnerEnforced' } },
      options: { retainOnDelete: true, dependsOn: [of, block] },
    },
    {
      type: 'aws:s3/bucketVersioning:BucketVersioning',
      name: `${name}-versioning`,
      parent,
      inputs: { bucket, versioningConfiguration: { status: 'Enabled' } },
      options: {
        retainOnDelete: true,
        dependsOn: [
          of,
          `aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration/${name}-encryption`,
        ],
      },
    },
  ];
}

const byName = (list: readonly object[]): object[] =>
  (list as { name: string }[]).toSorted((a, b) => a.name.localeCompare(b.name));

describe('the source bucket', () => {
  it('made here: closed, owned, versioned, encrypted, TLS only, tidied; and nothing else', async () => {
    const bucket = 'logferry-dev-source-123456789012';
    const { registrations, result } = await record();
    assert.deepEqual(result, { name: bucket, arn: `arn:aws:s3:::${bucket}` });
    const parent = 'logferry:aws:SourceBucket/source';
    const of = `aws:s3/bucket:Bucket/source-${bucket}`;
    const policy = only(registrations, 'aws:s3/bucketPolicy:BucketPolicy');
    assert.deepEqual(parsePolicy(policy.inputs.policy), {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'OnlyWithTls',
          Effect: 'Deny',
          Principal: '*',
          Action: ['s3:*'],
          Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    });
    assert.deepEqual(
      byName(registrations),
      byName([
        { type: 'logferry:aws:SourceBucket', name: 'source', inputs: {}, options: {} },
        {
          type: 'aws:s3/bucket:Bucket',
          name: `source-${bucket}`,
          parent,
          inputs: { bucket, forceDestroy: true, tags: { environment: 'dev' } },
          options: {},
        },
        ...closedBucket('source', bucket, 'SourceBucket'),
        {
          type: 'aws:s3/bucketPolicy:BucketPolicy',
          name: 'source-policy',
          parent,
          inputs: { bucket, policy: policy.inputs.policy },
          options: {
            retainOnDelete: true,
            dependsOn: [of, 'aws:s3/bucketOwnershipControls:BucketOwnershipControls/source-ownership'],
          },
        },
        {
          type: 'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
          name: 'source-encryption',
          parent,
          inputs: {
            bucket,
            rules: [
              {
                applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' },
                bucketKeyEnabled: false,
                blockedEncryptionTypes: ['SSE-C'],
              },
            ],
          },
          options: {
            retainOnDelete: true,
            dependsOn: [of, 'aws:s3/bucketPolicy:BucketPolicy/source-policy'],
          },
        },
        {
          type: 'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration',
          name: 'source-lifecycle',
          parent,
          inputs: {
            bucket,
            rules: [{ id: 'expire', status: 'Enabled', filter: {}, expiration: { days: 30 } }, tidy],
          },
          options: {
            retainOnDelete: true,
            dependsOn: [of, 'aws:s3/bucketVersioning:BucketVersioning/source-versioning'],
          },
        },
      ]),
    );
  });

  it('kept for ever has no rule that ends an object, and still a tidy one', async () => {
    const { registrations } = await record({ retentionDays: 0 });
    assert.deepEqual(
      only(registrations, 'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration').inputs.rules,
      [tidy],
    );
  });

  it('with a KMS key encrypts with it, through a bucket key', async () => {
    const { registrations } = await record({ kmsKeyArn: KEY });
    assert.deepEqual(
      only(
        registrations,
        'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
      ).inputs.rules,
      [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: KEY },
          bucketKeyEnabled: true,
          blockedEncryptionTypes: ['SSE-C'],
        },
      ],
    );
  });

  it('protected: the bucket is, its objects are never taken along, and no guard is ever taken off it', async () => {
    const { registrations } = await record({ protect: true, accessLogsBucketName: 'logs-access' });
    const bucket = only(registrations, 'aws:s3/bucket:Bucket');
    assert.equal(bucket.inputs.forceDestroy, false);
    assert.deepEqual(bucket.options, { protect: true });
    const removable = registrations.filter(({ options }) => options.retainOnDelete !== true);
    assert.deepEqual(
      removable.map(({ name }) => name),
      ['source', bucket.name, 'source-logging'],
    );
  });

  it('adopted after it was made here keeps its place in Pulumi, which then lets go of it instead of deleting it', async () => {
    const made = await nameOfBucket(false);
    assert.equal(await nameOfBucket(true), made);
    assert.notEqual(await nameOfBucket(true, 'their-logs'), made);
  });

  it('adopted: is read by its name, and nothing is made, changed or protected', async () => {
    const { registrations, result } = await record({
      adopt: true,
      bucketName: 'their-logs',
      protect: true,
      kmsKeyArn: KEY,
      accessLogsBucketName: 'logs-access',
    });
    assert.deepEqual(result, { name: 'their-logs', arn: 'arn:aws:s3:::their-logs' });
    assert.deepEqual(registrations, [
      { type: 'logferry:aws:SourceBucket', name: 'source', inputs: {}, options: {} },
      {
        type: 'aws:s3/bucket:Bucket',
        name: 'source-their-logs',
        parent: 'logferry:aws:SourceBucket/source',
        inputs: {},
        options: { read: 'their-logs' },
      },
    ]);
  });
});

describe('the access log bucket', () => {
  const program = (): AccessLogBucket => {
    const logs = new AccessLogBucket('source-logs', {
      bucketName: 'logferry-prod-source-logs-123456789012',
      sourceBucketName: 'logferry-prod-source-123456789012',
      accountId: '123456789012',
      protect: true,
      tags: { environment: 'prod' },
    });
    new SourceBucket('source', {
      ...ARGS,
      bucketName: 'logferry-prod-source-123456789012',
      accessLogsBucketName: logs.name,
    });
    return logs;
  };

  it('is as closed as the source, takes only its logs, and keeps them a year', async () => {
    const { registrations } = await recordProgram(program, { answers: AWS_ANSWERS });
    const own = registrations.filter(({ name }) => name.startsWith('source-logs'));
    const bucket = 'logferry-prod-source-logs-123456789012';
    const parent = 'logferry:aws:AccessLogBucket/source-logs';
    const of = `aws:s3/bucket:Bucket/source-logs-${bucket}`;
    const policy = only(own, 'aws:s3/bucketPolicy:BucketPolicy');
    assert.deepEqual(parsePolicy(policy.inputs.policy), {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'OnlyWithTls',
          Effect: 'Deny',
          Principal: '*',
          Action: ['s3:*'],
          Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
        {
          Sid: 'AccessLogsOfTheSource',
          Effect: 'Allow',
          Principal: { Service: 'logging.s3.amazonaws.com' },
          Action: ['s3:PutObject'],
          Resource: [`arn:aws:s3:::${bucket}/s3-access/*`],
          Condition: {
            ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::logferry-prod-source-123456789012' },
            StringEquals: { 'aws:SourceAccount': '123456789012' },
          },
        },
      ],
    });
    assert.deepEqual(
      byName(own),
      byName([
        { type: 'logferry:aws:AccessLogBucket', name: 'source-logs', inputs: {}, options: {} },
        {
          type: 'aws:s3/bucket:Bucket',
          name: `source-logs-${bucket}`,
          parent,
          inputs: { bucket, forceDestroy: false, tags: { environment: 'prod' } },
          options: { protect: true },
        },
        ...closedBucket('source-logs', bucket, 'AccessLogBucket'),
        {
          type: 'aws:s3/bucketPolicy:BucketPolicy',
          name: 'source-logs-policy',
          parent,
          inputs: { bucket, policy: policy.inputs.policy },
          options: {
            retainOnDelete: true,
            dependsOn: [of, 'aws:s3/bucketOwnershipControls:BucketOwnershipControls/source-logs-ownership'],
          },
        },
        {
          type: 'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
          name: 'source-logs-encryption',
          parent,
          inputs: {
            bucket,
            rules: [
              {
                applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' },
                bucketKeyEnabled: false,
                blockedEncryptionTypes: ['SSE-C'],
              },
            ],
          },
          options: {
            retainOnDelete: true,
            dependsOn: [of, 'aws:s3/bucketPolicy:BucketPolicy/source-logs-policy'],
          },
        },
        {
          type: 'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration',
          name: 'source-logs-lifecycle',
          parent,
          inputs: {
            bucket,
            rules: [
              { id: 'expire', status: 'Enabled', filter: {}, expiration: { days: 365 } },
              { ...tidy, noncurrentVersionExpiration: { noncurrentDays: 30 } },
            ],
          },
          options: {
            retainOnDelete: true,
            dependsOn: [of, 'aws:s3/bucketVersioning:BucketVersioning/source-logs-versioning'],
          },
        },
      ]),
    );
  });

  it('is not logged to before its policy lets S3 in, and not logged itself', async () => {
    const { registrations } = await recordProgram(program, { answers: AWS_ANSWERS });
    assert.deepEqual(only(registrations, 'aws:s3/bucketLogging:BucketLogging'), {
      type: 'aws:s3/bucketLogging:BucketLogging',
      name: 'source-logging',
      parent: 'logferry:aws:SourceBucket/source',
      inputs: {
        bucket: 'logferry-prod-source-123456789012',
        targetBucket: 'logferry-prod-source-logs-123456789012',
        targetPrefix: 's3-access/',
        targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: 'EventTime' } },
      },
      options: {
        dependsOn: [
          'aws:s3/bucket:Bucket/source-logferry-prod-source-123456789012',
          'aws:s3/bucketPolicy:BucketPolicy/source-logs-policy',
          'aws:s3/bucketPolicy:BucketPolicy/source-policy',
        ],
      },
    });
  });
});
