import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';

/** Asked for by this program itself or by the workloads, whatever the cluster. */
const ALWAYS = [
  'bigquery.googleapis.com',
  'cloudresourcemanager.googleapis.com', // grants on the project
  'iam.googleapis.com', // service accounts, custom roles
  'iamcredentials.googleapis.com', // pods act as their service account
  'storage.googleapis.com',
];

/** Tokens of a cluster elsewhere are exchanged there. */
const FEDERATION = ['sts.googleapis.com'];

/** A cluster, its network, and the policy for its images. */
const GKE = ['binaryauthorization.googleapis.com', 'compute.googleapis.com', 'container.googleapis.com'];

/** The services that a project must have enabled, sorted. */
export function requiredApis(cluster: 'existing' | 'gke-autopilot'): readonly string[] {
  return [...ALWAYS, ...(cluster === 'existing' ? FEDERATION : GKE)].toSorted();
}

export interface ProjectApisArgs {
  readonly project: pulumi.Input<string>;
  readonly services: readonly string[];
}

/** Enables services, and leaves them enabled: others in the project may use them by the time this stack is destroyed. */
export class ProjectApis extends pulumi.ComponentResource {
  constructor(name: string, { project, services }: ProjectApisArgs, opts?: pulumi.ComponentResourceOptions) {
    super('logferry:gcp:ProjectApis', name, {}, opts);
    for (const service of services) {
      new gcp.projects.Service(
        `${name}-${service.replace('.googleapis.com', '')}`,
        { project, service, disableOnDestroy: false, disableDependentServices: false },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}
