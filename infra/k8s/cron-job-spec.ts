import type { types } from '@pulumi/kubernetes';
import { EXIT } from '../../workloads/core/errors.ts';
import { CONTAINER, podSpec, type PodArgs } from './pod-spec.ts';
import {
  ACTIVE_DEADLINE_SECONDS,
  BACKOFF_LIMIT,
  JOB_TTL_SECONDS,
  JOBS_KEPT,
  STARTING_DEADLINE_SECONDS,
} from './run-window.ts';

export interface CronJobArgs extends Omit<PodArgs, 'indexed'> {
  /** Past each hour, UTC. */
  readonly minute: number;
  /** Pods of each Job: more than one share its hours among them. */
  readonly shards: number;
  /** Fire no more; Jobs that run go on. */
  readonly suspend: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

/** An hourly CronJob whose Job is over before the next one is due. */
export function cronJobSpec(cronJob: CronJobArgs): types.input.batch.v1.CronJobSpec {
  const metadata = { labels: { ...cronJob.labels } };
  return {
    schedule: `${cronJob.minute} * * * *`,
    timeZone: 'Etc/UTC',
    concurrencyPolicy: 'Forbid',
    startingDeadlineSeconds: STARTING_DEADLINE_SECONDS,
    successfulJobsHistoryLimit: JOBS_KEPT,
    failedJobsHistoryLimit: JOBS_KEPT,
    suspend: cronJob.suspend,
    jobTemplate: {
      metadata,
      spec: {
        ...completions(cronJob.shards),
        activeDeadlineSeconds: ACTIVE_DEADLINE_SECONDS,
        podFailurePolicy: { rules: failureRules() },
        // The only value that Kubernetes takes beside a failure policy: never two pods of one Job at once.
        podReplacementPolicy: 'Failed',
        ttlSecondsAfterFinished: JOB_TTL_SECONDS,
        template: { metadata, spec: podSpec({ ...cronJob, indexed: cronJob.shards > 1 }) },
      },
    },
  };
}

/**
 * How many pods make a Job complete, and how often each is tried. Of an Indexed Job each index has tries of its own: a shard that
 * fails is run again alone, and the others end what they do.
 */
function completions(shards: number): Partial<types.input.batch.v1.JobSpec> {
  return shards === 1
    ? { parallelism: 1, completions: 1, backoffLimit: BACKOFF_LIMIT }
    : {
        completionMode: 'Indexed',
        parallelism: shards,
        completions: shards,
        backoffLimitPerIndex: BACKOFF_LIMIT,
      };
}

/**
 * What the end of a pod means to its Job; the first rule that fits decides, and where none does it counts towards the backoff limit.
 * Ignored ends are tried again too, 10 s later, then 20, up to 10 minutes (Kubernetes' Job controller). A wrong setting comes first:
 * it ends the Job also where the node was being drained, for no other node would do better.
 */
function failureRules(): types.input.batch.v1.PodFailurePolicyRule[] {
  const onExit = (code: number): types.input.batch.v1.PodFailurePolicyOnExitCodesRequirement => ({
    containerName: CONTAINER,
    operator: 'In',
    values: [code],
  });
  return [
    { action: 'FailJob', onExitCodes: onExit(EXIT.usage) },
    { action: 'Ignore', onExitCodes: onExit(EXIT.notReady) },
    { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
  ];
}
