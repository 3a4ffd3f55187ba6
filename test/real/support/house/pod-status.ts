import type { ControlPlane } from '../control-plane.ts';
import type { Pod } from '../kubernetes-objects.ts';

/** What became of a container. */
export type ContainerState =
  | { readonly kind: 'waiting'; readonly reason: string; readonly message: string }
  | { readonly kind: 'running'; readonly since: Date }
  | {
      readonly kind: 'terminated';
      readonly since: Date;
      readonly exitCode: number;
      readonly reason: 'Completed' | 'Error' | 'OOMKilled';
    };

/** As the API writes times: without fractions of a second. */
const time = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');

function phase(state: ContainerState): string {
  if (state.kind === 'waiting') return 'Pending';
  if (state.kind === 'running') return 'Running';
  return state.exitCode === 0 ? 'Succeeded' : 'Failed';
}

function stateField(state: ContainerState): object {
  if (state.kind === 'waiting') return { waiting: { reason: state.reason, message: state.message } };
  if (state.kind === 'running') return { running: { startedAt: time(state.since) } };
  const { exitCode, reason, since } = state;
  return { terminated: { exitCode, reason, startedAt: time(since), finishedAt: time(new Date()) } };
}

/** Writes what a kubelet says of a pod with one container that is never restarted, through the status subresource. */
export async function writeStatus(
  plane: ControlPlane,
  { metadata, spec }: Pod,
  state: ContainerState,
): Promise<void> {
  const [container] = spec.containers;
  const ready = state.kind === 'running';
  const now = time(new Date());
  const condition = (type: string, status: boolean): object => ({
    ...{ type, status: status ? 'True' : 'False', lastTransitionTime: now },
    ...(state.kind === 'terminated' ? { reason: state.exitCode === 0 ? 'PodCompleted' : 'PodFailed' } : {}),
  });
  const status = {
    phase: phase(state),
    conditions: [
      { type: 'PodScheduled', status: 'True', lastTransitionTime: now },
      { type: 'Initialized', status: 'True', lastTransitionTime: now },
      condition('Ready', ready),
      condition('ContainersReady', ready),
    ],
    hostIP: '127.0.0.1',
    containerStatuses: [
      {
        name: container?.name,
        image: container?.image,
        imageID: '',
        ready,
        started: ready,
        restartCount: 0,
        state: stateField(state),
      },
    ],
  };
  const path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}/status`;
  await plane.request('PATCH', path, { status }, { 'content-type': 'application/merge-patch+json' });
}
