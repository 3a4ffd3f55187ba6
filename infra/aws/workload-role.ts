import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { trustPolicy, type PolicyDocument } from './policies.ts';

/** Seconds: IAM's least. The SDK fetches a new session with the pod's token, so a longer one only lives longer when stolen. */
const SESSION_SECONDS = 3600;

export interface WorkloadRoleArgs {
  readonly roleName: pulumi.Input<string>;
  readonly oidcProviderArn: pulumi.Input<string>;
  /** The `iss` claim of the cluster's tokens. */
  readonly issuer: pulumi.Input<string>;
  /** The `aud` claim of the pod's projected token. */
  readonly audience: pulumi.Input<string>;
  readonly namespace: pulumi.Input<string>;
  /** The Kubernetes service account that alone may take the role. */
  readonly serviceAccount: pulumi.Input<string>;
  /** All that the role may do. */
  readonly policy: pulumi.Input<PolicyDocument>;
  /** Seconds, 3,600 to 43,200 (IAM). */
  readonly maxSessionDuration?: pulumi.Input<number> | undefined;
  readonly tags: pulumi.Input<Record<string, string>>;
}

/** One workload's identity in AWS: a role for exactly one service account, with exactly one policy. */
export class WorkloadRole extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: WorkloadRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super('logferry:aws:WorkloadRole', name, {}, opts);
    const { oidcProviderArn, issuer, audience, namespace, serviceAccount } = args;
    const trust = pulumi.output({ oidcProviderArn, issuer, audience, namespace, serviceAccount });
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: args.roleName,
        description: pulumi.interpolate`logferry: Kubernetes service account ${namespace}/${serviceAccount}`,
        assumeRolePolicy: pulumi.jsonStringify(trust.apply(trustPolicy)),
        maxSessionDuration: args.maxSessionDuration ?? SESSION_SECONDS,
        tags: args.tags,
      },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      { name: args.roleName, role: role.name, policy: pulumi.jsonStringify(args.policy) },
      { parent: this },
    );
    // Whoever gets the ARN gets a role that can already do its work.
    this.arn = pulumi.all([role.arn, policy.id]).apply(([arn]) => arn);
    this.registerOutputs({ arn: this.arn });
  }
}
