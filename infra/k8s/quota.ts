import { quotaAmounts, type PodResources } from './pod-resources.ts';
import { JOBS_KEPT } from './run-window.ts';

/** Jobs at once that people start by hand beside the CronJobs: a backfill, a replay. */
const BY_HAND = 4;

/** The most CronJobs that can ever be: classifier, fast lane, and one for each minute of the standard lane's half of the hour. */
const MAX_CRON_JOBS = 32;

/** A Job that runs, and one that has ended and is not cleared away yet. */
const JOBS_UNDER_WAY = 2;

/**
 * The namespace's hard limits: exactly what its CronJobs can use at once, and a few Jobs by hand. A Job has one pod that is not over
 * (its replacement waits for that), the classifier's one for each shard, and pods that are over count nowhere. Whatever else somebody
 * puts here is refused. Shards wait for none but themselves: where a second Job of them finds no room for all, they come in turn.
 */
export function quotaLimits(
  cronJobs: number,
  shards: number,
  resources: PodResources,
): Record<string, string> {
  const jobs = cronJobs + BY_HAND;
  const pods = jobs + shards - 1;
  return {
    pods: String(pods),
    ...quotaAmounts(resources, pods),
    // Not `cronJobs`: while groups are spread anew, those of the former minutes are still there.
    'count/cronjobs.batch': String(MAX_CRON_JOBS),
    'count/jobs.batch': String(jobs * (2 * JOBS_KEPT + JOBS_UNDER_WAY)),
    services: '0',
    'services.loadbalancers': '0',
    'services.nodeports': '0',
    persistentvolumeclaims: '0',
  };
}
