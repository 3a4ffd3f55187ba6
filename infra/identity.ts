import type * as pulumi from '@pulumi/pulumi';
import { ClusterOidcProvider } from './aws/cluster-oidc-provider.ts';
import { classifierSourcePolicy } from './aws/policies.ts';
import { WorkloadRole } from './aws/workload-role.ts';
import type { Cluster } from './cluster.ts';
import type { Config } from './config.ts';
import { ClusterPool } from './gcp/cluster-pool.ts';
import { WorkloadAccount, type Trust } from './gcp/workload-account.ts';
import { GCP_TOKEN_FILE } from './k8s/pod-identity.ts';
import { WORKLOADS, type Workload } from './names.ts';
import { labels } from './providers.ts';

/** The `aud` claim of tokens that are meant for AWS: what its SDKs and every guide use. */
export const AWS_AUDIENCE = 'sts.amazonaws.com';

/** The one identity that the road has in AWS: the classifier's, to list and get below the source's prefix. The loader has none. */
export function classifierRole(
  config: Config,
  { issuer }: Cluster,
  sourceArn: pulumi.Output<string>,
  opts: pulumi.ComponentResourceOptions,
): WorkloadRole {
  const { accountId, source } = config.aws;
  const { prefix, kmsKeyArn } = source;
  const tags = labels(config);
  const oidc = new ClusterOidcProvider(
    'oidc',
    { issuer, audience: AWS_AUDIENCE, adopt: config.cluster.adoptOidcProvider, accountId, tags },
    opts,
  );
  return new WorkloadRole(
    'classifier-role',
    {
      roleName: config.names.role('classifier'),
      oidcProviderArn: oidc.arn,
      issuer,
      audience: AWS_AUDIENCE,
      namespace: config.cluster.namespace,
      serviceAccount: config.names.kubernetesServiceAccount('classifier'),
      policy: sourceArn.apply((bucketArn) => classifierSourcePolicy({ bucketArn, prefix, kmsKeyArn })),
      tags,
    },
    // The role's trust names the provider by an ARN that is known before it is there.
    { ...opts, dependsOn: oidc },
  );
}

const DESCRIPTIONS: Readonly<Record<Workload, string>> = {
  classifier: 'logferry: splits logs by type into staging.',
  loader: 'logferry: loads staged rows into BigQuery.',
};

/** Each workload's identity in Google Cloud. */
export function workloadAccounts(
  config: Config,
  cluster: Cluster,
  opts: pulumi.ComponentResourceOptions,
): Readonly<Record<Workload, WorkloadAccount>> {
  const trust = trustOf(config, cluster, opts);
  const account = (workload: Workload): WorkloadAccount =>
    new WorkloadAccount(
      `${workload}-account`,
      {
        project: config.gcp.project,
        accountId: config.names.serviceAccount(workload),
        description: DESCRIPTIONS[workload],
        namespace: config.cluster.namespace,
        serviceAccount: config.names.kubernetesServiceAccount(workload),
        trust,
      },
      opts,
    );
  return { classifier: account('classifier'), loader: account('loader') };
}

/** A GKE cluster vouches for its pods by its own pool; for any other, one is made here. */
function trustOf(config: Config, cluster: Cluster, opts: pulumi.ComponentResourceOptions): Trust {
  const { workloadPool, issuer } = cluster;
  if (workloadPool !== undefined) return { kind: 'gke', workloadPool };
  const { poolName, providerName } = new ClusterPool(
    'cluster-pool',
    {
      project: config.gcp.project,
      poolId: config.names.workloadIdentityPool,
      providerId: config.names.workloadIdentityProvider,
      issuer,
      jwks: config.cluster.jwks,
      namespace: config.cluster.namespace,
      serviceAccounts: WORKLOADS.map((workload) => config.names.kubernetesServiceAccount(workload)),
    },
    opts,
  );
  return { kind: 'federation', poolName, providerName, tokenFile: GCP_TOKEN_FILE };
}
