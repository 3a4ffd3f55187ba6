import { TerminalError, TransientError } from '../../core/errors.ts';
import type { LoadJob } from '../../core/ports/warehouse.ts';
import type { Field } from '../../core/schema/log-type.ts';
import type { Api } from './api.ts';
import { lastAttempt } from './attempts.ts';
import type { Catalog } from './catalog.ts';
import { isPassing, loadError } from './job-errors.ts';
import { problemsOf, type Jobs } from './jobs.ts';
import { INPUTS_LABEL, loadSpec, type LoadSpec } from './load-config.ts';
import type { JobResource } from './resources.ts';
import { contentOf, uploadJob } from './upload.ts';

/** New jobs for one load, where BigQuery itself says that another may succeed. */
const MAX_NEW_JOBS = 3;

/** What loads are done with. */
export interface Loading {
  readonly api: Api;
  readonly jobs: Jobs;
  readonly catalog: Catalog;
  /** How long a TEMP table stays behind its load, in milliseconds. */
  readonly tempMs: number;
}

/**
 * Fills a TEMP table. The same work has the same job, also in another run: one that runs is waited for, one that ended well is taken
 * as long as its table is there, and the next attempt is begun only after the former one ended in an error or its table is gone.
 * @returns The rows that BigQuery stored. @throws TerminalError with everything that the job reported.
 */
export async function load(loading: Loading, job: LoadJob, fields: readonly Field[]): Promise<number> {
  const spec = loadSpec(loading.api.place, job, fields);
  const idOf = (number: number): string => `${spec.jobId}_${number}`;
  const last = await lastAttempt((number) => loading.jobs.find(idOf(number), spec.what));
  if (last.job !== undefined) {
    assertSameInputs(spec, idOf(last.number), last.job);
    const done = await loading.jobs.end(idOf(last.number), last.job, spec.what);
    const rows = problemsOf(done).length > 0 ? undefined : await stillStored(loading, job.temp, done);
    if (rows !== undefined) return rows;
  }
  for (let fresh = 1; ; fresh++) {
    const jobId = idOf(last.number + fresh);
    const begun = await loading.jobs.begin(jobId, { what: spec.what, context: { job: jobId } }, (id) =>
      send(loading.api, spec, job, id),
    );
    const done = await loading.jobs.end(jobId, begun, spec.what);
    const problems = problemsOf(done);
    if (problems.length === 0) return await stored(loading, spec, job.temp, done);
    if (fresh === MAX_NEW_JOBS || !isPassing(problems)) throw loadError(spec.what, problems, jobId);
  }
}

function send(
  api: Api,
  { configuration, uris }: LoadSpec,
  job: LoadJob,
  jobId: string,
): Promise<JobResource> {
  const { project: projectId, location } = api.place;
  const resource = { jobReference: { projectId, jobId, location }, configuration };
  return uris === undefined ? uploadJob(api, resource, contentOf(job)) : insertJob(api, resource);
}

/** Sends a job as it is. */
export async function insertJob(api: Api, resource: object): Promise<JobResource> {
  const { body } = await api.once({ method: 'POST', url: '/jobs', json: resource });
  return body ?? {};
}

/** The id says what is loaded, down to the manifest: objects that differ are a defect, and must not pass for those of the job. */
function assertSameInputs({ what, inputs }: LoadSpec, jobId: string, { configuration }: JobResource): void {
  const found = configuration?.labels?.[INPUTS_LABEL];
  if (found === undefined || found === inputs) return;
  throw new TerminalError(`${what}: expected job ${jobId} to have the inputs ${inputs}, found ${found}`, {
    advice: 'The same work was begun with other objects. Nothing was loaded: keep staging and report it.',
    context: { job: jobId },
  });
}

/** Rows of a job of another run, where the table that it filled is there as it left it. */
async function stillStored(
  { catalog, api, tempMs }: Loading,
  temp: string,
  job: JobResource,
): Promise<number | undefined> {
  const table = await catalog.table(api.place.temp, temp);
  if (table === undefined) return undefined;
  const held = Number(table.numRows ?? 0);
  if (held !== Number(job.statistics?.load?.outputRows ?? held)) return undefined;
  await catalog.expire(api.place.temp, temp, Date.now() + tempMs);
  return held;
}

/** Rows that a job stored just now. Its table stays for as long as a new one would, also where it was there before. */
async function stored(
  { catalog, api, tempMs }: Loading,
  { what }: LoadSpec,
  temp: string,
  job: JobResource,
): Promise<number> {
  await catalog.expire(api.place.temp, temp, Date.now() + tempMs);
  const rows = job.statistics?.load?.outputRows;
  if (rows !== undefined) return Number(rows);
  // The emulator's jobs do not tell; its tables do.
  const table = await catalog.table(api.place.temp, temp);
  if (table === undefined)
    throw new TransientError(`${what}: expected the table that the job filled, found none`, {
      advice: 'Another run of this hour dropped it: run again.',
    });
  return Number(table.numRows ?? 0);
}
