import assert from 'node:assert/strict';
import { given, problems } from './given.ts';

const DIGEST = `registry.example.com/logferry@sha256:${'0'.repeat(64)}`;
const KMS_ARN = 'arn:aws:kms:us-east-1:111111111111:key/00000000-0000-0000-0000-000000000000';
const kmsIn = (location: string): string => `projects/p/locations/${location}/keyRings/r/cryptoKeys/k`;

const AUTOPILOT = { cluster: 'gke-autopilot', clusterIssuer: null };

type Case = readonly [title: string, settings: Record<string, string | null>, sentences: readonly string[]];

const CASES: readonly Case[] = [
  [
    'production takes no tag',
    { production: 'true', kubeContext: 'main' },
    [
      'logferry:image: expected a digest (<registry>/<name>@sha256:...) in production, for a tag may mean another image tomorrow, found "registry.example.com/logferry:main"; docker buildx imagetools inspect <image> shows the digest; pulumi config set image <registry>/<name>@sha256:<digest>',
    ],
  ],
  ['production takes a digest', { production: 'true', image: DIGEST, kubeContext: 'main' }, []],
  [
    'production goes to no cluster by chance',
    { production: 'true', image: DIGEST },
    [
      'logferry:kubeContext: expected the context of the cluster in production, or a kubeconfig, for kubectl may point at another one on each machine, found nothing; kubectl config get-contexts lists them; pulumi config set kubeContext <name>, or pulumi config set --secret kubeconfig < kubeconfig.yaml',
    ],
  ],
  [
    'a new cluster of production is known',
    { production: 'true', image: DIGEST, cluster: 'gke-autopilot', clusterIssuer: null },
    [],
  ],
  [
    'an existing cluster needs its issuer',
    { clusterIssuer: null },
    [
      'logferry:clusterIssuer: expected the issuer of the existing cluster, for both clouds trust its pods\' tokens by it, found nothing; kubectl get --raw /.well-known/openid-configuration shows it as "issuer"; pulumi config set clusterIssuer <URL>',
    ],
  ],
  ['a new cluster needs none', { cluster: 'gke-autopilot', clusterIssuer: null }, []],
  [
    'a new cluster takes nothing of an existing one',
    {
      cluster: 'gke-autopilot',
      clusterIssuer: 'https://issuer.example.com',
      clusterJwks: '{"keys":[{"kty":"RSA"}]}',
      kubeContext: 'old',
    },
    [
      'logferry:clusterIssuer: expected nothing, for cluster = gke-autopilot makes a cluster and knows it, found "https://issuer.example.com"; pulumi config rm clusterIssuer, or pulumi config set cluster existing',
      'logferry:clusterJwks: expected nothing, for cluster = gke-autopilot makes a cluster and knows it, found "{\\"keys\\":[{\\"kty\\":\\"RSA\\"}]}"; pulumi config rm clusterJwks, or pulumi config set cluster existing',
      'logferry:kubeContext: expected nothing, for cluster = gke-autopilot makes a cluster and knows it, found "old"; pulumi config rm kubeContext, or pulumi config set cluster existing',
    ],
  ],
  [
    'a new cluster has the issuer that one of its name had, whose provider a destroy leaves in AWS',
    { cluster: 'gke-autopilot', clusterIssuer: null, adoptOidcProvider: 'true' },
    [],
  ],
  [
    'an existing cluster takes nothing of a new one',
    { gkeAuthorizedNetworks: '["203.0.113.0/24"]', gkeMasterCidr: '172.16.0.16/28' },
    [
      'logferry:gkeAuthorizedNetworks: expected nothing with cluster = existing, whose control plane is left as it is, found "203.0.113.0/24"; pulumi config rm gkeAuthorizedNetworks, or pulumi config set cluster gke-autopilot',
      'logferry:gkeMasterCidr: expected nothing with cluster = existing, whose control plane is left as it is, found "172.16.0.16/28"; pulumi config rm gkeMasterCidr, or pulumi config set cluster gke-autopilot',
    ],
  ],
  [
    'a new cluster has room for its control plane beside its nodes',
    { cluster: 'gke-autopilot', clusterIssuer: null, gkeMasterCidr: '10.65.0.16/28' },
    [
      'logferry:gkeMasterCidr: expected a range that no other part of the cluster\'s network uses, not one in 10.65.0.0/17, which is of its pods, found "10.65.0.16/28"; pulumi config rm gkeMasterCidr for 172.16.0.0/28, or name another',
    ],
  ],
  [
    'beyond its pods there is room',
    { cluster: 'gke-autopilot', clusterIssuer: null, gkeMasterCidr: '10.65.128.0/28' },
    [],
  ],
  [
    'GKE vouches for its pods without keys',
    {
      clusterIssuer: 'https://container.googleapis.com/v1/projects/p/locations/l/clusters/c',
      clusterJwks: '{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}',
    },
    [
      `logferry:clusterJwks: expected nothing for a GKE cluster, whose pods get Google's tokens without it, found ${JSON.stringify('{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}')}; pulumi config rm clusterJwks`,
    ],
  ],
  [
    "an adopted bucket's lifecycle is its owner's",
    { adoptSourceBucket: 'true', sourceBucket: 'their.logs', sourceNoncurrentDays: '3' },
    [
      "logferry:sourceNoncurrentDays: expected nothing with adoptSourceBucket, whose bucket is left as it is, found 3; pulumi config rm sourceNoncurrentDays; the bucket's lifecycle is its owner's",
    ],
  ],
  [
    'adopting needs the name of the bucket',
    { adoptSourceBucket: 'true' },
    [
      'logferry:sourceBucket: expected the name of the existing bucket that adoptSourceBucket takes, found nothing; pulumi config set sourceBucket <name>, or pulumi config set adoptSourceBucket false',
    ],
  ],
  [
    "an adopted bucket's log is its owner's",
    { adoptSourceBucket: 'true', sourceBucket: 'their.logs', sourceAccessLogs: 'true' },
    [
      "logferry:sourceAccessLogs: expected false with adoptSourceBucket, whose bucket is left as it is, found true; pulumi config set sourceAccessLogs false; the bucket's owner turns its log on",
    ],
  ],
  [
    'the source is not the bucket of its own log, switched on or not, made or adopted',
    { sourceBucket: 'logferry-dev-source-logs-111111111111', adoptSourceBucket: 'true' },
    [
      'logferry:sourceBucket: expected another name than that of the bucket of the source\'s access log, found "logferry-dev-source-logs-111111111111"; pulumi config set sourceBucket <another name>, or pulumi config rm sourceBucket for the default',
    ],
  ],
  [
    'the log bucket of another environment is another bucket',
    { sourceBucket: 'logferry-prod-source-logs-111111111111' },
    [],
  ],
  [
    'in another cloud a name may be the same',
    { sourceBucket: 'logferry-dev-staging-logferry-dev-example' },
    [],
  ],
  [
    'staging and source outlive the lookback by a day',
    { stagingRetentionDays: '2', sourceRetentionDays: '2' },
    [
      'logferry:stagingRetentionDays: expected at least 3 days (lookbackHours 48 and a day), or an hour would lose its rows before it is loaded, found 2; pulumi config set stagingRetentionDays 3, or lower lookbackHours',
      'logferry:sourceRetentionDays: expected 0 or at least 3 days (lookbackHours 48 and a day), or an hour would lose its logs before it is classified, found 2; pulumi config set sourceRetentionDays 3, or lower lookbackHours',
    ],
  ],
  ['at the bound they do', { stagingRetentionDays: '3', sourceRetentionDays: '3' }, []],
  [
    'an hour more of lookback asks for a day more',
    { stagingRetentionDays: '3', lookbackHours: '49' },
    [
      'logferry:stagingRetentionDays: expected at least 4 days (lookbackHours 49 and a day), or an hour would lose its rows before it is loaded, found 3; pulumi config set stagingRetentionDays 4, or lower lookbackHours',
    ],
  ],
  [
    'the source outlives staging',
    { sourceRetentionDays: '13' },
    [
      'logferry:sourceRetentionDays: expected 0 or at least stagingRetentionDays (14), for staging that was lost is made again from the source, found 13; pulumi config set sourceRetentionDays 14, or lower stagingRetentionDays',
    ],
  ],
  [
    'a source that is kept for ever outlives all',
    { sourceRetentionDays: '0', stagingRetentionDays: '365' },
    [],
  ],
  [
    'a key of another region',
    { sourceKmsKeyArn: KMS_ARN },
    [
      `logferry:sourceKmsKeyArn: expected a key in awsRegion (ap-northeast-2), for S3 takes only keys of the bucket's region, found "${KMS_ARN}"; name another key, or replicate this one (aws kms replicate-key)`,
    ],
  ],
  ['a key of the same region', { sourceKmsKeyArn: KMS_ARN, awsRegion: 'us-east-1' }, []],
  [
    'Google keys of other places',
    { stagingKmsKey: kmsIn('us'), warehouseKmsKey: kmsIn('asia-northeast3') },
    [
      `logferry:stagingKmsKey: expected a key in stagingLocation (asia-northeast3), for Cloud Storage takes only keys of the bucket's location, found "${kmsIn('us')}"; name another key: gcloud kms keys list --location asia-northeast3 --keyring <ring>`,
      `logferry:warehouseKmsKey: expected a key in the location us, as BigQuery asks for datasets in US, found "${kmsIn('asia-northeast3')}"; name another key: gcloud kms keys list --location us --keyring <ring>`,
    ],
  ],
  [
    'Google keys of the right places',
    { stagingKmsKey: kmsIn('asia-northeast3'), warehouseKmsKey: kmsIn('us') },
    [],
  ],
  ['the key of a warehouse in the EU', { warehouseLocation: 'EU', warehouseKmsKey: kmsIn('europe') }, []],
  [
    'the loader comes after the classifier',
    { classifierMinute: '15' },
    [
      'logferry:fastMinute: expected a minute after classifierMinute (15), for there is nothing to load before, found 15; pulumi config set fastMinute 16, or run the classifier earlier',
    ],
  ],
  [
    'an hour is over when its classifier runs',
    { grace: '301s' },
    [
      'logferry:grace: expected at most classifierMinute (5m), or no hour is over when its classifier runs, found "301s"; lower grace, or let classifierMinute and fastMinute be later',
    ],
  ],
  ['grace may last until then', { grace: '300s' }, []],
  [
    'a pod may use what it is sure of',
    { cpuRequest: '1001m' },
    [
      'logferry:cpuLimit: expected at least cpuRequest (1001m), found "1"; pulumi config set cpuLimit 1001m, or lower cpuRequest',
    ],
  ],
  [
    'scratch holds two parts',
    { scratchSize: '1137Mi' },
    [
      'logferry:scratchSize: expected room for two parts of partSize (512MiB) in 90 % of it, found "1137Mi"; raise scratchSize, or lower partSize',
    ],
  ],
  ['just', { scratchSize: '1138Mi' }, []],
  ['an Autopilot pod’s disk holds scratch and logs', { ...AUTOPILOT, scratchSize: '10112Mi' }, []],
  [
    'and no more',
    { ...AUTOPILOT, scratchSize: '10113Mi' },
    [
      'logferry:scratchSize: expected at most 10112Mi with cluster = gke-autopilot, which gives a pod 10Gi of disk, 128Mi for its logs among them, found "10113Mi"; pulumi config set scratchSize 10112Mi, or use a cluster whose nodes have more',
    ],
  ],
  ['other nodes may have more', { scratchSize: '1Ti', cpuLimit: '16', memory: '64Gi' }, []],
  [
    'an estimate needs prices',
    { monthlyGigabytes: '1', awsRegion: 'us-east-1', warehouseLocation: 'EU' },
    [
      'logferry:sourceEgressUsdPerGb: expected a price for us-east-1, whose list price is not known here, found nothing; take it from aws.amazon.com/s3/pricing, "Data transfer out to internet", or set monthlyGigabytes to 0 for no estimate',
      'logferry:stagingEgressUsdPerGb: expected a price from asia-northeast3 to EU, whose list price is not known here, found nothing; take it from cloud.google.com/storage/pricing, "Data transfer within Google Cloud", or set monthlyGigabytes to 0 for no estimate',
    ],
  ],
  [
    'or has them',
    {
      monthlyGigabytes: '1',
      awsRegion: 'us-east-1',
      warehouseLocation: 'EU',
      sourceEgressUsdPerGb: '0.09',
      stagingEgressUsdPerGb: '0.08',
    },
    [],
  ],
];

describe('settings, together', () => {
  for (const [title, settings, sentences] of CASES) {
    it(title, () => assert.deepEqual(problems(given(settings)), sentences));
  }

  it('a context is one of the kubeconfig that goes with it', () => {
    const secretKeys = ['logferry:kubeconfig'];
    const kubeconfig = 'kind: Config\ncontexts: [{ name: main }]\n';
    const of = (kubeContext: string): readonly string[] =>
      problems(given({ kubeconfig, kubeContext, production: 'true', image: DIGEST }), { secretKeys });
    assert.deepEqual(['', 'main'].map(of), [[], []]);
    assert.deepEqual(of('other'), [
      'logferry:kubeContext: expected a context of the kubeconfig that is set, found "other"; pulumi config rm kubeContext for its current one, or set the kubeconfig that has it',
    ]);
  });

  it('a setting that is wrong on its own is not held against the others', () => {
    assert.deepEqual(
      problems(given({ stagingRetentionDays: '2', lookbackHours: 'two days' })).map(
        (text) => text.split(':')[1],
      ),
      ['lookbackHours'],
    );
  });

  it("the providers' own settings must not say otherwise", () => {
    const twins = {
      'aws:region': 'us-east-1',
      'gcp:project': 'logferry-dev-example',
      'gcp:region': 'us-east1',
    };
    assert.deepEqual(
      problems({ ...given({}), ...twins, 'kubernetes:context': 'other', 'pulumi:tags': '{}' }),
      [
        'aws:region: expected nothing, or what logferry:awsRegion says (ap-northeast-2), found "us-east-1"; pulumi config rm aws:region',
        'gcp:region: expected nothing, or what logferry:stagingLocation says (asia-northeast3), found "us-east1"; pulumi config rm gcp:region',
      ],
    );
  });
});
