import type { Answer } from '../pulumi-mocks.ts';

/** The number of the project that the stand-in Google Cloud has. */
export const GCP_PROJECT_NUMBER = '210987654321';

const nothing: Answer = () => ({});

const pool = (id: unknown): string =>
  `projects/${GCP_PROJECT_NUMBER}/locations/global/workloadIdentityPools/${String(id)}`;

const account: Answer = (_, { accountId, project }) => {
  const email = `${String(accountId)}@${String(project)}.iam.gserviceaccount.com`;
  return {
    email,
    name: `projects/${String(project)}/serviceAccounts/${email}`,
    member: `serviceAccount:${email}`,
  };
};

/** What Google Cloud adds to the inputs of each resource type that the program uses, and of no other. */
export const GCP_ANSWERS: Readonly<Record<string, Answer>> = {
  'gcp:bigquery/dataset:Dataset': nothing,
  'gcp:bigquery/datasetIamMember:DatasetIamMember': nothing,
  'gcp:bigquery/table:Table': nothing,
  'gcp:compute/network:Network': nothing,
  'gcp:compute/router:Router': nothing,
  'gcp:compute/routerNat:RouterNat': nothing,
  'gcp:compute/subnetwork:Subnetwork': nothing,
  'gcp:container/cluster:Cluster': (_, { controlPlaneEndpointsConfig }) => ({
    endpoint: '203.0.113.7',
    masterAuth: { clusterCaCertificate: 'Q0E=', clientCertificateConfig: { issueClientCertificate: false } },
    controlPlaneEndpointsConfig: {
      dnsEndpointConfig: {
        ...(controlPlaneEndpointsConfig as { dnsEndpointConfig: object }).dnsEndpointConfig,
        endpoint: 'gke-0a1b2c.asia-northeast3.gke.goog',
      },
    },
  }),
  'gcp:iam/workloadIdentityPool:WorkloadIdentityPool': (_, { workloadIdentityPoolId }) => ({
    name: pool(workloadIdentityPoolId),
  }),
  'gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider': (_, inputs) => ({
    name: `${pool(inputs.workloadIdentityPoolId)}/providers/${String(inputs.workloadIdentityPoolProviderId)}`,
  }),
  'gcp:projects/iAMCustomRole:IAMCustomRole': (_, { project, roleId }) => ({
    name: `projects/${String(project)}/roles/${String(roleId)}`,
  }),
  'gcp:projects/iAMMember:IAMMember': nothing,
  'gcp:projects/service:Service': nothing,
  'gcp:serviceaccount/account:Account': account,
  'gcp:serviceaccount/iAMMember:IAMMember': nothing,
  'gcp:storage/bucket:Bucket': (_, { name }) => ({ url: `gs://${String(name)}` }),
  'gcp:artifactregistry/repositoryIamMember:RepositoryIamMember': nothing,
  'gcp:storage/bucketIAMMember:BucketIAMMember': nothing,
};
