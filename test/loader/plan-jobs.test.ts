import assert from 'node:assert/strict';
import { planJobs, type LoadObject } from '../../workloads/loader/plan-jobs.ts';

const objects = (count: number, size: number): LoadObject[] =>
  Array.from({ length: count }, (_, index) => ({ key: String(index), rows: 1, size }));

describe('load jobs', () => {
  it('nothing makes no job', () => assert.deepEqual(planJobs([]), []));

  it('10,000 objects are one job, one more begins the next', () => {
    assert.deepEqual(
      planJobs(objects(10_000, 1)).map(({ length }) => length),
      [10_000],
    );
    assert.deepEqual(
      planJobs(objects(20_001, 1)).map(({ length }) => length),
      [10_000, 10_000, 1],
    );
  });

  it('packed and plain objects go into jobs of their own: BigQuery refuses a mixed one', () => {
    const named = (...keys: string[]): LoadObject[] => keys.map((key) => ({ key, rows: 1, size: 1 }));
    const keys = ['t/1.ndjson.gz', 't/2.ndjson', '_load/t/3.ndjson.gz', 't/4.gz.ndjson'];
    assert.deepEqual(
      planJobs(named(...keys)).map((job) => job.map(({ key }) => key)),
      [
        ['t/1.ndjson.gz', '_load/t/3.ndjson.gz'],
        ['t/2.ndjson', 't/4.gz.ndjson'],
      ],
    );
  });

  it('a job stays below 15 TB, whatever its objects weigh, and no object is left out or moved', () => {
    const many = [...objects(7, 4e12), ...objects(2, 13e12), ...objects(1, 20e12)];
    const jobs = planJobs(many);
    assert.deepEqual(jobs.flat(), many);
    for (const job of jobs)
      if (job.length > 1) assert.ok(job.reduce((sum, { size }) => sum + size, 0) <= 15e12);
    assert.deepEqual(
      jobs.map(({ length }) => length),
      [3, 3, 1, 1, 1, 1],
    );
  });
});
