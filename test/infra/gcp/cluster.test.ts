import assert from 'node:assert/strict';
import { ProjectApis, requiredApis } from '../../../infra/gcp/apis.ts';
import { AutopilotCluster } from '../../../infra/gcp/autopilot-cluster.ts';
import { imageRepository } from '../../../infra/gcp/image-repository.ts';
import { only } from '../../support/pulumi-mocks.ts';
import { permissionsOf } from './permissions.ts';
import { byName, recordGcp } from './record-gcp.ts';

const IMAGE = `asia-northeast3-docker.pkg.dev/acme-images/logferry/logferry@sha256:${'0'.repeat(64)}`;
const LABELS = { environment: 'dev' };
const CLUSTER = 'gcp:container/cluster:Cluster';
const NODES = 'logferry-dev-nodes@logs-dev.iam.gserviceaccount.com';

const record = (authorizedNetworks: readonly string[], protect = false) =>
  recordGcp(() => {
    const { name, issuer, kubeconfig, workloadPool } = new AutopilotCluster('cluster', {
      project: 'logs-dev',
      clusterName: 'logferry-dev',
      location: 'asia-northeast3',
      nodeAccountId: 'logferry-dev-nodes',
      masterCidr: '172.16.0.0/28',
      authorizedNetworks,
      releaseChannel: 'REGULAR',
      imageRepository: imageRepository(IMAGE),
      protect,
      labels: LABELS,
    });
    return { name, issuer, kubeconfig, workloadPool };
  });

const parent = 'logferry:gcp:AutopilotCluster/cluster';
const place = { project: 'logs-dev', region: 'asia-northeast3' };
const IN_NETWORK = ['gcp:compute/network:Network/cluster-network'];

const resources = [
  { type: 'logferry:gcp:AutopilotCluster', name: 'cluster', inputs: {}, options: {} },
  {
    type: 'gcp:serviceaccount/account:Account',
    name: 'cluster-nodes',
    parent,
    inputs: {
      project: 'logs-dev',
      accountId: 'logferry-dev-nodes',
      displayName: 'logferry-dev-nodes',
      description: 'Nodes of the cluster logferry-dev: logs, metrics and the image, nothing else.',
    },
    options: {},
  },
  {
    type: 'gcp:projects/iAMMember:IAMMember',
    name: 'cluster-nodes-role',
    parent,
    inputs: {
      project: 'logs-dev',
      role: 'roles/container.defaultNodeServiceAccount',
      member: `serviceAccount:${NODES}`,
    },
    options: { dependsOn: ['gcp:serviceaccount/account:Account/cluster-nodes'] },
  },
  {
    type: 'gcp:artifactregistry/repositoryIamMember:RepositoryIamMember',
    name: 'cluster-nodes-image',
    parent,
    inputs: {
      project: 'acme-images',
      location: 'asia-northeast3',
      repository: 'logferry',
      role: 'roles/artifactregistry.reader',
      member: `serviceAccount:${NODES}`,
    },
    options: { dependsOn: ['gcp:serviceaccount/account:Account/cluster-nodes'] },
  },
  {
    type: 'gcp:compute/network:Network',
    name: 'cluster-network',
    parent,
    inputs: {
      project: 'logs-dev',
      name: 'logferry-dev',
      autoCreateSubnetworks: false,
      routingMode: 'REGIONAL',
    },
    options: {},
  },
  {
    type: 'gcp:compute/subnetwork:Subnetwork',
    name: 'cluster-subnetwork',
    parent,
    inputs: {
      ...place,
      name: 'logferry-dev-nodes',
      network: 'cluster-network-id',
      ipCidrRange: '10.64.0.0/20',
      secondaryIpRanges: [
        { rangeName: 'pods', ipCidrRange: '10.65.0.0/17' },
        { rangeName: 'services', ipCidrRange: '10.66.0.0/22' },
      ],
      privateIpGoogleAccess: true,
      logConfig: {
        aggregationInterval: 'INTERVAL_10_MIN',
        flowSampling: 0.05,
        metadata: 'INCLUDE_ALL_METADATA',
      },
    },
    options: { dependsOn: IN_NETWORK },
  },
  {
    type: 'gcp:compute/router:Router',
    name: 'cluster-router',
    parent,
    inputs: { ...place, name: 'logferry-dev-router', network: 'cluster-network-id' },
    options: { dependsOn: IN_NETWORK },
  },
  {
    type: 'gcp:compute/routerNat:RouterNat',
    name: 'cluster-nat',
    parent,
    inputs: {
      ...place,
      name: 'logferry-dev-nat',
      router: 'logferry-dev-router',
      natIpAllocateOption: 'AUTO_ONLY',
      sourceSubnetworkIpRangesToNat: 'ALL_SUBNETWORKS_ALL_IP_RANGES',
      logConfig: { enable: true, filter: 'ERRORS_ONLY' },
    },
    options: { dependsOn: ['gcp:compute/router:Router/cluster-router'] },
  },
];

const cluster = {
  type: CLUSTER,
  name: 'cluster-cluster',
  parent,
  inputs: {
    project: 'logs-dev',
    name: 'logferry-dev',
    location: 'asia-northeast3',
    enableAutopilot: true,
    deletionProtection: false,
    resourceLabels: LABELS,
    releaseChannel: { channel: 'REGULAR' },
    network: 'cluster-network-id',
    subnetwork: 'cluster-subnetwork-id',
    clusterAutoscaling: {
      autoProvisioningDefaults: {
        serviceAccount: NODES,
        oauthScopes: ['https://www.googleapis.com/auth/cloud-platform'],
      },
    },
    ipAllocationPolicy: { clusterSecondaryRangeName: 'pods', servicesSecondaryRangeName: 'services' },
    privateClusterConfig: {
      enablePrivateNodes: true,
      enablePrivateEndpoint: false,
      masterIpv4CidrBlock: '172.16.0.0/28',
    },
    masterAuthorizedNetworksConfig: { cidrBlocks: [], gcpPublicCidrsAccessEnabled: false },
    controlPlaneEndpointsConfig: { dnsEndpointConfig: { allowExternalTraffic: true } },
    masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
    enableLegacyAbac: false,
    workloadIdentityConfig: { workloadPool: 'logs-dev.svc.id.goog' },
    binaryAuthorization: { evaluationMode: 'PROJECT_SINGLETON_POLICY_ENFORCE' },
  },
  options: {
    dependsOn: [
      ...IN_NETWORK,
      'gcp:compute/routerNat:RouterNat/cluster-nat',
      'gcp:compute/subnetwork:Subnetwork/cluster-subnetwork',
      'gcp:projects/iAMMember:IAMMember/cluster-nodes-role',
      'gcp:serviceaccount/account:Account/cluster-nodes',
    ],
  },
};

const kubeconfig = (reached: object) => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'logferry-dev', cluster: reached }],
  users: [
    {
      name: 'logferry-dev',
      user: {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1beta1',
          command: 'gke-gcloud-auth-plugin',
          installHint: 'gcloud components install gke-gcloud-auth-plugin',
          provideClusterInfo: true,
          interactiveMode: 'Never',
        },
      },
    },
  ],
  contexts: [{ name: 'logferry-dev', context: { cluster: 'logferry-dev', user: 'logferry-dev' } }],
  'current-context': 'logferry-dev',
});

describe('a new Autopilot cluster', () => {
  it('has private nodes with a way out, an account of their own, and an API server reached by name and IAM', async () => {
    const { registrations, outputs } = await record([]);
    assert.deepEqual(byName(registrations), byName([...resources, cluster]));
    const { kubeconfig: config, ...others } = outputs as { kubeconfig: string };
    assert.deepEqual(others, {
      name: 'logferry-dev',
      issuer:
        'https://container.googleapis.com/v1/projects/logs-dev/locations/asia-northeast3/clusters/logferry-dev',
      workloadPool: 'logs-dev.svc.id.goog',
    });
    assert.deepEqual(
      JSON.parse(config),
      kubeconfig({ server: 'https://gke-0a1b2c.asia-northeast3.gke.goog' }),
    );
  });

  it('with networks listed is reached from these alone, by its address', async () => {
    const { registrations, outputs } = await record(['198.51.100.0/24', '203.0.113.9/32']);
    const { inputs } = only(registrations, CLUSTER);
    assert.deepEqual(inputs, {
      ...cluster.inputs,
      masterAuthorizedNetworksConfig: {
        cidrBlocks: [{ cidrBlock: '198.51.100.0/24' }, { cidrBlock: '203.0.113.9/32' }],
        gcpPublicCidrsAccessEnabled: false,
      },
      controlPlaneEndpointsConfig: { dnsEndpointConfig: { allowExternalTraffic: false } },
    });
    const { kubeconfig: config } = outputs as { kubeconfig: string };
    assert.deepEqual(
      JSON.parse(config),
      kubeconfig({ server: 'https://203.0.113.7', 'certificate-authority-data': 'Q0E=' }),
    );
  });

  it('where it is protected cannot be destroyed', async () => {
    const { registrations } = await record([], true);
    const { inputs, options } = only(registrations, CLUSTER);
    assert.equal(inputs.deletionProtection, true);
    assert.deepEqual(options, { ...cluster.options, protect: true });
  });

  it('gives its nodes what nodes need, and nothing of the logs', async () => {
    const { registrations } = await record([]);
    assert.deepEqual(permissionsOf(registrations), [
      {
        member: `serviceAccount:${NODES}`,
        permission: '(logs, metrics and traces of nodes)',
        resource: 'project logs-dev',
        prefix: '',
      },
      {
        member: `serviceAccount:${NODES}`,
        permission: '(reading of images)',
        resource: 'repository acme-images/logferry',
        prefix: '',
      },
    ]);
  });
});

describe('the services of the project', () => {
  it('are those that the cluster’s kind needs', () => {
    assert.deepEqual(requiredApis('existing'), [
      'bigquery.googleapis.com',
      'cloudresourcemanager.googleapis.com',
      'iam.googleapis.com',
      'iamcredentials.googleapis.com',
      'storage.googleapis.com',
      'sts.googleapis.com',
    ]);
    assert.deepEqual(requiredApis('gke-autopilot'), [
      'bigquery.googleapis.com',
      'binaryauthorization.googleapis.com',
      'cloudresourcemanager.googleapis.com',
      'compute.googleapis.com',
      'container.googleapis.com',
      'iam.googleapis.com',
      'iamcredentials.googleapis.com',
      'storage.googleapis.com',
    ]);
  });

  it('are enabled, and stay so when the stack goes', async () => {
    const services = ['bigquery.googleapis.com', 'storage.googleapis.com'];
    const { registrations } = await recordGcp(
      () => new ProjectApis('apis', { project: 'logs-dev', services }),
    );
    assert.deepEqual(registrations, [
      { type: 'logferry:gcp:ProjectApis', name: 'apis', inputs: {}, options: {} },
      ...['bigquery', 'storage'].map((short) => ({
        type: 'gcp:projects/service:Service',
        name: `apis-${short}`,
        parent: 'logferry:gcp:ProjectApis/apis',
        inputs: {
          project: 'logs-dev',
          service: `${short}.googleapis.com`,
          disableOnDestroy: false,
          disableDependentServices: false,
        },
        options: {},
      })),
    ]);
  });
});

describe('where an image is pulled from', () => {
  it('is told of Artifact Registry alone', () => {
    assert.deepEqual(imageRepository(IMAGE), {
      location: 'asia-northeast3',
      project: 'acme-images',
      repository: 'logferry',
    });
    const spelled = (image: string): string => Object.values(imageRepository(image) ?? {}).join(' ');
    assert.deepEqual(
      [
        'us-docker.pkg.dev/example.com/images/logferry/app/logferry:1',
        'us-docker.pkg.dev/acme/gcr.io/logferry:1',
        'gcr.io/acme/logferry:1',
        'us.gcr.io/acme/logferry:1',
        'eu.gcr.io/acme/logferry:1',
        'asia.gcr.io/example.com/images/logferry:1',
      ].map(spelled),
      [
        'example.com:images us logferry',
        'acme us gcr.io',
        'acme us gcr.io',
        'acme us us.gcr.io',
        'acme europe eu.gcr.io',
        'example.com:images asia asia.gcr.io',
      ],
    );
    for (const other of [
      'evil.example/gcr.io/acme/logferry:1',
      'fr.gcr.io/acme/logferry:1',
      '111111111111.dkr.ecr.ap-northeast-2.amazonaws.com/logferry:1',
      'logferry:1',
      'evil.example/asia-docker.pkg.dev/acme/repo/logferry:1',
    ])
      assert.equal(imageRepository(other), undefined, other);
  });
});
