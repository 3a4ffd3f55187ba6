/** Seconds between two firings of every CronJob: folder hours. */
export const INTERVAL_SECONDS = 3600;

/** Seconds for which a late firing still counts. A firing that is missed altogether does no harm: each run takes all unfinished hours. */
export const STARTING_DEADLINE_SECONDS = 300;

/**
 * Seconds that a Job may take with all its pods and waits. With a late start and the pod's time to end it stays below the interval:
 * a Job that waits for an hour to be ready is over before the next one is due, which Forbid would otherwise leave out.
 */
export const ACTIVE_DEADLINE_SECONDS = 3000;

/** Seconds between SIGTERM and SIGKILL: time for a commit that is under way, the only thing that a signal does not cut short. */
export const TERMINATION_GRACE_SECONDS = 120;

/**
 * Seconds after which a run begins no further hour, so that the last one it began has twenty minutes to end. A pod that is retried
 * begins its own count and may be cut off by the Job's deadline: nothing is half-committed, and the next firing takes the hour up.
 */
export const RUN_DEADLINE_SECONDS = 1800;

/**
 * Retries of a run that failed for good or died. Waits and disruptions are not counted (the Job's failure policy); what fails three
 * times is left to the next firing.
 */
export const BACKOFF_LIMIT = 2;

/** Jobs of each end that stay to be looked at. */
export const JOBS_KEPT = 3;

/** Seconds that an ended Job stays at most, also when its CronJob is suspended: a weekend. */
export const JOB_TTL_SECONDS = 3 * 24 * 3600;
