import { UsageError } from '../../core/errors.ts';
import { assertEndpoint, urlParameters } from '../../core/url-parameters.ts';

/** Where in S3 a store is. */
export interface S3Location {
  readonly bucket: string;
  /** Before every key; without a slash at its end, and empty for the whole bucket. */
  readonly prefix: string;
  /** Undefined: AWS_REGION, AWS_DEFAULT_REGION or the profile decides. */
  readonly region?: string;
  /** Address of a service that speaks S3's protocol; undefined for AWS itself. */
  readonly endpoint?: string;
}

const FORM = 's3://<bucket>[/<prefix>][?region=<region>&endpoint=<url>]';
const PARAMETERS = ['region', 'endpoint'];

/** "Bucket names can consist only of lowercase letters, numbers, periods and hyphens ... between 3 and 63" (S3 user guide). */
const BUCKET = /^(?=.{3,63}$)[a-z0-9](?:[a-z0-9-]|\.(?!\.))*[a-z0-9]$/;
const IP_ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;
/** us-east-1, us-gov-west-1, eusc-de-east-1. */
const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d+$/;

/**
 * Reads `s3://bucket/prefix?region=...&endpoint=...`. The prefix is taken as it is written: nothing in it is an escape.
 * @param what The setting that the URL comes from, for the message: `--source`.
 * @throws UsageError
 */
export function parseS3Url(what: string, url: string): S3Location {
  const [, bucket = '', prefix = '', query] =
    /^s3:\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(url) ?? refuse(what, FORM, url);
  assertBucket(what, bucket);
  const parameters = urlParameters(query, { what, kind: 'an s3 URL', known: PARAMETERS });
  const [region, endpoint] = PARAMETERS.map((name) => parameters.get(name));
  if (endpoint !== undefined) assertEndpoint(what, endpoint);
  // Services other than AWS call their only region what they like.
  if (region !== undefined && endpoint === undefined && !REGION.test(region))
    refuse(what, 'a region such as ap-northeast-2', region);
  return {
    bucket,
    prefix: prefix.replace(/\/+$/, ''),
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

/** The URL as messages name it: without its parameters, so that a key can follow. */
export function plainUrl({ bucket, prefix }: S3Location): string {
  return prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`;
}

function assertBucket(what: string, bucket: string): void {
  if (bucket.endsWith('--x-s3'))
    refuse(what, 'a general purpose bucket (a directory bucket lists its keys in no order)', bucket);
  if (!BUCKET.test(bucket) || IP_ADDRESS.test(bucket))
    refuse(what, 'a bucket of 3 to 63 lower-case letters, digits, dots and hyphens', bucket);
}

function refuse(what: string, expected: string, found: string): never {
  throw new UsageError(`${what}: expected ${expected}, found "${found}"`);
}
