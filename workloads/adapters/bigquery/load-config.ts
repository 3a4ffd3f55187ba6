import { canonicalJson, sha256, sha256Of } from '../../core/digest.ts';
import { TerminalError } from '../../core/errors.ts';
import type { JobObject, LoadJob } from '../../core/ports/warehouse.ts';
import type { Field } from '../../core/schema/log-type.ts';
import type { BigQueryLocation } from './bigquery-url.ts';
import { apiFields } from './fields.ts';

/** The label that tells two jobs of one id apart, should they be given different objects. */
export const INPUTS_LABEL = 'inputs';
/** Enough to tell objects apart, and within a label's 63 characters. */
const INPUTS_DIGITS = 32;
/** Of the digest over the TEMP table's fields within a job's id. */
const FIELDS_DIGITS = 8;
/** BigQuery: "The maximum size for a gzip file is 4 GB" (loading JSON from Cloud Storage), with GB as powers of two. */
const MAX_PACKED_BYTES = 4 * 2 ** 30;

/** A load job as the API takes it, without its id. */
export interface LoadConfiguration {
  readonly labels: Readonly<Record<string, string>>;
  readonly load: Readonly<Record<string, unknown>>;
}

/** A load that is to be done: the same for the same work, whoever does it. */
export interface LoadSpec {
  /** `Load of 3 objects into x_TEMP_...`, for messages. */
  readonly what: string;
  /** The id without its attempt. */
  readonly jobId: string;
  readonly configuration: LoadConfiguration;
  readonly inputs: string;
  /** `gs://` objects; undefined where BigQuery cannot reach them and they have to be sent. */
  readonly uris: readonly string[] | undefined;
}

/**
 * The job of a load. Everything is explicit: BigQuery would guess a schema, take a `.ndjson.gz` for CSV, and pass over unknown keys
 * and bad rows where it is asked to.
 * @param fields Of the TEMP table.
 */
export function loadSpec(place: BigQueryLocation, job: LoadJob, fields: readonly Field[]): LoadSpec {
  const { temp, objects, store } = job;
  const schema = { fields: apiFields(fields) };
  const located = objects.map(({ key }) => store.locate(key));
  const uris = located.every((uri) => uri.startsWith('gs://')) ? located : undefined;
  const what = `Load of ${objects.length} objects into ${temp}`;
  assertLoadable(what, uris ?? []);
  if (uris !== undefined) assertUnpackable(what, objects);
  const inputs = sha256Of(objects.flatMap(({ key, rows }) => [key, String(rows)])).slice(0, INPUTS_DIGITS);
  return {
    what,
    // A table that grew since makes another TEMP of the same rows: another job.
    jobId: `${job.jobId}_${sha256(canonicalJson(schema)).slice(0, FIELDS_DIGITS)}`,
    inputs,
    uris,
    configuration: {
      labels: { logferry: 'load', ...job.labels, [INPUTS_LABEL]: inputs },
      load: {
        ...(uris === undefined ? {} : { sourceUris: uris }),
        sourceFormat: 'NEWLINE_DELIMITED_JSON',
        encoding: 'UTF-8',
        schema,
        autodetect: false,
        ignoreUnknownValues: false,
        maxBadRecords: 0,
        createDisposition: 'CREATE_IF_NEEDED',
        writeDisposition: 'WRITE_TRUNCATE',
        destinationTable: { projectId: place.project, datasetId: place.temp, tableId: temp },
      },
    },
  };
}

/** What BigQuery would do with such URIs is not what is meant, or a refusal after minutes in its queue. */
function assertLoadable(what: string, uris: readonly string[]): void {
  const wildcard = uris.find((uri) => uri.includes('*'));
  if (wildcard !== undefined) {
    throw new TerminalError(
      `${what}: expected URIs without *, which BigQuery takes for a wildcard, found ${wildcard}`,
      {
        advice: 'Choose a staging prefix without an asterisk.',
      },
    );
  }
  // "You cannot include both compressed and uncompressed files in the same load job" (loading JSON from Cloud Storage).
  const packed = uris.filter((uri) => uri.endsWith('.gz'));
  if (packed.length > 0 && packed.length < uris.length) {
    throw new TerminalError(
      `${what}: expected objects that are all packed (.gz) or all plain, found ${packed.length} packed ones`,
      { advice: 'BigQuery takes only one kind in a job. Nothing was loaded: keep staging and report it.' },
    );
  }
}

/** A packed object that BigQuery cannot split is read by one worker, and refused where it is too large for it. */
function assertUnpackable(what: string, objects: readonly JobObject[]): void {
  const large = objects.find(({ key, size = 0 }) => key.endsWith('.gz') && size > MAX_PACKED_BYTES);
  if (large === undefined) return;
  throw new TerminalError(
    `${what}: expected packed objects of at most ${MAX_PACKED_BYTES} bytes, which is as much as BigQuery unpacks, found ${large.key} with ${large.size} bytes`,
    {
      advice:
        'Split the hour anew into smaller parts: "logferry run HOUR --again" with a smaller --part-size (LOGFERRY_PART_SIZE), ' +
        'or with --staging-compression none. Nothing was loaded.',
      context: { object: large.key, size: large.size },
    },
  );
}
