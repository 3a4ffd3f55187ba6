import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';

export interface ClusterPoolArgs {
  readonly project: pulumi.Input<string>;
  /** 4 to 32 characters; a deleted pool keeps its id for 30 days. */
  readonly poolId: pulumi.Input<string>;
  readonly providerId: pulumi.Input<string>;
  /** The `iss` claim of the cluster's tokens. */
  readonly issuer: pulumi.Input<string>;
  /** The issuer's keys, as `kubectl get --raw /openid/v1/jwks` prints them, where Google cannot fetch them from the issuer. */
  readonly jwks?: pulumi.Input<string> | undefined;
  readonly namespace: pulumi.Input<string>;
  /** The Kubernetes service accounts whose tokens are taken; any other of the cluster's is refused. */
  readonly serviceAccounts: readonly string[];
}

/** Lets tokens of a cluster outside Google Cloud be exchanged for Google's. What they open, each workload's account decides. */
export class ClusterPool extends pulumi.ComponentResource {
  /** `projects/<number>/locations/global/workloadIdentityPools/<id>` */
  readonly poolName: pulumi.Output<string>;
  /** The same with `/providers/<id>` behind it. */
  readonly providerName: pulumi.Output<string>;

  constructor(name: string, args: ClusterPoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super('logferry:gcp:ClusterPool', name, {}, opts);
    const { project, issuer, jwks, namespace, serviceAccounts } = args;
    const pool = new gcp.iam.WorkloadIdentityPool(
      `${name}-pool`,
      {
        project,
        workloadIdentityPoolId: args.poolId,
        displayName: 'logferry',
        description: 'The cluster that runs logferry.',
      },
      { parent: this },
    );
    const provider = new gcp.iam.WorkloadIdentityPoolProvider(
      `${name}-provider`,
      {
        project,
        workloadIdentityPoolId: pool.workloadIdentityPoolId,
        workloadIdentityPoolProviderId: args.providerId,
        displayName: 'Kubernetes',
        attributeMapping: { 'google.subject': 'assertion.sub' },
        attributeCondition: pulumi.output(namespace).apply((ns) => subjectCondition(ns, serviceAccounts)),
        // No audiences are listed: then the token must be made for this very provider, and is of no use anywhere else.
        oidc: { issuerUri: issuer, ...(jwks === undefined ? {} : { jwksJson: jwks }) },
      },
      { parent: this },
    );
    this.poolName = pool.name;
    this.providerName = provider.name;
    this.registerOutputs({ poolName: this.poolName, providerName: this.providerName });
  }
}

/** The `sub` claim of a Kubernetes service account's token. */
export function tokenSubject(namespace: string, serviceAccount: string): string {
  return `system:serviceaccount:${namespace}:${serviceAccount}`;
}

/** CEL; names of namespaces and service accounts are DNS labels, so that nothing in them needs quoting. */
function subjectCondition(namespace: string, serviceAccounts: readonly string[]): string {
  const subjects = serviceAccounts.map((account) => `'${tokenSubject(namespace, account)}'`);
  return `assertion.sub in [${subjects.join(', ')}]`;
}
