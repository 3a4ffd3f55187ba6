import { AWS_KEY, GONE_DIGEST, SCHEMAS } from './fixtures.ts';
import {
  at,
  CONTAINER,
  cronJob,
  DATASET,
  ENCRYPTION,
  GCS,
  LIFECYCLE,
  LOADERS,
  output,
  POLICY,
  POOL,
  PROTECTED,
  ROLE,
  type Row,
  S3,
  TABLE,
  variable,
} from './row.ts';

/** What the environment is called, and where its logs arrive. */
export const sourceRows: readonly Row[] = [
  [
    'namePrefix',
    'team',
    [
      at(`${S3}/source-logs-*`, 'bucket', 'team-dev-source-logs-333333333333'),
      at(`${GCS}/staging-bucket`, 'name', 'team-dev-staging-acme-logs-1'),
      at(`${GCS}/records-bucket`, 'name', 'team-dev-records-acme-logs-1'),
      at(`${DATASET}/warehouse-raw`, 'datasetId', 'team_dev_raw'),
      at(ROLE, 'name', 'team-dev-classifier'),
      at('gcp:serviceaccount/account:Account/loader-account-account', 'accountId', 'team-dev-loader'),
      at('gcp:projects/iAMCustomRole:IAMCustomRole/grants-role-raw-loader', 'roleId', 'team_dev_rawLoader'),
      at(POOL, 'workloadIdentityPoolId', 'team-dev'),
      output('countView', 'acme-logs-1.team_dev_ops.counts'),
    ],
  ],
  [
    'production',
    'true',
    [
      ...PROTECTED,
      at(`${S3}/*`, 'forceDestroy', false),
      at(`${GCS}/*`, 'forceDestroy', false),
      at(`${TABLE}/*`, 'deletionProtection', true),
      at(`${DATASET}/warehouse-raw`, 'options/protect', true),
      at(`${DATASET}/warehouse-ops`, 'options/protect', true),
      at(`${DATASET}/warehouse-raw`, 'deleteContentsOnDestroy', false),
      at(`${DATASET}/warehouse-ops`, 'deleteContentsOnDestroy', false),
    ],
  ],
  [
    'schemasDir',
    'types/v2',
    [
      at('kubernetes:core/v1:ConfigMap/schemas-*', 'data', SCHEMAS),
      output('tables', { calm: 'acme-logs-1.team_dev_raw.calm', quick: 'acme-logs-1.team_dev_raw.quick' }),
    ],
  ],
  // Without it this run is refused.
  [
    'acceptBreaking',
    `["gone@${GONE_DIGEST}"]`,
    [output('deployedSchemas/tables/gone', undefined), output('deployedSchemas/tables/quick/type', 'quick')],
  ],
  [
    'awsAccountId',
    '333333333333',
    [
      at('pulumi:providers:aws/aws', 'allowedAccountIds', ['333333333333']),
      at(
        ROLE,
        'assumeRolePolicy/Statement/0/Principal/Federated',
        'arn:aws:iam::333333333333:oidc-provider/issuer.example.com/a',
      ),
    ],
  ],
  [
    'awsRegion',
    'ap-northeast-1',
    [
      at('pulumi:providers:aws/aws', 'region', 'ap-northeast-1'),
      at(cronJob('classifier'), `${CONTAINER}/env/AWS_REGION`, 'ap-northeast-1'),
      at(LOADERS, `${CONTAINER}/env/AWS_REGION`, undefined),
      output('sourceBucket/region', 'ap-northeast-1'),
    ],
  ],
  [
    'sourceBucket',
    'our-logs',
    [
      at(`${S3}/source-our-logs`, 'bucket', 'our-logs'),
      at(POLICY, 'policy/Statement/0/Resource', ['arn:aws:s3:::our-logs']),
      output('sourceBucket/arn', 'arn:aws:s3:::our-logs'),
    ],
  ],
  [
    'sourcePrefix',
    'logs/app',
    [
      at(POLICY, 'policy/Statement/0/Condition', { StringLike: { 's3:prefix': 'logs/app/*' } }),
      at(POLICY, 'policy/Statement/1/Resource', ['arn:aws:s3:::our-logs/logs/app/*']),
      variable('SOURCE', 's3://our-logs/logs/app', cronJob('classifier')),
      variable('SOURCE', undefined, LOADERS),
      output('sourceBucket/url', 's3://our-logs/logs/app'),
    ],
  ],
  ['sourceRetentionDays', '77', [at(LIFECYCLE, 'rules/0/expiration/days', 77)]],
  ['sourceNoncurrentDays', '9', [at(LIFECYCLE, 'rules/1/noncurrentVersionExpiration/noncurrentDays', 9)]],
  [
    'sourceAccessLogs',
    'true',
    [
      at(
        'aws:s3/bucketLogging:BucketLogging/source-logging',
        'targetBucket',
        'team-dev-source-logs-333333333333',
      ),
    ],
  ],
  [
    'sourceKmsKeyArn',
    AWS_KEY,
    [
      at(ENCRYPTION, 'rules/0/applyServerSideEncryptionByDefault', {
        sseAlgorithm: 'aws:kms',
        kmsMasterKeyId: AWS_KEY,
      }),
      at(POLICY, 'policy/Statement/2/Action', ['kms:Decrypt']),
      at(POLICY, 'policy/Statement/2/Resource', [AWS_KEY]),
    ],
  ],
];
