import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { ImageRepository } from './image-repository.ts';
import { clusterNetwork, SECONDARY_RANGES } from './cluster-network.ts';
import { kubeconfig } from './kubeconfig.ts';

export interface AutopilotClusterArgs {
  readonly project: string;
  /** At most 40 characters; also the network's name. */
  readonly clusterName: string;
  /** A region: the control plane and the nodes are in all its zones. */
  readonly location: string;
  /** Service account id of the nodes, 6 to 30 characters. */
  readonly nodeAccountId: pulumi.Input<string>;
  /** The control plane's addresses, a /28 that nothing else uses. */
  readonly masterCidr: pulumi.Input<string>;
  /**
   * Networks that reach the API server by its address. With none it is reached by its DNS name alone, from anywhere, and Google asks
   * each caller for IAM's permission before the request gets through: what a CI runner without an address of its own needs.
   */
  readonly authorizedNetworks: readonly string[];
  /** GKE upgrades by itself within it: RAPID, REGULAR or STABLE. */
  readonly releaseChannel: pulumi.Input<string>;
  /** Where the workloads' image is, which the nodes pull; undefined where it is not in Artifact Registry. */
  readonly imageRepository: ImageRepository | undefined;
  /** The cluster cannot be destroyed. */
  readonly protect: boolean;
  readonly labels: pulumi.Input<Record<string, string>>;
}

/**
 * A GKE cluster whose nodes Google runs (Autopilot: Shielded VMs, Container-Optimized OS, auto-repair, Dataplane V2 that enforces
 * NetworkPolicies, the metadata server for Workload Identity; the provider refuses to hear any of it said again).
 */
export class AutopilotCluster extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;
  /** The `iss` claim of its tokens; Google serves its keys in public, so that AWS can verify them. */
  readonly issuer: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;
  /** `<project>.svc.id.goog` */
  readonly workloadPool: pulumi.Output<string>;

  constructor(name: string, args: AutopilotClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super('logferry:gcp:AutopilotCluster', name, {}, opts);
    const { project, clusterName, location } = args;
    const nodes = nodeAccount(name, args, this);
    const { network, subnetwork, nat } = clusterNetwork(
      name,
      { project, networkName: clusterName, region: location },
      this,
    );
    const cluster = new gcp.container.Cluster(
      `${name}-cluster`,
      { ...clusterInputs(args, nodes.account.email), network: network.id, subnetwork: subnetwork.id },
      // Nodes that come up before their account may log, or without a way out, fail their first pods.
      { parent: this, protect: args.protect, dependsOn: [nodes.role, nat] },
    );
    this.name = cluster.name;
    this.issuer = pulumi.interpolate`https://container.googleapis.com/v1/projects/${project}/locations/${location}/clusters/${cluster.name}`;
    // The project's pool is there once its first such cluster is.
    this.workloadPool = cluster.name.apply(() => poolOf(project));
    this.kubeconfig = kubeconfigOf(cluster, byDns(args));
    const { issuer, workloadPool } = this;
    this.registerOutputs({ name: this.name, issuer, kubeconfig: this.kubeconfig, workloadPool });
  }
}

function poolOf(project: string): string {
  return `${project}.svc.id.goog`;
}

function byDns({ authorizedNetworks }: AutopilotClusterArgs): boolean {
  return authorizedNetworks.length === 0;
}

/** The nodes' own account: the project's default one may do far more than write logs and metrics and pull one image. */
function nodeAccount(
  name: string,
  { project, nodeAccountId, clusterName, imageRepository }: AutopilotClusterArgs,
  parent: pulumi.Resource,
): { account: gcp.serviceaccount.Account; role: gcp.projects.IAMMember } {
  const account = new gcp.serviceaccount.Account(
    `${name}-nodes`,
    {
      project,
      accountId: nodeAccountId,
      displayName: nodeAccountId,
      description: `Nodes of the cluster ${clusterName}: logs, metrics and the image, nothing else.`,
    },
    { parent },
  );
  const role = new gcp.projects.IAMMember(
    `${name}-nodes-role`,
    { project, role: 'roles/container.defaultNodeServiceAccount', member: account.member },
    { parent },
  );
  if (imageRepository !== undefined) {
    new gcp.artifactregistry.RepositoryIamMember(
      `${name}-nodes-image`,
      { ...imageRepository, role: 'roles/artifactregistry.reader', member: account.member },
      { parent },
    );
  }
  return { account, role };
}

function clusterInputs(
  args: AutopilotClusterArgs,
  nodeAccountEmail: pulumi.Output<string>,
): Omit<gcp.container.ClusterArgs, 'network' | 'subnetwork'> {
  return {
    project: args.project,
    name: args.clusterName,
    location: args.location,
    enableAutopilot: true,
    deletionProtection: args.protect,
    resourceLabels: args.labels,
    releaseChannel: { channel: args.releaseChannel },
    clusterAutoscaling: {
      autoProvisioningDefaults: {
        serviceAccount: nodeAccountEmail,
        oauthScopes: ['https://www.googleapis.com/auth/cloud-platform'],
      },
    },
    ipAllocationPolicy: {
      clusterSecondaryRangeName: SECONDARY_RANGES.pods,
      servicesSecondaryRangeName: SECONDARY_RANGES.services,
    },
    privateClusterConfig: {
      enablePrivateNodes: true,
      enablePrivateEndpoint: false,
      masterIpv4CidrBlock: args.masterCidr,
    },
    // An empty list lets nobody in; leaving it out would let everybody.
    masterAuthorizedNetworksConfig: {
      cidrBlocks: args.authorizedNetworks.map((cidrBlock) => ({ cidrBlock })),
      gcpPublicCidrsAccessEnabled: false,
    },
    controlPlaneEndpointsConfig: { dnsEndpointConfig: { allowExternalTraffic: byDns(args) } },
    masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
    enableLegacyAbac: false,
    workloadIdentityConfig: { workloadPool: poolOf(args.project) },
    binaryAuthorization: { evaluationMode: 'PROJECT_SINGLETON_POLICY_ENFORCE' },
  };
}

function kubeconfigOf(
  { name, endpoint, masterAuth, controlPlaneEndpointsConfig }: gcp.container.Cluster,
  throughDns: boolean,
): pulumi.Output<string> {
  return pulumi
    .all([name, endpoint, masterAuth, controlPlaneEndpointsConfig])
    .apply(([cluster, ip, auth, endpoints]) =>
      throughDns
        ? kubeconfig({
            cluster,
            server: `https://${endpoints.dnsEndpointConfig.endpoint}`,
            certificate: undefined,
          })
        : kubeconfig({ cluster, server: `https://${ip}`, certificate: auth.clusterCaCertificate }),
    );
}
