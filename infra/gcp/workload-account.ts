import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { tokenSubject } from './cluster-pool.ts';
import { externalAccount, tokenAudience } from './external-account.ts';

/** How the pods of a workload prove who they are. */
export type Trust =
  | {
      /** In GKE the metadata server hands out the account's tokens. */
      readonly kind: 'gke';
      /** `<cluster's project>.svc.id.goog` */
      readonly workloadPool: pulumi.Input<string>;
    }
  | {
      /** Elsewhere the pod trades its projected token. */
      readonly kind: 'federation';
      readonly poolName: pulumi.Input<string>;
      readonly providerName: pulumi.Input<string>;
      /** Where the pod finds its token. */
      readonly tokenFile: string;
    };

export interface WorkloadAccountArgs {
  readonly project: pulumi.Input<string>;
  /** 6 to 30 characters, the part of the email before the @. */
  readonly accountId: pulumi.Input<string>;
  readonly description: string;
  readonly namespace: pulumi.Input<string>;
  /** The Kubernetes service account that alone may act as this one. */
  readonly serviceAccount: pulumi.Input<string>;
  readonly trust: Trust;
}

/** One workload's identity in Google Cloud: a service account without keys, for exactly one Kubernetes service account. */
export class WorkloadAccount extends pulumi.ComponentResource {
  readonly email: pulumi.Output<string>;
  /** `serviceAccount:<email>`, as grants name it. */
  readonly member: pulumi.Output<string>;
  /** Content of the pod's credential file, which holds no secret; undefined in GKE, where there is none. */
  readonly credentials: pulumi.Output<string> | undefined;
  /** The audience that the pod's projected token is made for; undefined in GKE. */
  readonly tokenAudience: pulumi.Output<string> | undefined;

  constructor(name: string, args: WorkloadAccountArgs, opts?: pulumi.ComponentResourceOptions) {
    super('logferry:gcp:WorkloadAccount', name, {}, opts);
    const { project, accountId, description, trust } = args;
    const account = new gcp.serviceaccount.Account(
      `${name}-account`,
      { project, accountId, displayName: accountId, description },
      { parent: this },
    );
    const impersonation = new gcp.serviceaccount.IAMMember(
      `${name}-trust`,
      { serviceAccountId: account.name, role: 'roles/iam.workloadIdentityUser', member: trusted(args) },
      { parent: this },
    );
    // Whoever gets the email gets an account that its pods can already act as.
    this.email = pulumi.all([account.email, impersonation.id]).apply(([email]) => email);
    this.member = pulumi.interpolate`serviceAccount:${this.email}`;
    if (trust.kind === 'federation') {
      const { providerName, tokenFile } = trust;
      this.tokenAudience = pulumi.output(providerName).apply(tokenAudience);
      this.credentials = pulumi
        .all([providerName, this.email])
        .apply(([provider, email]) => externalAccount({ provider, email, tokenFile }));
    }
    const { email, credentials } = this;
    this.registerOutputs({ email, credentials, tokenAudience: this.tokenAudience });
  }
}

/** Who may act as the account: one Kubernetes service account, by its full name. */
function trusted({ trust, namespace, serviceAccount }: WorkloadAccountArgs): pulumi.Output<string> {
  if (trust.kind === 'gke')
    return pulumi.interpolate`serviceAccount:${trust.workloadPool}[${namespace}/${serviceAccount}]`;
  return pulumi
    .all([trust.poolName, namespace, serviceAccount])
    .apply(([pool, ns, name]) => `principal://iam.googleapis.com/${pool}/subject/${tokenSubject(ns, name)}`);
}
