import assert from 'node:assert/strict';
import * as pulumi from '@pulumi/pulumi';
import { ConfigError } from '../../../infra/config/problem.ts';
import { parseConfig } from '../../../infra/config/parse.ts';
import { readConfig } from '../../../infra/config.ts';
import { recordProgram } from '../../support/pulumi-mocks.ts';
import { given, LEAST, problems } from './given.ts';

const KUBECONFIG = 'apiVersion: v1\nkind: Config\nusers: [{ name: a, user: { token: hush } }]\n';

describe('parseConfig', () => {
  it('the least that a stack says, with all defaults', () => {
    const { names, ...config } = parseConfig(given({}), 'dev');
    assert.equal(names.stagingBucket, 'logferry-dev-staging-logferry-dev-example');
    assert.deepEqual(config, {
      environment: 'dev',
      production: false,
      schemasDir: 'schemas',
      acceptBreaking: [],
      aws: {
        accountId: '111111111111',
        region: 'ap-northeast-2',
        source: {
          bucket: 'logferry-dev-source-111111111111',
          adopt: false,
          prefix: '',
          retentionDays: 30,
          noncurrentDays: 7,
          accessLogs: false,
          kmsKeyArn: undefined,
        },
      },
      cluster: {
        kind: 'existing',
        issuer: 'https://oidc.eks.ap-northeast-2.amazonaws.com/id/0123456789ABCDEF',
        jwks: undefined,
        adoptOidcProvider: false,
        kubeconfig: undefined,
        context: undefined,
        namespace: 'logferry-dev',
        gke: { authorizedNetworks: [], masterCidr: '172.16.0.0/28' },
      },
      gcp: {
        project: 'logferry-dev-example',
        enableApis: true,
        staging: { location: 'asia-northeast3', retentionDays: 14, kmsKey: undefined },
        records: { noncurrentDays: 30 },
        warehouse: { location: 'US', tempExpirationHours: 24, kmsKey: undefined },
      },
      workloads: {
        image: 'registry.example.com/logferry:main',
        typeKey: 'log_type',
        lookbackHours: 48,
        grace: '3m',
        onMisfit: undefined,
        stagingCompression: 'gzip',
        compressionLevel: 1,
        partSize: '512MiB',
        maxShards: 1,
        throughput: '4MB',
        scratch: { quantity: '2Gi', bytes: 2_147_483_648 },
        cpuRequest: '100m',
        cpuLimit: '1',
        memory: '128Mi',
        minutes: { classifier: 5, fast: 15, standard: [30, 35, 40, 45, 50, 55] },
        suspend: false,
        egressCidr: '0.0.0.0/0',
      },
      cost: {
        monthlyGigabytes: 0,
        monthlyStagedGigabytes: 0,
        sourceEgressUsdPerGb: undefined,
        stagingEgressUsdPerGb: undefined,
      },
    });
  });

  it('chosen names, texts that may be left out, lists', () => {
    const config = parseConfig(
      given({
        sourceBucket: 'their.logs',
        adoptSourceBucket: 'true',
        namespace: 'logs',
        cluster: 'gke-autopilot',
        clusterIssuer: null,
        gkeAuthorizedNetworks: '["203.0.113.0/24","198.51.100.7/32"]',
        standardGroups: '4',
        onMisfit: 'fail',
        sourceEgressUsdPerGb: '0.05',
      }),
      'prod',
    );
    assert.equal(config.aws.source.bucket, 'their.logs');
    assert.equal(config.names.sourceBucket, 'their.logs');
    assert.equal(config.cluster.namespace, 'logs');
    assert.equal(config.names.cluster, 'logferry-prod');
    assert.deepEqual(config.cluster.gke.authorizedNetworks, ['203.0.113.0/24', '198.51.100.7/32']);
    assert.deepEqual(config.workloads.minutes.standard, [30, 37, 45, 52]);
    assert.equal(config.workloads.onMisfit, 'fail');
    assert.equal(config.cost.sourceEgressUsdPerGb, 0.05);
  });

  it('a misspelled key is refused, with the one that was meant', () => {
    assert.deepEqual(problems(given({ imge: 'x', zone: 'a' })), [
      'logferry:imge: expected a key that Pulumi.yaml declares, found an unknown one (did you mean image?); pulumi config rm imge; Pulumi.yaml lists every key',
      'logferry:zone: expected a key that Pulumi.yaml declares, found an unknown one; pulumi config rm zone; Pulumi.yaml lists every key',
    ]);
  });

  it('everything wrong at once, under one heading', () => {
    assert.throws(() => parseConfig(given({ awsRegion: 'seoul', production: 'yes' }), 'dev'), {
      name: 'ConfigError',
      message: [
        'Stack dev: 2 settings are wrong; nothing was touched.',
        'logferry:production: expected true or false, found "yes"; pulumi config set production <true or false>',
        'logferry:awsRegion: expected an AWS region outside China and GovCloud such as ap-northeast-2, found "seoul"; pulumi config set awsRegion ap-northeast-2',
      ].join('\n'),
    });
  });

  it('a stack whose name no cloud takes, and one that makes names too long', () => {
    assert.deepEqual(problems(given({}), { stack: 'Dev_1' }), [
      'stack name: expected a-z, 0-9 and single hyphens, a letter first, for every name carries it, found "Dev_1"; pulumi stack rename <name>, before the first pulumi up',
    ]);
    assert.deepEqual(problems(given({}), { stack: 'production' }), []);
    assert.deepEqual(problems(given({}), { stack: 'development' }), [
      'logferry:namePrefix: expected names that both clouds take: a Google service account id: 6 to 30 of a-z, 0-9 and -, a letter first, found "logferry-development-classifier", 31 characters; take a shorter or other namePrefix (logferry) or stack name (development), before the first pulumi up',
    ]);
  });

  it('names that would be too long are named once a rule, and not at all where they were chosen', () => {
    const stack = `s${'x'.repeat(60)}`;
    const kinds = (settings: Record<string, string>): string[] =>
      problems(given(settings), { stack }).map((text) => /take: (.*?):/.exec(text)?.[1] ?? text);
    const rest = [
      'a Google service account id',
      'a Google custom role id',
      'a workload identity pool id',
      'a GKE cluster name',
    ];
    const s3 = 'an S3 bucket name';
    const gcs = 'a Cloud Storage bucket name';
    assert.deepEqual(kinds({}), [s3, gcs, 'an IAM role name', ...rest, 'a Kubernetes name']);
    assert.deepEqual(kinds({ namespace: 'logs', sourceBucket: 'logs' }), [
      s3,
      gcs,
      'an IAM role name',
      ...rest,
    ]);
  });
});

describe('secrets', () => {
  it('the kubeconfig comes out wrapped', async () => {
    const { cluster } = parseConfig(given({ kubeconfig: KUBECONFIG }), 'dev', ['logferry:kubeconfig']);
    assert.equal(await pulumi.isSecret(cluster.kubeconfig!), true);
    assert.equal(await new Promise((resolve) => cluster.kubeconfig!.apply(resolve)), KUBECONFIG);
  });

  it('a kubeconfig in plain text is refused and not shown', () => {
    assert.deepEqual(problems(given({ kubeconfig: KUBECONFIG })), [
      'logferry:kubeconfig: expected an encrypted value, found one in plain text in the stack file; pulumi config set --secret kubeconfig < kubeconfig.yaml',
    ]);
  });

  it('nor is anything else that somebody encrypted: not as a value, nor in what follows from it', () => {
    const secretKeys = ['logferry:awsAccountId', 'logferry:gcpProject', 'logferry:awsRegion'];
    const settings = {
      awsAccountId: '999999999999',
      gcpProject: 'hush-hush',
      namePrefix: 'google',
      awsRegion: 'hush',
    };
    assert.deepEqual(problems(given(settings), { secretKeys }), [
      'logferry:awsRegion: expected an AWS region outside China and GovCloud such as ap-northeast-2, found a value that is not shown; pulumi config set awsRegion ap-northeast-2',
      'logferry:namePrefix: expected names that both clouds take: a Cloud Storage bucket name without "google" in it, found "google-dev-staging-[secret]", 28 characters; take a shorter or other namePrefix (google) or stack name (dev), before the first pulumi up',
    ]);
  });
});

describe('readConfig', () => {
  it('reads the stack that runs', async () => {
    const { result } = await recordProgram(() => readConfig().names.namespace, {
      config: LEAST,
      stack: 'prod',
    });
    assert.equal(result, 'logferry-prod');
  });

  it('knows from Pulumi what is encrypted', async () => {
    const config = { ...LEAST, 'logferry:awsRegion': 'hush' };
    await assert.rejects(
      recordProgram(readConfig, { config, secretKeys: ['logferry:awsRegion'] }),
      (error: unknown) =>
        error instanceof ConfigError && pulumi.RunError.isInstance(error) && !error.message.includes('hush'),
    );
  });
});
