/** BigQuery: "Maximum number of source URIs in a load job configuration: 10,000". */
const MAX_URIS = 10_000;
/** BigQuery: "Maximum size per load job: 15 TB", of the files as stored; a margin for what a listing cannot tell. */
const MAX_JOB_BYTES = 14e12;

/** An object to load, with its rows and stored bytes. */
export interface LoadObject {
  readonly key: string;
  readonly rows: number;
  readonly size: number;
}

/** Cuts a type's objects into load jobs that BigQuery takes; each fills one TEMP table. */
export function planJobs(objects: readonly LoadObject[]): LoadObject[][] {
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
