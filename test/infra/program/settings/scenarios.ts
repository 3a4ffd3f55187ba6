import { clusterRows } from './cluster-rows.ts';
import { GONE, IMAGE, SCHEMAS } from './fixtures.ts';
import { googleRows } from './google-rows.ts';
import { at, CLUSTER, KUBERNETES, none, OIDC, output, pods, PROTECTED, S3, type Scenario } from './row.ts';
import { sourceRows } from './source-rows.ts';
import { workloadRows } from './workload-rows.ts';

/** Production in a cluster that is there. */
const existing: Scenario = {
  given: {},
  run: {
    schemas: SCHEMAS,
    secretKeys: ['logferry:kubeconfig'],
    stackOutputs: { deployedSchemas: { form: 1, tables: { gone: GONE } } },
  },
  rows: [...sourceRows, ...googleRows, ...clusterRows, ...workloadRows],
};

/** Production in a cluster of its own, with all the disk that Autopilot gives. */
const newCluster: Scenario = {
  given: { 'logferry:clusterIssuer': undefined },
  run: { schemas: { 'a.json': '{"fields":[{"name":"log_type","type":"STRING"}]}' } },
  rows: [
    [
      'cluster',
      'gke-autopilot',
      [
        at(CLUSTER, 'name', 'logferry-dev'),
        none('gcp:iam/*'),
        at('kubernetes:core/v1:ServiceAccount/namespace-account-loader', 'metadata/annotations', {
          'iam.gke.io/gcp-service-account':
            'logferry-dev-loader@logferry-dev-example.iam.gserviceaccount.com',
        }),
      ],
    ],
    [
      'production',
      'true',
      [at(CLUSTER, 'deletionProtection', true), at(CLUSTER, 'options/protect', true), ...PROTECTED],
    ],
    ['stagingLocation', 'asia-northeast1', [at(CLUSTER, 'location', 'asia-northeast1')]],
    [
      'gkeAuthorizedNetworks',
      '["203.0.113.0/24","198.51.100.7/32"]',
      [
        at(CLUSTER, 'masterAuthorizedNetworksConfig', {
          cidrBlocks: [{ cidrBlock: '203.0.113.0/24' }, { cidrBlock: '198.51.100.7/32' }],
          gcpPublicCidrsAccessEnabled: false,
        }),
        at(CLUSTER, 'controlPlaneEndpointsConfig/dnsEndpointConfig/allowExternalTraffic', false),
        at(KUBERNETES, 'kubeconfig/clusters/0/cluster/server', 'https://203.0.113.7'),
      ],
    ],
    [
      'gkeMasterCidr',
      '10.9.8.0/28',
      [at(CLUSTER, 'privateClusterConfig/masterIpv4CidrBlock', '10.9.8.0/28')],
    ],
    [
      'image',
      IMAGE,
      [
        at('gcp:artifactregistry/repositoryIamMember:RepositoryIamMember/*', 'repository', 'team'),
        at('gcp:artifactregistry/repositoryIamMember:RepositoryIamMember/*', 'project', 'images'),
        at('gcp:artifactregistry/repositoryIamMember:RepositoryIamMember/*', 'location', 'us'),
        at(
          'gcp:artifactregistry/repositoryIamMember:RepositoryIamMember/*',
          'member',
          'serviceAccount:logferry-dev-nodes@logferry-dev-example.iam.gserviceaccount.com',
        ),
      ],
    ],
    ['scratchSize', '10112Mi', [pods('resources/requests/ephemeral-storage', '10Gi')]],
  ],
};

/** What somebody else owns is taken as it is. */
const adopted: Scenario = {
  given: { 'logferry:sourceBucket': 'their.logs' },
  run: { schemas: { 'a.json': '{"fields":[{"name":"log_type","type":"STRING"}]}' } },
  rows: [
    [
      'adoptSourceBucket',
      'true',
      [
        at(`${S3}/source-their.logs`, 'options/read', 'their.logs'),
        // Its settings are its owner's.
        none('aws:s3/bucketPolicy*'),
        none('aws:s3/bucketLifecycleConfiguration*'),
        output('sourceBucket/arn', 'arn:aws:s3:::their.logs'),
      ],
    ],
    [
      'adoptOidcProvider',
      'true',
      [
        at(
          OIDC,
          'options/read',
          'arn:aws:iam::111111111111:oidc-provider/oidc.eks.ap-northeast-2.amazonaws.com/id/00000000000000000000000000000000',
        ),
      ],
    ],
  ],
};

export const SCENARIOS: Readonly<Record<string, Scenario>> = { existing, newCluster, adopted };
