import type { JobObject } from '../core/ports/warehouse.ts';

/** BigQuery: "Maximum number of source URIs in a load job configuration: 10,000". */
const MAX_URIS = 10_000;
/** BigQuery: "Maximum size per load job: 15 TB", of the files as stored; a margin for what a listing cannot tell. */
const MAX_JOB_BYTES = 14e12;

/** An object of a type's rows. */
export type LoadObject = Required<JobObject>;

/**
 * Cuts a type's objects into load jobs that BigQuery takes; each fills one TEMP table. Packed and plain objects go into jobs of their
 * own: "You can't include both compressed and uncompressed files in the same load job" (loading JSON from Cloud Storage). An hour has
 * both where the compression was set otherwise between two of its epochs, or between its parts and their load copies.
 */
export function planJobs(objects: readonly LoadObject[]): LoadObject[][] {
  const packed = objects.filter(({ key }) => isPacked(key));
  const plain = objects.filter(({ key }) => !isPacked(key));
  return [...cut(packed), ...cut(plain)];
}

/** By the names that parts and load copies are given (core/layout.ts). */
function isPacked(key: string): boolean {
  return key.endsWith('.gz');
}

function cut(objects: readonly LoadObject[]): LoadObject[][] {
  const jobs: LoadObject[][] = [];
  let bytes = 0;
  for (const object of objects) {
    const job = jobs.at(-1);
    if (job === undefined || job.length === MAX_URIS || bytes + object.size > MAX_JOB_BYTES) {
      jobs.push([object]);
      bytes = object.size;
    } else {
      job.push(object);
      bytes += object.size;
    }
  }
  return jobs;
}
