import type * as pulumi from '@pulumi/pulumi';
import type { WorkloadRole } from './aws/workload-role.ts';
import type { Cluster } from './cluster.ts';
import type { Config } from './config.ts';
import { milliCores, quantityBytes } from './config/quantities.ts';
import type { WorkloadAccount } from './gcp/workload-account.ts';
import { AWS_AUDIENCE } from './identity.ts';
import { CredentialsConfigMap } from './k8s/credentials-config-map.ts';
import { cronJobPlans, type CronJobPlan } from './k8s/cron-job-plans.ts';
import { workloadLabels } from './k8s/labels.ts';
import type { PodIdentity } from './k8s/pod-identity.ts';
import type { PodResources } from './k8s/pod-resources.ts';
import { SchemaConfigMaps } from './k8s/schema-config-maps.ts';
import type { SchemaGeneration } from './k8s/schema-generations.ts';
import { WorkloadCronJob } from './k8s/workload-cron-job.ts';
import { WorkloadNamespace } from './k8s/workload-namespace.ts';
import type { Environment } from './k8s/workload-settings.ts';
import { WORKLOADS, type Workload } from './names.ts';
import type { TableSpec } from './schema-guard/deployed.ts';

export interface WorkloadsArgs {
  readonly config: Config;
  readonly cluster: Cluster;
  readonly tables: readonly TableSpec[];
  readonly generations: readonly SchemaGeneration[];
  readonly classifierRole: WorkloadRole;
  readonly accounts: Readonly<Record<Workload, WorkloadAccount>>;
  /** What each workload is told, by environment variable. */
  readonly environments: Readonly<Record<Workload, Environment>>;
  /** What a CronJob must not fire without: tables, grants. */
  readonly after: readonly pulumi.Resource[];
}

/** What runs in the cluster: namespace, schema files, and a CronJob for the classifier and for each part of the lanes. */
export function workloads(args: WorkloadsArgs): {
  readonly namespace: pulumi.Output<string>;
  readonly cronJobs: readonly pulumi.Output<string>[];
} {
  const { config, cluster, tables, generations } = args;
  const opts = cluster.options;
  const plans = cronJobPlans(
    tables.map(({ logType }) => logType),
    config.workloads.minutes,
  );
  const namespace = workloadNamespace(args, plans.length);
  const labels = workloadLabels(config.environment);
  const schemas = new SchemaConfigMaps('schemas', { namespace: namespace.name, generations, labels }, opts);
  const identities = podIdentities(args, namespace.name);
  const cronJobs = plans.map((plan) => cronJob(args, plan, namespace, schemas, identities));
  return { namespace: namespace.name, cronJobs: cronJobs.map(({ name }) => name) };
}

function workloadNamespace(
  { config, cluster, accounts }: WorkloadsArgs,
  cronJobs: number,
): WorkloadNamespace {
  const metadataServer = cluster.workloadPool !== undefined;
  return new WorkloadNamespace(
    'namespace',
    {
      namespace: config.cluster.namespace,
      serviceAccounts: Object.fromEntries(
        WORKLOADS.map((workload) => [
          config.names.kubernetesServiceAccount(workload),
          metadataServer ? { gcpServiceAccount: accounts[workload].email } : {},
        ]),
      ),
      cronJobs,
      shards: config.workloads.maxShards,
      resources: podResources(config),
      labels: workloadLabels(config.environment),
      egressCidr: config.workloads.egressCidr,
      metadataServer,
    },
    cluster.options,
  );
}

function podResources({ workloads: { cpuRequest, cpuLimit, memory, scratch } }: Config): PodResources {
  return {
    cpuRequestMillis: milliCores(cpuRequest)!,
    cpuLimitMillis: milliCores(cpuLimit)!,
    memoryBytes: quantityBytes(memory)!,
    scratchBytes: scratch.bytes,
  };
}

/** Only the classifier speaks to AWS. */
function podIdentities(
  { config, cluster, classifierRole, accounts }: WorkloadsArgs,
  namespace: pulumi.Output<string>,
): Readonly<Record<Workload, PodIdentity>> {
  const google = (workload: Workload): PodIdentity['gcp'] => {
    const { project } = config.gcp;
    const { credentials, tokenAudience } = accounts[workload];
    if (credentials === undefined || tokenAudience === undefined) return { project };
    const labels = workloadLabels(config.environment, workload);
    const { name } = new CredentialsConfigMap(
      `${workload}-credentials`,
      { namespace, workload, credentials, labels },
      cluster.options,
    );
    return { project, federation: { audience: tokenAudience, credentialsConfigMap: name } };
  };
  const { region } = config.aws;
  return {
    classifier: {
      aws: { roleArn: classifierRole.arn, region, audience: AWS_AUDIENCE },
      gcp: google('classifier'),
    },
    loader: { gcp: google('loader') },
  };
}

function cronJob(
  { config, cluster, environments, after }: WorkloadsArgs,
  plan: CronJobPlan,
  namespace: WorkloadNamespace,
  schemas: SchemaConfigMaps,
  identities: Readonly<Record<Workload, PodIdentity>>,
): WorkloadCronJob {
  const { workload } = plan;
  const account = namespace.serviceAccounts[config.names.kubernetesServiceAccount(workload)];
  return new WorkloadCronJob(
    plan.name,
    {
      cronJobName: plan.name,
      namespace: namespace.name,
      minute: plan.minute,
      args: plan.args,
      image: config.workloads.image,
      env: environments[workload],
      serviceAccount: account ?? config.names.kubernetesServiceAccount(workload),
      identity: identities[workload],
      schemaConfigMaps: schemas.current,
      resources: podResources(config),
      shards: workload === 'classifier' ? config.workloads.maxShards : 1,
      suspend: config.workloads.suspend,
      labels: workloadLabels(config.environment, workload),
    },
    // Also after the network policies: a pod that is there before them reaches anything.
    { ...cluster.options, dependsOn: [...after, namespace] },
  );
}
