import type { types } from '@pulumi/kubernetes';
import type { Input } from '@pulumi/pulumi';
import { environmentName } from '../../workloads/core/settings.ts';
import { literal } from './literal.ts';
import { identityEnvironment, identityVolumes, type PodIdentity } from './pod-identity.ts';
import { containerResources, nodeOptions, type PodResources } from './pod-resources.ts';
import { bytesQuantity } from './quantity.ts';
import { TERMINATION_GRACE_SECONDS } from './run-window.ts';

export interface PodArgs {
  /** Of the CronJob; names its sessions in AWS. */
  readonly cronJobName: string;
  /** The arguments of `logferry`. */
  readonly args: readonly string[];
  readonly image: Input<string>;
  /** Settings, by environment variable. */
  readonly env: Readonly<Record<string, Input<string>>>;
  readonly serviceAccount: Input<string>;
  readonly identity: PodIdentity;
  /** Names of the ConfigMaps that together hold the schema files. */
  readonly schemaConfigMaps: readonly Input<string>[];
  readonly resources: PodResources;
  /** Whether it is one of an Indexed Job's pods, and must know which. */
  readonly indexed: boolean;
}

/** The only container. The Job's failure policy speaks of its exit codes, whatever a mesh puts beside it. */
export const CONTAINER = 'logferry';

/** Where the schema files lie in the pod. */
export const SCHEMAS_FOLDER = '/etc/logferry/schemas';

/** The only folder that a pod can write to. */
export const SCRATCH_FOLDER = '/scratch';

/** The image's own user, "nonroot" in distroless images. Above 10,000: it is nobody on the node (CKV_K8S_40). */
const USER = 65532;

/** One run of a workload, as the restricted Pod Security Standard wants it. */
export function podSpec(pod: PodArgs): types.input.core.v1.PodSpec {
  const { volumes, mounts } = identityVolumes(pod.identity);
  return {
    restartPolicy: 'Never',
    serviceAccountName: pod.serviceAccount,
    // The default token would speak to the API server, which no workload does.
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: TERMINATION_GRACE_SECONDS,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: USER,
      runAsGroup: USER,
      fsGroup: USER,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [container(pod, mounts)],
    volumes: [
      {
        name: 'schemas',
        projected: { sources: pod.schemaConfigMaps.map((name) => ({ configMap: { name } })) },
      },
      // On disk: in memory it would count against the pod's 128 MiB.
      { name: 'scratch', emptyDir: { sizeLimit: bytesQuantity(pod.resources.scratchBytes) } },
      ...volumes,
    ],
  };
}

function container(
  pod: PodArgs,
  identityMounts: types.input.core.v1.VolumeMount[],
): types.input.core.v1.Container {
  return {
    name: CONTAINER,
    image: pod.image,
    // Asks the registry whether this pod may have the image, also where the node has it from another.
    imagePullPolicy: 'Always',
    args: pod.args.map((argument) => literal(argument)),
    env: environment(pod),
    resources: containerResources(pod.resources),
    securityContext: {
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      { name: 'schemas', mountPath: SCHEMAS_FOLDER, readOnly: true },
      { name: 'scratch', mountPath: SCRATCH_FOLDER },
      ...identityMounts,
    ],
  };
}

/** Kubernetes puts a pod's index into this annotation (Job, "Completion mode"). */
const INDEX = "metadata.annotations['batch.kubernetes.io/job-completion-index']";

/** By name, so that a new variable is one line of a preview. */
function environment(pod: PodArgs): types.input.core.v1.EnvVar[] {
  const { env, identity, cronJobName, resources, indexed } = pod;
  const all: Record<string, Input<string>> = {
    ...identityEnvironment(identity, cronJobName),
    ...env,
    NODE_OPTIONS: nodeOptions(resources),
    // The root is read-only: what a library puts aside goes where there is room.
    TMPDIR: SCRATCH_FOLDER,
  };
  const index = { name: environmentName('shard'), valueFrom: { fieldRef: { fieldPath: INDEX } } };
  return [
    ...Object.entries(all).map(([name, value]) => ({ name, value: literal(value) })),
    ...(indexed ? [index] : []),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}
