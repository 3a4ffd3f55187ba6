import type { types } from '@pulumi/kubernetes';
import type { Registration } from '../../support/pulumi-mocks.ts';
import type { KubernetesObject } from './api-client.ts';
import { objectPaths } from './api-objects.ts';
import type { ControlPlane } from './control-plane.ts';
import { waitFor } from './wait.ts';

/** Seconds until a controller has seen a change: it is told at once, and a busy machine takes its time. */
const CONTROLLER_SECONDS = 60;

export interface Pod extends KubernetesObject {
  readonly spec: types.output.core.v1.PodSpec;
  readonly status: types.output.core.v1.PodStatus;
}

export interface Job extends KubernetesObject {
  readonly spec: types.output.batch.v1.JobSpec;
  /** What was never counted is not there. */
  readonly status: Partial<types.output.batch.v1.JobStatus>;
}

export interface CronJob extends KubernetesObject {
  readonly spec: types.output.batch.v1.CronJobSpec;
  readonly status: types.output.batch.v1.CronJobStatus;
}

/**
 * What the program sends to Kubernetes, in the harshest order that its dependencies allow: of all that nothing holds back, the last
 * registered goes first. What needs another thing without saying so comes before it, as it may in an update of many at once.
 */
export function kubernetesObjects(registrations: readonly Registration[]): KubernetesObject[] {
  const waiting = new Map(registrations.map((each) => [`${each.type}/${each.name}`, each]));
  const ordered: Registration[] = [];
  while (waiting.size > 0) {
    const free = [...waiting].findLast(([, { parent, options }]) =>
      [parent, ...(options.dependsOn ?? [])].every((before) => before === undefined || !waiting.has(before)),
    );
    if (free === undefined) throw new Error(`each needs another: ${[...waiting.keys()].join(', ')}`);
    waiting.delete(free[0]);
    ordered.push(free[1]);
  }
  return ordered
    .filter(({ type }) => type.startsWith('kubernetes:'))
    .map(({ inputs }) => inputs as unknown as KubernetesObject);
}

/** Applies objects one by one. As Pulumi does, waits for a quota to be counted: until then nothing that it counts is let in. */
export async function deploy(plane: ControlPlane, objects: readonly KubernetesObject[]): Promise<void> {
  for (const object of objects) {
    await plane.apply(object);
    if (object.kind === 'ResourceQuota')
      await waitFor('the quota to be counted', CONTROLLER_SECONDS, async () => {
        const { spec, status } = (await held(plane, object)) as {
          spec?: { hard: object };
          status?: { hard?: object };
        };
        return JSON.stringify(spec?.hard) === JSON.stringify(status?.hard) || undefined;
      });
  }
}

/** The object as the server holds it. */
export async function held(plane: ControlPlane, object: KubernetesObject): Promise<KubernetesObject> {
  const path = await objectPaths((...args) => plane.request(...args))(object);
  return (await plane.request('GET', path)) as KubernetesObject;
}

export async function cronJob(plane: ControlPlane, namespace: string, name: string): Promise<CronJob> {
  return (await plane.request('GET', `/apis/batch/v1/namespaces/${namespace}/cronjobs/${name}`)) as CronJob;
}

/** What `kubectl create job <name> --from=cronjob/<cronJob>` sends (kubectl 1.34, create_job.go). */
export async function startJob(plane: ControlPlane, from: CronJob, name: string): Promise<Job> {
  const { namespace, uid } = from.metadata as KubernetesObject['metadata'] & { uid: string };
  const { apiVersion, kind } = from;
  const { metadata, spec } = from.spec.jobTemplate;
  const job = {
    apiVersion,
    kind: 'Job',
    metadata: {
      name,
      labels: metadata.labels,
      annotations: { ...metadata.annotations, 'cronjob.kubernetes.io/instantiate': 'manual' },
      ownerReferences: [{ apiVersion, kind, name: from.metadata.name, uid, controller: true }],
    },
    spec,
  };
  const path = `/apis/batch/v1/namespaces/${namespace}/jobs?fieldValidation=Strict`;
  return (await plane.request('POST', path, job)) as Job;
}

/** The Jobs or Pods that belong to an object. */
export async function ownedBy<T extends Job | Pod>(
  plane: ControlPlane,
  { metadata }: KubernetesObject,
  plural: T extends Job ? 'jobs' : 'pods',
): Promise<T[]> {
  const root = plural === 'jobs' ? '/apis/batch/v1' : '/api/v1';
  const path = `${root}/namespaces/${metadata.namespace}/${plural}`;
  const { items } = (await plane.request('GET', path)) as { items: T[] };
  return items.filter(({ metadata: { ownerReferences = [] } }) =>
    (ownerReferences as { uid: string }[]).some(({ uid }) => uid === metadata.uid),
  );
}

/** The one pod of a Job that is not over, once it is there. */
export function livePod(plane: ControlPlane, job: KubernetesObject): Promise<Pod> {
  return waitFor(`a pod of ${job.metadata.name}`, CONTROLLER_SECONDS, async () => {
    const live = (await ownedBy<Pod>(plane, job, 'pods')).filter(({ status }) => status.phase === 'Pending');
    if (live.length > 1) throw new Error(`${live.length} pods at once`);
    return live[0];
  });
}

/** Waits until a Job says what `probe` looks for. */
export function jobSays<T>(
  plane: ControlPlane,
  { metadata }: KubernetesObject,
  what: string,
  probe: (job: Job) => T | undefined,
): Promise<T> {
  const path = `/apis/batch/v1/namespaces/${metadata.namespace}/jobs/${metadata.name}`;
  return waitFor(`${metadata.name}: ${what}`, CONTROLLER_SECONDS, async () =>
    probe((await plane.request('GET', path)) as Job),
  );
}

/**
 * Writes what a kubelet would about a pod whose container has ended. It ended an hour ago: what the Job controller waits before the
 * next try is counted from there.
 */
export async function endPod(
  plane: ControlPlane,
  { metadata, spec }: Pod,
  exitCode: number,
  conditions: readonly { readonly type: string; readonly status: string; readonly reason: string }[] = [],
): Promise<void> {
  const [container] = spec.containers;
  const ended = new Date(Date.now() - 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z');
  const terminated = {
    exitCode,
    reason: exitCode === 0 ? 'Completed' : 'Error',
    startedAt: ended,
    finishedAt: ended,
  };
  const status = {
    phase: exitCode === 0 ? 'Succeeded' : 'Failed',
    conditions: conditions.map((each) => ({ ...each, lastTransitionTime: ended })),
    containerStatuses: [
      {
        name: container?.name,
        image: container?.image,
        imageID: '',
        ready: false,
        restartCount: 0,
        state: { terminated },
      },
    ],
  };
  const path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}/status`;
  await plane.request('PATCH', path, { status }, { 'content-type': 'application/merge-patch+json' });
}

/** The files that a kubelet would put into a pod's projected volume from ConfigMaps: content by name. */
export async function mountedFiles(
  plane: ControlPlane,
  { metadata, spec }: Pod,
  volumeName: string,
): Promise<Record<string, string>> {
  const volume = spec.volumes.find(({ name }) => name === volumeName);
  const files: Record<string, string> = {};
  for (const { configMap } of volume?.projected.sources ?? []) {
    // Not every source is one.
    if ((configMap as typeof configMap | undefined) === undefined) continue;
    const path = `/api/v1/namespaces/${metadata.namespace}/configmaps/${configMap.name}`;
    const { data } = (await plane.request('GET', path)) as { data: Record<string, string> };
    const items =
      (configMap.items as typeof configMap.items | undefined) ??
      Object.keys(data).map((key) => ({ key, path: key }));
    for (const item of items) {
      if (item.path in files) throw new Error(`two sources of ${volumeName} have a file ${item.path}`);
      files[item.path] = data[item.key]!;
    }
  }
  return files;
}
