import assert from 'node:assert/strict';
import { commitError, loadError } from '../../../workloads/adapters/bigquery/job-errors.ts';
import { problemsOf } from '../../../workloads/adapters/bigquery/jobs.ts';
import { FENCED, MISCOUNT } from '../../../workloads/core/sql/commit.ts';

describe('a transaction that failed', () => {
  const CASES: readonly [reason: string, message: string, expected: string][] = [
    [
      'invalidQuery',
      `${FENCED}: the same or a higher epoch and revision is committed at [6:1]`,
      'FencedError',
    ],
    [
      'invalidQuery',
      `Query error: ${FENCED}: the control table of this type must hold exactly one row at [3:1]`,
      'FencedError',
    ],
    [
      'invalidQuery',
      `${MISCOUNT}: the table does not hold the rows that were loaded at [9:1]`,
      'ConservationError',
    ],
    [
      'invalidQuery',
      'Query error: Transaction is aborted due to concurrent update against table p:ops.control_purchase. Transaction ID: 61e30eea-0000-2dab-8e60-94eb2c1b1a92 at [2:1]',
      'TransientError',
    ],
    [
      'invalidQuery',
      'Could not serialize access to table p:raw.purchase due to concurrent update',
      'TransientError',
    ],
    ['invalidQuery', 'Table p:raw.purchase was modified by concurrent transaction', 'TransientError'],
    [
      'rateLimitExceeded',
      'Exceeded rate limits: too many table update operations for this table',
      'TransientError',
    ],
    [
      'jobRateLimitExceeded',
      'Job exceeded rate limits: Your table exceeded quota for table updates',
      'TransientError',
    ],
    [
      'quotaExceeded',
      'Quota exceeded: Your table exceeded quota for Number of partition modifications',
      'TransientError',
    ],
    [
      'invalidQuery',
      'Too many DML statements outstanding against table p:raw.purchase, limit is 20.',
      'TransientError',
    ],
    ['backendError', 'Error encountered during execution. Retrying may solve the problem.', 'TransientError'],
    [
      'jobInternalError',
      'An internal error occurred and the request could not be completed.',
      'TransientError',
    ],
    [
      'notFound',
      'Not found: Table p:load_temp.purchase_TEMP_1 was not found in location US at [7:6]',
      'TransientError',
    ],
    [
      'invalidQuery',
      'Query error: Not found: Table p:load_temp.x was not found in location US',
      'TransientError',
    ],
    ['notFound', 'Not found: Table p:raw.load_temp was not found in location US at [5:13]', 'TerminalError'],
    ['invalidQuery', 'Syntax error: Unexpected end of script at [1:20]', 'TerminalError'],
    ['invalidQuery', "Syntax error: Unexpected ERROR('logferry fenced: x') at [1:20]", 'TerminalError'],
    ['invalidQuery', 'Unrecognized name: conflict at [3:2]', 'TerminalError'],
    [
      'invalidQuery',
      'Query column 2 has type STRUCT<a INT64> which cannot be inserted into column rec',
      'TerminalError',
    ],
    [
      'bytesBilledLimitExceeded',
      'Query exceeded limit for bytes billed: 10485760. 20971520 or higher required.',
      'TerminalError',
    ],
    ['accessDenied', 'Access Denied: Table p:raw.purchase: User does not have permission', 'TerminalError'],
  ];
  for (const [reason, message, expected] of CASES)
    it(`${message.slice(0, 90)} -> ${expected}`, () => {
      const error = commitError([{ reason, message }], 'load_temp', 'job-1');
      assert.equal(error.name, expected, error.message);
      assert.ok(error.message.includes(message), error.message);
      assert.equal(error.context.job, 'job-1');
    });

  it('says what to do', () => {
    const advice = (reason: string, message: string): string =>
      commitError([{ reason, message }], 'load_temp', 'j').advice ?? '';
    assert.match(advice('bytesBilledLimitExceeded', 'x'), /Raise maximumBytesBilled/);
    assert.match(
      advice('invalid', 'Cannot read and write in different locations: source: US, destination: EU'),
      /location= of --warehouse/,
    );
    assert.match(advice('quotaExceeded', 'x'), /run again later/);
    assert.match(advice('accessDenied', 'Access Denied: x'), /bigquery\.jobs\.create/);
  });
});

describe('a load that failed', () => {
  const ROW = { reason: 'invalid', location: 'gs://b/p.ndjson', message: 'Error while reading data, line 7' };
  const errors = [1, 2, 3, 4, 5].map((n) => ({ reason: 'invalid', message: `JSON table error ${n}` }));

  it('tells every error that BigQuery lists, once', () => {
    const problems = problemsOf({ status: { state: 'DONE', errorResult: ROW, errors: [ROW, ...errors] } });
    const error = loadError('Load of 2 objects into x', problems, 'job-1');
    assert.equal(error.name, 'TerminalError');
    assert.equal(
      error.message,
      'Load of 2 objects into x failed: invalid at gs://b/p.ndjson: Error while reading data, line 7; ' +
        'invalid: JSON table error 1; invalid: JSON table error 2; invalid: JSON table error 3; ' +
        'invalid: JSON table error 4; invalid: JSON table error 5',
    );
    assert.match(error.advice ?? '', /^Every row passed the row check/);
  });

  it('failed also where only errors[] says so: nothing may be missing untold', () => {
    assert.deepEqual(problemsOf({ status: { state: 'DONE', errors: [ROW] } }), [ROW]);
    assert.deepEqual(problemsOf({ status: { state: 'DONE' } }), []);
    assert.deepEqual(problemsOf({ status: { state: 'DONE', errorResult: ROW } }), [ROW]);
  });

  it('by an internal error or a quota is for the next run; by a missing object it is not', () => {
    const name = (reason: string, message = ''): string => loadError('x', [{ reason, message }], 'j').name;
    assert.equal(name('backendError'), 'TransientError');
    assert.equal(name('quotaExceeded'), 'TransientError');
    assert.equal(name('notFound', 'Not found: URI gs://b/x'), 'TerminalError');
  });
});
