import { UsageError } from '../../core/errors.ts';
import { assertEndpoint, urlParameters } from '../../core/url-parameters.ts';

/** Where in GCS a store is. */
export interface GcsLocation {
  readonly bucket: string;
  /** Before every key; without a slash at its end, and empty for the whole bucket. */
  readonly prefix: string;
  /** Address of a service that speaks GCS's JSON API and asks for no credentials; undefined for GCS itself. */
  readonly endpoint?: string;
}

const FORM = 'gs://<bucket>[/<prefix>][?endpoint=<url>]';
const PARAMETERS = ['endpoint'];

/** "3-63 characters ... names containing dots can contain up to 222 characters" (GCS, bucket naming). */
const BUCKET = /^[a-z0-9](?:[a-z0-9_-]|\.(?!\.)){1,220}[a-z0-9]$/;
const LABEL_CHARACTERS = 63;
const IP_ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;

/**
 * Reads `gs://bucket/prefix?endpoint=...`. The prefix is taken as it is written: nothing in it is an escape.
 * @param what The setting that the URL comes from, for the message: `--staging`.
 * @throws UsageError
 */
export function parseGcsUrl(what: string, url: string): GcsLocation {
  const [, bucket = '', prefix = '', query] =
    /^gs:\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(url) ?? refuse(what, FORM, url);
  if (!isBucket(bucket))
    refuse(
      what,
      'a bucket of 3 to 63 lower-case letters, digits, hyphens, underscores and dots (gs://<bucket>)',
      bucket,
    );
  const endpoint = urlParameters(query, { what, kind: 'a gs URL', known: PARAMETERS }).get('endpoint');
  if (endpoint !== undefined) assertEndpoint(what, endpoint);
  return {
    bucket,
    prefix: prefix.replace(/\/+$/, ''),
    ...(endpoint === undefined ? {} : { endpoint: endpoint.replace(/\/+$/, '') }),
  };
}

/** The URL as messages and load jobs name it: without its parameters, so that a key can follow. */
export function plainUrl({ bucket, prefix }: GcsLocation): string {
  return prefix === '' ? `gs://${bucket}` : `gs://${bucket}/${prefix}`;
}

function isBucket(name: string): boolean {
  return (
    BUCKET.test(name) &&
    !IP_ADDRESS.test(name) &&
    name.split('.').every((label) => label.length <= LABEL_CHARACTERS)
  );
}

function refuse(what: string, expected: string, found: string): never {
  throw new UsageError(`${what}: expected ${expected}, found "${found}"`);
}
