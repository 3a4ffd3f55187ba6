import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  accessLogBucketPolicy,
  classifierSourcePolicy,
  sourceBucketPolicy,
  trustPolicy,
  type PolicyDocument,
} from '../../../infra/aws/policies.ts';
import { decide } from './iam-decision.ts';

const BUCKET = 'arn:aws:s3:::logs';
const KEY = 'arn:aws:kms:ap-northeast-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** Every S3 action that reads, writes or changes something else than the classifier needs, and some of other services. */
const OTHER_ACTIONS = [
  's3:PutObject',
  's3:DeleteObject',
  's3:DeleteObjectVersion',
  's3:GetObjectVersion',
  's3:GetObjectAcl',
  's3:GetObjectTagging',
  's3:PutObjectTagging',
  's3:RestoreObject',
  's3:AbortMultipartUpload',
  's3:ListBucketVersions',
  's3:ListBucketMultipartUploads',
  's3:ListAllMyBuckets',
  's3:GetBucketLocation',
  's3:GetBucketPolicy',
  's3:PutBucketPolicy',
  's3:PutLifecycleConfiguration',
  's3:DeleteBucket',
  's3:BypassGovernanceRetention',
  'kms:Decrypt',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:CreateGrant',
  'iam:PassRole',
  'sts:AssumeRole',
];

const list = (policy: PolicyDocument, context: Record<string, string>, resource = BUCKET): string =>
  decide(policy, { action: 's3:ListBucket', resource, context });
const get = (policy: PolicyDocument, key: string, bucket = BUCKET): string =>
  decide(policy, { action: 's3:GetObject', resource: `${bucket}/${key}` });

/** Effect, action, resource and condition of each grant: all that a role can do, in one list. */
function grants(policy: PolicyDocument): string[] {
  return policy.Statement.flatMap(({ Effect, Action, Resource = [], Condition }) =>
    Action.flatMap((action) =>
      Resource.map((resource) => `${Effect} ${action} on ${resource} if ${JSON.stringify(Condition ?? {})}`),
    ),
  );
}

describe("the classifier's rights in AWS", () => {
  it('are two below a prefix, and three with a KMS key', () => {
    assert.deepEqual(grants(classifierSourcePolicy({ bucketArn: BUCKET, prefix: 'logs' })), [
      'Allow s3:ListBucket on arn:aws:s3:::logs if {"StringLike":{"s3:prefix":"logs/*"}}',
      'Allow s3:GetObject on arn:aws:s3:::logs/logs/* if {}',
    ]);
    assert.deepEqual(grants(classifierSourcePolicy({ bucketArn: BUCKET, prefix: '', kmsKeyArn: KEY })), [
      'Allow s3:ListBucket on arn:aws:s3:::logs if {}',
      'Allow s3:GetObject on arn:aws:s3:::logs/* if {}',
      `Allow kms:Decrypt on ${KEY} if {"StringEquals":{"kms:ViaService":"s3.ap-northeast-2.amazonaws.com"}}`,
    ]);
  });

  it('end at the prefix: not a sibling, not the root, not another bucket', () => {
    const policy = classifierSourcePolicy({ bucketArn: BUCKET, prefix: 'team/logs' });
    assert.equal(get(policy, 'team/logs/2026/11/20/00/a.json.gz'), 'allowed');
    assert.equal(list(policy, { 's3:prefix': 'team/logs/2026/11/20/00/' }), 'allowed');
    for (const key of ['team/logs2/a', 'team/logs', 'team/a', 'a', 'x/team/logs/a', 'Team/logs/a'])
      assert.equal(get(policy, key), 'not granted', key);
    for (const prefix of ['', 'team', 'team/', 'team/logs', 'team/logs2/', 'x/team/logs/'])
      assert.equal(list(policy, { 's3:prefix': prefix }), 'not granted', prefix);
    assert.equal(list(policy, {}), 'not granted', 'the whole bucket');
    for (const bucket of ['arn:aws:s3:::logs2', 'arn:aws:s3:::log']) {
      assert.equal(get(policy, 'team/logs/a', bucket), 'not granted', bucket);
      assert.equal(list(policy, { 's3:prefix': 'team/logs/' }, bucket), 'not granted', bucket);
    }
  });

  it('are nothing else: no other action, on the bucket, an object or the key, and no action by wildcard', () => {
    for (const prefix of ['', 'logs'])
      for (const kmsKeyArn of [undefined, KEY]) {
        const policy = classifierSourcePolicy({ bucketArn: BUCKET, prefix, kmsKeyArn });
        assert.ok(
          policy.Statement.every(({ Action }) =>
            Action.every((action) => /^[a-z0-9]+:[A-Za-z]+$/.test(action)),
          ),
        );
        for (const action of OTHER_ACTIONS)
          for (const resource of [BUCKET, `${BUCKET}/logs/2026/11/20/00/a.json`, KEY, '*'])
            assert.equal(decide(policy, { action, resource }), 'not granted', `${action} on ${resource}`);
      }
  });

  it('open the key only through S3, in its own region', () => {
    const policy = classifierSourcePolicy({ bucketArn: BUCKET, prefix: 'logs', kmsKeyArn: KEY });
    const decrypt = (via: string, resource = KEY): string =>
      decide(policy, { action: 'kms:Decrypt', resource, context: { 'kms:ViaService': via } });
    assert.equal(decrypt('s3.ap-northeast-2.amazonaws.com'), 'allowed');
    assert.equal(decrypt('s3.us-east-1.amazonaws.com'), 'not granted');
    assert.equal(decrypt('sqs.ap-northeast-2.amazonaws.com'), 'not granted');
    assert.equal(
      decrypt('s3.ap-northeast-2.amazonaws.com', KEY.replace('1234abcd', 'ffffffff')),
      'not granted',
    );
  });

  it('mean the prefix itself, whatever stands in it', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'b', '/', '*', '?', '$', '{', '}', '.', '로'),
      maxLength: 8,
    });
    fc.assert(
      fc.property(text, text, (prefix, other) => {
        const policy = classifierSourcePolicy({ bucketArn: BUCKET, prefix });
        const below = prefix === '' ? '' : `${prefix}/`;
        for (const key of [other, `${prefix}${other}`, `${prefix}/${other}`]) {
          const expected = key.startsWith(below) ? 'allowed' : 'not granted';
          assert.equal(get(policy, key), expected, key);
          assert.equal(list(policy, { 's3:prefix': key }), expected, key);
        }
      }),
    );
  });
});

describe("the trust of a workload's role", () => {
  const trust = {
    audience: 'sts.amazonaws.com',
    namespace: 'logferry-dev',
    serviceAccount: 'classifier',
  };
  const issuers = [
    'oidc.eks.ap-northeast-2.amazonaws.com/id/0A1B2C3D4E5F60718293A4B5C6D7E8F9',
    'container.googleapis.com/v1/projects/logs-dev/locations/asia-northeast3/clusters/logferry-dev',
  ];

  for (const host of issuers) {
    const oidcProviderArn = `arn:aws:iam::123456789012:oidc-provider/${host}`;
    const policy = trustPolicy({ ...trust, oidcProviderArn, issuer: `https://${host}` });

    it(`names provider, subject and audience exactly (${host.slice(0, 9)})`, () => {
      assert.deepEqual(policy, {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'ServiceAccountOfTheCluster',
            Effect: 'Allow',
            Principal: { Federated: oidcProviderArn },
            Action: ['sts:AssumeRoleWithWebIdentity'],
            Condition: {
              StringEquals: {
                [`${host}:aud`]: 'sts.amazonaws.com',
                [`${host}:sub`]: 'system:serviceaccount:logferry-dev:classifier',
              },
            },
          },
        ],
      });
    });

    it(`takes that one token and no other (${host.slice(0, 9)})`, () => {
      const assume = (claims: Record<string, string>, action = 'sts:AssumeRoleWithWebIdentity'): string => {
        const context = Object.fromEntries(
          Object.entries(claims).map(([key, value]) => [`${host}:${key}`, value]),
        );
        return decide(policy, { action, context });
      };
      const right = { aud: 'sts.amazonaws.com', sub: 'system:serviceaccount:logferry-dev:classifier' };
      assert.equal(assume(right), 'allowed');
      assert.equal(assume(right, 'sts:AssumeRole'), 'not granted');
      assert.equal(assume({ aud: right.aud }), 'not granted');
      assert.equal(assume({ sub: right.sub }), 'not granted');
      assert.equal(assume({ ...right, aud: 'https://kubernetes.default.svc' }), 'not granted');
      for (const subject of [
        'logferry-dev:loader',
        'logferry-dev:classifier2',
        'logferry-prod:classifier',
        '*:*',
      ])
        assert.equal(assume({ ...right, sub: `system:serviceaccount:${subject}` }), 'not granted', subject);
    });
  }

  it("another cluster's token has other keys", () => {
    const [host, other] = issuers as [string, string];
    const policy = trustPolicy({ ...trust, oidcProviderArn: 'arn', issuer: `https://${host}` });
    const context = {
      [`${other}:aud`]: 'sts.amazonaws.com',
      [`${other}:sub`]: 'system:serviceaccount:logferry-dev:classifier',
    };
    assert.equal(decide(policy, { action: 'sts:AssumeRoleWithWebIdentity', context }), 'not granted');
  });
});

describe('the policies of the buckets', () => {
  const plain = { 'aws:SecureTransport': 'false' };
  const tls = { 'aws:SecureTransport': 'true' };
  const delivery = {
    bucketName: 'logs-access',
    prefix: 's3-access/',
    sourceBucketName: 'logs',
    accountId: '123456789012',
  };

  it('the source denies everyone everything without TLS, bucket and objects, and grants nothing', () => {
    const policy = sourceBucketPolicy('logs');
    assert.deepEqual(
      policy.Statement.map(({ Principal }) => Principal),
      ['*'],
    );
    for (const action of ['s3:GetObject', 's3:PutObject', 's3:ListBucket', 's3:PutBucketPolicy'])
      for (const resource of [BUCKET, `${BUCKET}/logs/a`]) {
        assert.equal(decide(policy, { action, resource, context: plain }), 'denied');
        assert.equal(decide(policy, { action, resource, context: tls }), 'not granted');
      }
  });

  it("the access log bucket lets S3's log service add that one bucket's logs, and nothing else", () => {
    const policy = accessLogBucketPolicy(delivery);
    assert.deepEqual(
      policy.Statement.map(({ Effect, Principal }) => [Effect, Principal]),
      [
        ['Deny', '*'],
        ['Allow', { Service: 'logging.s3.amazonaws.com' }],
      ],
    );
    const context = { ...tls, 'aws:SourceArn': BUCKET, 'aws:SourceAccount': '123456789012' };
    const ask = (change: object, action = 's3:PutObject', key = '/s3-access/x'): string =>
      decide(policy, {
        action,
        resource: `arn:aws:s3:::logs-access${key}`,
        context: { ...context, ...change },
      });
    assert.equal(ask({}), 'allowed');
    assert.equal(ask(plain), 'denied');
    assert.equal(ask(plain, 's3:ListBucket', ''), 'denied');
    assert.equal(ask({ 'aws:SourceArn': 'arn:aws:s3:::logs2' }), 'not granted');
    assert.equal(ask({ 'aws:SourceAccount': '210987654321' }), 'not granted');
    assert.equal(ask({}, 's3:PutObject', '/other/x'), 'not granted');
    assert.equal(ask({}, 's3:GetObject'), 'not granted');
    assert.equal(ask({}, 's3:DeleteObject'), 'not granted');
  });
});
