import { randomUUID } from 'node:crypto';
import { TerminalError, TransientError } from '../../core/errors.ts';
import type { Row, Statement } from '../../core/ports/warehouse.ts';
import type { Api } from './api.ts';
import type { ApiField } from './fields.ts';
import { queryLabels } from './job-labels.ts';
import type { Jobs } from './jobs.ts';
import { queryParameters } from './parameters.ts';
import type { JobResource } from './resources.ts';
import { rowsOf, type ApiRow } from './rows.ts';

/** Rows a page: what a page costs is parsed at once, and a pod has 48 MiB for all that it holds. */
const PAGE_ROWS = 1_000;
/** How long BigQuery may hold an answer back while a query runs, in milliseconds: its own default. */
const WAIT_MS = 10_000;
/** After this long a query is given up and cancelled, in milliseconds; those of logferry take seconds. */
const DEADLINE_MS = 10 * 60_000;

const WHAT = 'Query';

/** An answer to a query: rows once it is complete, and where the next page begins. */
interface QueryAnswer {
  readonly jobComplete?: boolean;
  readonly jobReference?: { readonly jobId?: string };
  readonly schema?: { readonly fields?: readonly ApiField[] };
  readonly rows?: readonly ApiRow[];
  readonly pageToken?: string;
}

export interface QueryLimits {
  readonly pageRows?: number;
  readonly deadlineMs?: number;
}

/** All rows of a query. @throws TerminalError where it is none that BigQuery takes. */
export async function query(
  api: Api,
  jobs: Jobs,
  statement: Statement,
  { pageRows = PAGE_ROWS, deadlineMs = DEADLINE_MS }: QueryLimits = {},
): Promise<Row[]> {
  const deadline = performance.now() + deadlineMs;
  const request = { method: 'POST', url: '/queries', json: queryRequest(api, statement, pageRows) } as const;
  let answer = (await api.get({ what: WHAT }, request)) as QueryAnswer;
  const jobId = answer.jobReference?.jobId ?? '';
  const next = (pageToken?: string): Promise<QueryAnswer> => page(api, jobId, pageRows, pageToken);
  while (answer.jobComplete !== true) {
    if (performance.now() >= deadline) throw await givenUp(jobs, jobId, deadlineMs);
    answer = await next();
  }
  const rows: Row[] = [];
  const fields = answer.schema?.fields ?? [];
  for (;;) {
    for (const row of rowsOf(fields, answer.rows ?? [])) rows.push(row);
    if (answer.pageToken === undefined || answer.pageToken === '') return rows;
    answer = await next(answer.pageToken);
  }
}

/** What a query would read, in bytes, and what it would do; nothing runs and nothing is billed. */
export async function dryRun(
  api: Api,
  statement: Statement,
): Promise<{ readonly bytes: number; readonly statementType: string }> {
  const { project: projectId, location } = api.place;
  const json = {
    jobReference: { projectId, location },
    // What an answer from the cache would read is nothing; a commit is never answered from it.
    configuration: { dryRun: true, query: { ...queryOf(statement), useQueryCache: false } },
  };
  const request = { method: 'POST', url: '/jobs', json } as const;
  const { statistics } = (await api.get({ what: `${WHAT} (dry run)` }, request)) as JobResource;
  return {
    bytes: Number(statistics?.totalBytesProcessed ?? 0),
    statementType: statistics?.query?.statementType ?? 'unknown',
  };
}

/** One SELECT cannot write; what else it may be only BigQuery knows. */
const PLAIN_READ = /^\s*(?:SELECT|WITH)\b[^;]*;?\s*$/i;

/** What needs no asking: an emulator calls every statement a SELECT. */
const PLAIN_CHANGE =
  /^\s*(DELETE|UPDATE|INSERT|MERGE|TRUNCATE|CREATE|DROP|ALTER|GRANT|REVOKE|EXPORT|LOAD|CALL|EXECUTE|BEGIN|DECLARE)\b/i;

/** @throws TerminalError for a statement that would change something. */
export async function assertReads(api: Api, statement: Statement): Promise<void> {
  if (PLAIN_READ.test(statement.sql)) return;
  const [, change] = PLAIN_CHANGE.exec(statement.sql) ?? [];
  const statementType = change?.toUpperCase() ?? (await dryRun(api, statement)).statementType;
  if (statementType === 'SELECT') return;
  throw new TerminalError(`${WHAT}: expected one that only reads (SELECT), found ${statementType}`, {
    advice:
      'Change tables with the bq program or in the console; rows of an hour with "logferry load --reload".',
  });
}

function queryOf({ sql, params }: Statement) {
  return {
    query: sql,
    useLegacySql: false,
    parameterMode: 'NAMED',
    queryParameters: queryParameters(params),
  };
}

function queryRequest({ place }: Api, statement: Statement, pageRows: number): object {
  const { location, maximumBytesBilled } = place;
  return {
    ...queryOf(statement),
    location,
    labels: queryLabels('query', [statement]),
    // By default timestamps come as floating-point seconds, which hold no microseconds.
    formatOptions: { useInt64Timestamp: true },
    maxResults: pageRows,
    timeoutMs: WAIT_MS,
    // "A unique user provided identifier to ensure idempotent behavior": a query that is sent again is not run and billed again.
    requestId: randomUUID(),
    ...(maximumBytesBilled === undefined ? {} : { maximumBytesBilled: String(maximumBytesBilled) }),
  };
}

async function page(api: Api, jobId: string, maxResults: number, pageToken?: string): Promise<QueryAnswer> {
  const { location } = api.place;
  const answer = await api.get(
    { what: WHAT, context: { job: jobId } },
    {
      method: 'GET',
      url: `/queries/${encodeURIComponent(jobId)}`,
      query: {
        location,
        maxResults,
        pageToken,
        timeoutMs: WAIT_MS,
        'formatOptions.useInt64Timestamp': true,
      },
    },
  );
  return answer;
}

async function givenUp(jobs: Jobs, jobId: string, deadlineMs: number): Promise<TransientError> {
  await jobs.cancel(jobId, WHAT).catch(() => undefined);
  return new TransientError(
    `${WHAT}: expected an answer within ${deadlineMs / 1_000} s, found job ${jobId} running`,
    {
      advice:
        'It was cancelled. Jobs that stay pending wait for slots: look at the project’s reservations and quotas.',
      context: { job: jobId },
    },
  );
}
