import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { sha256 } from '../../workloads/core/digest.ts';
import { GCP_CREDENTIALS_KEY } from './pod-identity.ts';

export interface CredentialsConfigMapArgs {
  readonly namespace: pulumi.Input<string>;
  /** The beginning of the ConfigMap's name. */
  readonly workload: string;
  /** The `external_account` document: where the pod's token lies and what it is traded for. It holds no secret. */
  readonly credentials: pulumi.Input<string>;
  readonly labels: Readonly<Record<string, string>>;
}

/** Hexadecimal digits: a workload has one at a time. */
const DIGEST_LENGTH = 12;

/** How a pod outside Google Cloud trades its token for Google's: a ConfigMap named by its content, for it is mounted. */
export class CredentialsConfigMap extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: CredentialsConfigMapArgs, opts?: pulumi.ComponentResourceOptions) {
    super('logferry:k8s:CredentialsConfigMap', name, {}, opts);
    const { namespace, workload, credentials, labels } = args;
    const configMapName = pulumi
      .output(credentials)
      .apply((text) => `${workload}-gcp-${sha256(text).slice(0, DIGEST_LENGTH)}`);
    this.name = new k8s.core.v1.ConfigMap(
      `${name}-config-map`,
      {
        metadata: { name: configMapName, namespace, labels: { ...labels } },
        immutable: true,
        data: { [GCP_CREDENTIALS_KEY]: credentials },
      },
      { parent: this },
    ).metadata.name;
    this.registerOutputs({ name: this.name });
  }
}
