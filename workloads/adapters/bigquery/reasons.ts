/**
 * BigQuery's words for what went wrong ("Error messages", troubleshooting): `reason` of an answer or of a job's error, and its
 * message where the reason says too little.
 */

/** "Retry the operation", "retry the job with a new jobId", or "try again in a few seconds", by the table of error messages. */
const PASSING: readonly string[] = [
  'backendError',
  'internalError',
  'jobBackendError',
  'jobInternalError',
  'jobRateLimitExceeded',
  'rateLimitExceeded',
  'tableUnavailable',
  'userRateLimitExceeded',
];

export function isPassingReason(reason: string): boolean {
  return PASSING.includes(reason);
}

/** A quota of a day or a table: seconds of waiting do not bring it back. */
export function isQuota(reason: string, message: string): boolean {
  return reason === 'quotaExceeded' || (!isPassingReason(reason) && /\bquota exceeded\b/i.test(message));
}

/** What an engine error begins with where it is raised in a script. */
const QUERY_ERROR = '(?:Query error: )?';

const CONFLICTS: readonly RegExp[] = [
  'Transaction is aborted due to concurrent update',
  'Could not serialize access to table .* due to concurrent update',
  'Table .* (?:was|has been) modified (?:by concurrent|concurrently)',
  'Too many DML statements outstanding against table',
].map((text) => new RegExp(`^${QUERY_ERROR}${text}`, 'is'));

/** Whether a statement met another one at the same table. BigQuery gives no reason of its own for it: `invalidQuery`. */
export function isConflict(message: string): boolean {
  return CONFLICTS.some((conflict) => conflict.test(message));
}

/** "Not found: Table my-project:load_temp.x was not found in location US". */
export function isTableMissing(message: string, dataset: string): boolean {
  const [, found] = /not found: Table \S*[:.]([A-Za-z0-9_]+)\.[^.\s]+/i.exec(message) ?? [];
  return found === dataset;
}

/** "Not found: Project x". */
export function isProjectMissing(message: string): boolean {
  return /\bproject\b/i.test(message) && !/\b(?:table|dataset|job)\b/i.test(message);
}

const IS_BILLING = /billing/i;
const IS_API_OFF = /has not been used in project|is disabled/i;

/** What is off in the project, which BigQuery answers with 403 though nobody's rights are at fault. */
export function switchedOff(reason: string, message: string): string | undefined {
  if (reason === 'accessNotConfigured' || IS_API_OFF.test(message)) return 'the BigQuery API is off';
  if (IS_BILLING.test(reason) || /billing has not been enabled|billing account/i.test(message))
    return 'billing is off';
  return undefined;
}

/** The role that each workload has is the Pulumi program's; a person needs the same on the three datasets. */
const ROLES =
  'Let the identity in use run jobs in the project (bigquery.jobs.create) and work on the datasets raw, load_temp and ops; "pulumi up" grants a pod all of it. ' +
  'If it should have all that already, check the project and the datasets in --warehouse (LOGFERRY_WAREHOUSE).';

/** What to do about an error, by BigQuery's own words. */
export function adviceOn(reason: string, message: string, status?: number): string {
  if (/different locations?|not found in location|in location \S+/i.test(message))
    return 'The datasets must be where location= of --warehouse says: look at both (bq show), and mend the URL or move the datasets.';
  if (/vpc service controls/i.test(message))
    return 'A service perimeter (VPC Service Controls) forbids it: look at its audit log with the id in the message.';
  if (reason === 'bytesBilledLimitExceeded' || /bytes billed/i.test(message))
    return 'Raise maximumBytesBilled in --warehouse, or ask for fewer hours.';
  if (isQuota(reason, message))
    return 'A quota of the project or table is used up (docs/operations.md lists them): run again later, or ask Google for more.';
  if (IS_BILLING.test(reason) || IS_BILLING.test(message))
    return 'The project’s billing is off: look at it in the Cloud console.';
  if (reason === 'accessNotConfigured' || IS_API_OFF.test(message))
    return 'Enable the BigQuery API of the project ("pulumi up" does).';
  if (status === 404 && isProjectMissing(message))
    return 'Check the project in --warehouse (LOGFERRY_WAREHOUSE).';
  if (message.includes('gs://'))
    return 'BigQuery reads the objects with the identity in use: it needs storage.objects.get and list on the bucket, and the objects must be there.';
  if (status === 401)
    return 'BigQuery does not take the token, nor a new one: look at this machine’s clock and at the federation file.';
  if (status === 403 || reason === 'accessDenied') return ROLES;
  return 'See BigQuery’s message.';
}
