import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { egressRules, type EgressArgs } from './egress.ts';
import { POD_SELECTOR } from './labels.ts';
import type { PodResources } from './pod-resources.ts';
import { quotaLimits } from './quota.ts';

export interface WorkloadNamespaceArgs extends EgressArgs {
  readonly namespace: string;
  /** Kubernetes service accounts, by name. */
  readonly serviceAccounts: Readonly<Record<string, ServiceAccountArgs>>;
  /** How many CronJobs there are. */
  readonly cronJobs: number;
  /** Pods of the classifier at once. */
  readonly shards: number;
  /** Of each of their pods. */
  readonly resources: PodResources;
  readonly labels: Readonly<Record<string, string>>;
}

export interface ServiceAccountArgs {
  /** On GKE: the email of the Google service account that it stands for. */
  readonly gcpServiceAccount?: pulumi.Input<string> | undefined;
}

/** The Kubernetes release whose rules are enforced, and whose API server the tests run against. */
const POD_SECURITY_VERSION = 'v1.34';

/**
 * The restricted Pod Security Standard. Enforced as one release knows it: a cluster that upgrades itself at night must not begin to
 * refuse pods; what the cluster's own release would refuse is warned of and audited.
 */
const POD_SECURITY: Readonly<Record<string, string>> = {
  'pod-security.kubernetes.io/enforce': 'restricted',
  'pod-security.kubernetes.io/enforce-version': POD_SECURITY_VERSION,
  'pod-security.kubernetes.io/audit': 'restricted',
  'pod-security.kubernetes.io/audit-version': 'latest',
  'pod-security.kubernetes.io/warn': 'restricted',
  'pod-security.kubernetes.io/warn-version': 'latest',
};

/** Where the workloads run: who they are, what they may reach, and how much they may use. */
export class WorkloadNamespace extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;
  /** Names of the service accounts, by name. */
  readonly serviceAccounts: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: WorkloadNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super('logferry:k8s:WorkloadNamespace', name, {}, opts);
    const { namespace, labels } = args;
    this.name = new k8s.core.v1.Namespace(
      `${name}-namespace`,
      { metadata: { name: namespace, labels: { ...labels, ...POD_SECURITY } } },
      { parent: this },
    ).metadata.name;
    this.serviceAccounts = Object.fromEntries(
      Object.entries(args.serviceAccounts).map(([account, { gcpServiceAccount }]) => [
        account,
        this.serviceAccount(name, account, gcpServiceAccount, labels),
      ]),
    );
    this.networkPolicies(name, args);
    this.quota(name, args);
    this.registerOutputs({ name: this.name, serviceAccounts: this.serviceAccounts });
  }

  private serviceAccount(
    name: string,
    account: string,
    gcpServiceAccount: pulumi.Input<string> | undefined,
    labels: Readonly<Record<string, string>>,
  ): pulumi.Output<string> {
    const annotations =
      gcpServiceAccount === undefined
        ? {}
        : { annotations: { 'iam.gke.io/gcp-service-account': gcpServiceAccount } };
    return new k8s.core.v1.ServiceAccount(
      `${name}-account-${account}`,
      {
        metadata: { name: account, namespace: this.name, labels: { ...labels }, ...annotations },
        automountServiceAccountToken: false,
      },
      { parent: this },
    ).metadata.name;
  }

  /** Nobody reaches anything, the workloads only what they need; nothing ever comes in. */
  private networkPolicies(name: string, args: WorkloadNamespaceArgs): void {
    new k8s.networking.v1.NetworkPolicy(
      `${name}-default-deny`,
      {
        metadata: this.metadata('default-deny', args),
        spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
      },
      { parent: this },
    );
    new k8s.networking.v1.NetworkPolicy(
      `${name}-egress`,
      {
        metadata: this.metadata('egress', args),
        spec: {
          podSelector: { matchLabels: { ...POD_SELECTOR } },
          policyTypes: ['Egress'],
          egress: egressRules(args),
        },
      },
      { parent: this },
    );
  }

  private quota(name: string, args: WorkloadNamespaceArgs): void {
    new k8s.core.v1.ResourceQuota(
      `${name}-quota`,
      {
        metadata: this.metadata('quota', args),
        spec: { hard: quotaLimits(args.cronJobs, args.shards, args.resources) },
      },
      { parent: this },
    );
  }

  private metadata(name: string, { labels }: WorkloadNamespaceArgs): k8s.types.input.meta.v1.ObjectMeta {
    return { name, namespace: this.name, labels: { ...labels } };
  }
}
