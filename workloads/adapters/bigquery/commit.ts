import { randomUUID } from 'node:crypto';
import { TransientError } from '../../core/errors.ts';
import type { Statement } from '../../core/ports/warehouse.ts';
import type { Api } from './api.ts';
import { commitError } from './job-errors.ts';
import { queryLabels } from './job-labels.ts';
import { problemsOf, type Jobs } from './jobs.ts';
import { insertJob } from './load.ts';
import { queryParameters, script } from './parameters.ts';

const WHAT = 'Transaction';

/**
 * Runs statements in one transaction: one script, one job, under an id of its own, so that a lost answer is asked for again and
 * never sent twice. Where its end is not known an error says so, and the ledger decides.
 */
export async function commit(api: Api, jobs: Jobs, statements: readonly Statement[]): Promise<void> {
  if (statements.length === 0) return;
  const { sql, params } = script(statements);
  const { project: projectId, location, maximumBytesBilled, temp } = api.place;
  const jobId = `logferry_commit_${randomUUID()}`;
  const resource = {
    jobReference: { projectId, jobId, location },
    configuration: {
      labels: queryLabels('commit', statements),
      query: {
        query: sql,
        useLegacySql: false,
        parameterMode: 'NAMED',
        queryParameters: queryParameters(params),
        ...(maximumBytesBilled === undefined ? {} : { maximumBytesBilled: String(maximumBytesBilled) }),
      },
    },
  };
  const call = { what: WHAT, context: { job: jobId } };
  const begun = await jobs.begin(jobId, call, () => insertJob(api, resource));
  const done = await jobs.end(jobId, begun, WHAT).catch(async (error: unknown) => {
    // Nobody waits for it any more: it must not commit an hour from now. Whether it did by then the ledger says.
    if (error instanceof TransientError) await jobs.cancel(jobId, WHAT).catch(() => undefined);
    throw error;
  });
  const problems = problemsOf(done);
  if (problems.length > 0) throw commitError(problems, temp, jobId);
}
