import { at, list, ofType, type Rule } from './rule.ts';

// Sources: checkov/kubernetes/checks/resource/k8s/*.py. CronJobs are the only objects that make pods.

const CRON_JOB = ofType('kubernetes:batch/v1:CronJob');

/** Kinds that live outside any namespace. */
const CLUSTER_WIDE = ['kubernetes:core/v1:Namespace'];

/** A pod's specification and its containers, those that only prepare included. */
function pod(inputs: unknown): { readonly spec: unknown; readonly containers: readonly unknown[] } {
  const spec = at(inputs, 'spec.jobTemplate.spec.template.spec');
  return { spec, containers: [...list(at(spec, 'containers')), ...list(at(spec, 'initContainers'))] };
}

/** Kept by the pod as a whole. */
function podRule(id: string, holds: (spec: unknown) => boolean): Rule {
  return { id, judges: CRON_JOB, holds: ({ inputs }) => holds(pod(inputs).spec) };
}

/** Kept by each of its containers, of which there is at least one. */
function containerRule(id: string, holds: (container: unknown, spec: unknown) => boolean): Rule {
  return {
    id,
    judges: CRON_JOB,
    holds: ({ inputs }) => {
      const { spec, containers } = pod(inputs);
      return containers.length > 0 && containers.every((container) => holds(container, spec));
    },
  };
}

/** A container's own security setting, or the pod's where it has none. */
function setting(name: string, container: unknown, spec: unknown): unknown {
  return at(container, `securityContext.${name}`) ?? at(spec, `securityContext.${name}`);
}

function drops(container: unknown, capabilities: readonly string[]): boolean {
  return list(at(container, 'securityContext.capabilities.drop')).some((each) =>
    capabilities.includes(String(each)),
  );
}

function adds(container: unknown): readonly unknown[] {
  return list(at(container, 'securityContext.capabilities.add'));
}

/** Neither one variable nor all of them come from a Secret. */
function noSecretInEnvironment(container: unknown): boolean {
  const single = list(at(container, 'env')).some((each) => at(each, 'valueFrom.secretKeyRef') !== undefined);
  const whole = list(at(container, 'envFrom')).some((each) => at(each, 'secretRef') !== undefined);
  return !single && !whole;
}

/** A digest, or a tag that is neither missing nor `latest`. */
function fixedImage(image: string): boolean {
  if (image.includes('@')) return true;
  const tag = /:([^:/]+)$/.exec(image)?.[1];
  return tag !== undefined && tag !== 'latest';
}

function resource(path: string): (container: unknown) => boolean {
  return (container) => at(container, `resources.${path}`) !== undefined;
}

const image = (container: unknown): string => String(at(container, 'image'));

/** Rules on what is sent to the cluster. */
export const KUBERNETES_RULES: readonly Rule[] = [
  containerRule('CKV_K8S_10', resource('requests.cpu')),
  containerRule('CKV_K8S_11', resource('limits.cpu')),
  containerRule('CKV_K8S_12', resource('requests.memory')),
  containerRule('CKV_K8S_13', resource('limits.memory')),
  containerRule('CKV_K8S_14', (container) => fixedImage(image(container))),
  containerRule('CKV_K8S_15', (container) => at(container, 'imagePullPolicy') === 'Always'),
  containerRule('CKV_K8S_16', (container) => at(container, 'securityContext.privileged') !== true),
  podRule('CKV_K8S_17', (spec) => at(spec, 'hostPID') !== true),
  podRule('CKV_K8S_18', (spec) => at(spec, 'hostIPC') !== true),
  podRule('CKV_K8S_19', (spec) => at(spec, 'hostNetwork') !== true),
  containerRule(
    'CKV_K8S_20',
    (container) => at(container, 'securityContext.allowPrivilegeEscalation') === false,
  ),
  {
    id: 'CKV_K8S_21',
    judges: ({ type }) => type.startsWith('kubernetes:') && !CLUSTER_WIDE.includes(type),
    holds: ({ inputs }) => ![undefined, 'default'].includes(at(inputs, 'metadata.namespace') as string),
  },
  containerRule(
    'CKV_K8S_22',
    (container) => at(container, 'securityContext.readOnlyRootFilesystem') === true,
  ),
  containerRule(
    'CKV_K8S_23',
    (container, spec) =>
      setting('runAsNonRoot', container, spec) === true || Number(setting('runAsUser', container, spec)) > 0,
  ),
  containerRule('CKV_K8S_25', (container) => adds(container).length === 0),
  containerRule('CKV_K8S_26', (container) =>
    list(at(container, 'ports')).every((port) => at(port, 'hostPort') === undefined),
  ),
  podRule(
    'CKV_K8S_27',
    (spec) =>
      !list(at(spec, 'volumes')).some((volume) =>
        String(at(volume, 'hostPath.path')).includes('docker.sock'),
      ),
  ),
  containerRule('CKV_K8S_28', (container) => drops(container, ['ALL', 'NET_RAW'])),
  containerRule(
    'CKV_K8S_29',
    (container, spec) => (at(spec, 'securityContext') ?? at(container, 'securityContext')) !== undefined,
  ),
  containerRule('CKV_K8S_30', (container) => at(container, 'securityContext') !== undefined),
  containerRule(
    'CKV_K8S_31',
    (container, spec) => at(setting('seccompProfile', container, spec), 'type') === 'RuntimeDefault',
  ),
  containerRule('CKV_K8S_35', noSecretInEnvironment),
  containerRule('CKV_K8S_37', (container) => drops(container, ['ALL'])),
  podRule('CKV_K8S_38', (spec) => at(spec, 'automountServiceAccountToken') === false),
  containerRule('CKV_K8S_39', (container) => !adds(container).includes('SYS_ADMIN')),
  containerRule('CKV_K8S_40', (container, spec) => Number(setting('runAsUser', container, spec)) >= 10_000),
  containerRule('CKV_K8S_43', (container) => image(container).includes('@')),
];
