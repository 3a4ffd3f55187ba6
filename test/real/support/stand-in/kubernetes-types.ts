import { createHash } from 'node:crypto';
import { text, type ResourceType, type ResourceTypes } from './resource-type.ts';
import { isObject, type Properties } from './wire.ts';

const NAMESPACE = 'kubernetes:core/v1:Namespace';

const metadataOf = (inputs: Properties): Properties => (isObject(inputs.metadata) ? inputs.metadata : {});

/** `namespace/name`, or `name` of what lies in no namespace: Pulumi's id of a Kubernetes object. */
function idOf(inputs: Properties): string {
  const { namespace, name } = { namespace: '', ...metadataOf(inputs) } as Record<string, unknown>;
  return typeof namespace === 'string' && namespace !== '' ? `${namespace}/${String(name)}` : String(name);
}

/** What the server adds to every object. */
function metadata(_: string, inputs: Properties): Properties {
  const uid = createHash('sha256').update(idOf(inputs)).digest('hex').slice(0, 32);
  return { metadata: { uid, resourceVersion: '1', generation: 1 } };
}

/**
 * Names are for ever. Server-side apply would take an object over that is there already, but the provider (4.29 and later, unless it is
 * told `upsertExistingObjects`) refuses: a resource that was renamed would be created over itself and then deleted.
 */
const object: ResourceType = {
  id: idOf,
  taken: (id) =>
    `resource "${id}" was not successfully created by the Kubernetes API server: "${id.split('/').at(-1) ?? id}" already exists`,
  computed: metadata,
  replaces: ['apiVersion', 'kind', 'metadata.name', 'metadata.namespace'],
};

const namespaced = (more: readonly string[] = []): ResourceType => ({
  ...object,
  replaces: [...object.replaces!, ...more],
  partOf: (inputs) => ({ type: NAMESPACE, id: text(metadataOf(inputs), 'namespace') }),
});

/** The Kubernetes kinds that the stand-in knows; which fields replace is in pulumi-kubernetes, provider/pkg/clients/force_new.go. */
export const KUBERNETES_TYPES: ResourceTypes = {
  [NAMESPACE]: object,
  'kubernetes:batch/v1:CronJob': namespaced(),
  'kubernetes:core/v1:ConfigMap': namespaced(['data', 'binaryData', 'immutable']),
  'kubernetes:core/v1:ResourceQuota': namespaced(),
  'kubernetes:core/v1:Secret': namespaced(['type', 'data', 'stringData', 'immutable']),
  'kubernetes:core/v1:ServiceAccount': namespaced(),
  'kubernetes:networking.k8s.io/v1:NetworkPolicy': namespaced(),
  'kubernetes:rbac.authorization.k8s.io/v1:Role': namespaced(),
  'kubernetes:rbac.authorization.k8s.io/v1:RoleBinding': namespaced(['roleRef']),
};
