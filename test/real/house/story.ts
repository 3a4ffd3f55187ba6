import type { StackOutputs } from '../../../infra/outputs.ts';
import type { Pod } from '../support/kubernetes-objects.ts';
import { ownedBy, type Job } from '../support/kubernetes-objects.ts';
import type { Ended } from '../support/house/pod-run.ts';
import { fire, over } from '../support/house/firing.ts';
import type { House } from '../support/house/house.ts';
import type { LogHour, LogProducer } from '../support/house/log-hours.ts';
import { waitFor } from '../support/wait.ts';

/** Seconds until a pod is there, or has ended, once that is due. */
const POD_SECONDS = 60;

/** What the tests tell one after another: what is there, and what was put in so far. */
export interface Story {
  readonly house: House;
  readonly producer: LogProducer;
  /** Two hours that are over, the older one first. */
  readonly hours: readonly [LogHour['hour'], LogHour['hour']];
  readonly put: LogHour[];
}

export const outputsOf = async ({ engine }: House): Promise<StackOutputs> =>
  (await engine.outputs()) as unknown as StackOutputs;

/** Values of the type key that have a schema. */
export const typesOf = async (house: House): Promise<string[]> =>
  Object.keys((await outputsOf(house)).tables);

/** A pod's exit code, in the order in which the pods of a Job ended. */
export const exitCodes = ({ kubelet }: House, job: Job): number[] =>
  endedPods(kubelet.ended, job).map(({ exitCode }) => exitCode);

export const endedPods = (ended: readonly Ended[], { metadata }: Job): Ended[] =>
  ended.filter(({ labels }) => labels['batch.kubernetes.io/job-name'] === metadata.name);

/** What pods wrote, for a test that failed. */
export const logsOf = ({ kubelet }: House, job: Job): string =>
  endedPods(kubelet.ended, job)
    .map(({ pod, exitCode, log }) => `${pod} ended with ${exitCode}:\n${log}`)
    .join('\n');

/** `Complete`, or why the Job failed. */
export function conditionOf({ status }: Job): string | undefined {
  const found = (status.conditions ?? []).find(
    (each) => each.status === 'True' && (each.type === 'Complete' || each.type === 'Failed'),
  );
  return found?.type === 'Failed' ? `Failed: ${found.reason}` : found?.type;
}

/** Fires a CronJob and waits for its Job, which must complete. */
export async function completes(house: House, cronJob: string): Promise<Job> {
  const job = await fire(house.plane, house.namespace, cronJob);
  return completed(house, job);
}

/** @throws an error with the pods' logs where the Job failed. */
export async function completed(house: House, job: Job): Promise<Job> {
  const ended = await over(house.plane, job).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${house.kubelet.faults.join('\n')}\n${logsOf(house, job)}`);
  });
  if (conditionOf(ended) !== 'Complete')
    throw new Error(`${job.metadata.name}: ${conditionOf(ended)!}\n${logsOf(house, job)}`);
  return ended;
}

/** Every loader's CronJob, at once as in an hour where they overlap. */
export async function loadersComplete(house: House): Promise<void> {
  const { cronJobs } = await outputsOf(house);
  const loaders = cronJobs.filter((name) => name.startsWith('loader-'));
  await Promise.all(loaders.map((name) => completes(house, name)));
}

/** The one pod of a Job that runs. */
export function runningPod({ plane }: House, job: Job): Promise<Pod> {
  return waitFor(`a running pod of ${job.metadata.name}`, POD_SECONDS, async () =>
    (await ownedBy<Pod>(plane, job, 'pods')).find(({ status }) => status.phase === 'Running'),
  );
}

/** The exit codes of a Job's pods, once there are so many. */
export function ends(house: House, job: Job, count: number): Promise<number[]> {
  return waitFor(`${count} ended pod(s) of ${job.metadata.name}`, POD_SECONDS, () => {
    const codes = exitCodes(house, job);
    return codes.length >= count ? codes : undefined;
  });
}
