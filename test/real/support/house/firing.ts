import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlPlane } from '../control-plane.ts';
import { cronJob, ownedBy, type CronJob, type Job } from '../kubernetes-objects.ts';
import { waitFor } from '../wait.ts';

/** Seconds for the controller to see a CronJob that is due. */
const FIRING_SECONDS = 90;
/** Seconds for a Job of a few seconds' work, with a retry, on a machine that does other things. */
const JOB_SECONDS = 300;
const MINUTE_MS = 60_000;

/**
 * Lets the CronJob controller fire a CronJob now: on a schedule of every minute the last minute is due at once, and so it fires as
 * soon as it is no longer suspended. It is suspended again, on its own schedule, once the Job is there.
 */
export async function fire(plane: ControlPlane, namespace: string, name: string): Promise<Job> {
  const change = async (spec: object): Promise<CronJob> =>
    (await plane.request(
      'PATCH',
      `/apis/batch/v1/namespaces/${namespace}/cronjobs/${name}`,
      { spec },
      { 'content-type': 'application/merge-patch+json' },
    )) as CronJob;
  const found = await cronJob(plane, namespace, name);
  const former = new Set((await ownedBy<Job>(plane, found, 'jobs')).map(({ metadata }) => metadata.uid));
  const last =
    (found.status as Partial<CronJob['status']>).lastScheduleTime ?? String(found.metadata.creationTimestamp);
  // Only a minute that began after the last firing, or after the CronJob was made, is due.
  const due = Math.floor(Date.parse(last) / MINUTE_MS + 1) * MINUTE_MS;
  await sleep(Math.max(0, due - Date.now()));
  await change({ schedule: '* * * * *' });
  const firing = await change({ suspend: false });
  const job = await waitFor(`${name} to fire`, FIRING_SECONDS, async () =>
    (await ownedBy<Job>(plane, firing, 'jobs')).find(({ metadata }) => !former.has(metadata.uid)),
  );
  await change({ suspend: true, schedule: found.spec.schedule });
  return job;
}

/** The Job once it is over, whichever way. */
export function over(plane: ControlPlane, { metadata }: Job): Promise<Job> {
  const path = `/apis/batch/v1/namespaces/${metadata.namespace}/jobs/${metadata.name}`;
  return waitFor(`${metadata.name} to be over`, JOB_SECONDS, async () => {
    const job = (await plane.request('GET', path)) as Job;
    const isOver = (job.status.conditions ?? []).some(
      ({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'),
    );
    return isOver ? job : undefined;
  });
}
