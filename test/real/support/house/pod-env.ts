import type { ControlPlane } from '../control-plane.ts';
import type { Pod } from '../kubernetes-objects.ts';

/** A variable as a pod's spec has it. Pulumi's types say that all is there; what the spec leaves out is not. */
interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly fieldRef?: { readonly fieldPath: string };
    readonly configMapKeyRef?: { readonly name: string; readonly key: string };
  };
}

/**
 * Replaces `$(NAME)` by the variable's value and `$$` by `$`; a name that nobody set stays as it is written (Kubernetes, "Define
 * dependent environment variables"; third_party/forked/golang/expansion).
 */
export function expanded(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(?:\$|\(([^)]*)\))/g, (whole, name?: string) =>
    name === undefined ? '$' : (variables[name] ?? whole),
  );
}

/** The environment of a pod's only container, exactly as the kubelet gives it; a variable may refer to those before it. */
export async function podEnvironment(plane: ControlPlane, pod: Pod): Promise<Record<string, string>> {
  const [container] = pod.spec.containers;
  const result = await apiServerVariables(plane);
  for (const variable of (container?.env ?? []) as readonly Variable[])
    result[variable.name] =
      variable.valueFrom === undefined
        ? expanded(variable.value ?? '', result)
        : await referred(plane, pod, variable);
  return result;
}

/** Every pod is told where the API server is, also with `enableServiceLinks: false` (kubelet_pods.go, getServiceEnvVarMap). */
async function apiServerVariables(plane: ControlPlane): Promise<Record<string, string>> {
  const { spec } = (await plane.request('GET', '/api/v1/namespaces/default/services/kubernetes')) as {
    spec: { clusterIP: string };
  };
  const address = `tcp://${spec.clusterIP}:443`;
  return {
    KUBERNETES_SERVICE_HOST: spec.clusterIP,
    KUBERNETES_SERVICE_PORT: '443',
    KUBERNETES_SERVICE_PORT_HTTPS: '443',
    KUBERNETES_PORT: address,
    KUBERNETES_PORT_443_TCP: address,
    KUBERNETES_PORT_443_TCP_PROTO: 'tcp',
    KUBERNETES_PORT_443_TCP_PORT: '443',
    KUBERNETES_PORT_443_TCP_ADDR: spec.clusterIP,
  };
}

async function referred(plane: ControlPlane, pod: Pod, { name, valueFrom }: Variable): Promise<string> {
  const { fieldRef, configMapKeyRef } = valueFrom ?? {};
  const value =
    fieldRef === undefined
      ? configMapKeyRef && (await configMapValue(plane, pod, configMapKeyRef))
      : field(pod, fieldRef.fieldPath);
  if (value === undefined) throw new Error(`variable ${name}: nothing at ${JSON.stringify(valueFrom)}`);
  return value;
}

async function configMapValue(
  plane: ControlPlane,
  { metadata }: Pod,
  { name, key }: { name: string; key: string },
): Promise<string | undefined> {
  const path = `/api/v1/namespaces/${metadata.namespace}/configmaps/${name}`;
  const { data = {} } = (await plane.request('GET', path)) as { data?: Record<string, string> };
  return data[key];
}

/** `metadata.name`, `metadata.annotations['key']`, `spec.nodeName`, `status.podIP` and the like (Downward API). */
function field(pod: Pod, path: string): string | undefined {
  const [, kind, key] = /^metadata\.(annotations|labels)\['(.+)'\]$/.exec(path) ?? [];
  const keys = kind === undefined ? path.split('.') : ['metadata', kind, key!];
  const value = keys.reduce<unknown>(
    (inner, each) => (inner as Record<string, unknown> | undefined)?.[each],
    pod,
  );
  return typeof value === 'string' ? value : undefined;
}
