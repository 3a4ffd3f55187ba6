import { randomBytes } from 'node:crypto';
import { after, before } from 'mocha';
import { S3Store, type S3StoreOptions } from '../../workloads/adapters/s3/s3-store.ts';
import { parseS3Url } from '../../workloads/adapters/s3/s3-url.ts';
import type { StoreBench, StoreDifferences } from '../contract/store-bench.ts';

/** Waits of milliseconds in place of seconds; tries as in earnest. */
export const QUICK = { deadlineMs: 2_000, baseMs: 1, capMs: 8 };

/** What the SDK reads, for the tests of the file that calls it: keys that any fake takes, and nothing of the machine's own. */
export function s3Environment(more: Readonly<Record<string, string>> = {}): void {
  const former = { ...process.env };
  before(() => {
    for (const name of Object.keys(process.env))
      if (name.startsWith('AWS_')) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, KEYS, more);
  });
  after(() => {
    for (const name of Object.keys(process.env))
      if (name.startsWith('AWS_')) Reflect.deleteProperty(process.env, name);
    for (const [name, value] of Object.entries(former))
      if (name.startsWith('AWS_')) process.env[name] = value;
  });
}

const KEYS = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
};

/** A store on an endpoint, with waits for tests. */
export function storeAt(endpoint: string, bucketAndPrefix: string, options: S3StoreOptions = {}): S3Store {
  const location = parseS3Url('--source', `s3://${bucketAndPrefix}?region=us-east-1&endpoint=${endpoint}`);
  return new S3Store(location, { retry: QUICK, ...options });
}

/** A bucket of its own at an endpoint, and a producer that speaks HTTP and knows nothing of the SDK. */
export async function s3Bench(
  endpoint: string,
  prefix = '',
  options: S3StoreOptions = {},
): Promise<StoreBench & { bucket: string }> {
  const bucket = `logs-${randomBytes(6).toString('hex')}`;
  const root = prefix === '' ? '' : `${prefix}/`;
  const send = async (method: string, key: string, body?: Buffer): Promise<void> => {
    const path = key.split('/').map(encodeURIComponent).join('/');
    const url = `${endpoint}/${bucket}${key === '' ? '' : `/${path}`}`;
    const answer = await fetch(url, {
      method,
      headers: { authorization: FORM_OF_A_SIGNATURE, 'content-type': 'application/octet-stream' },
      ...(body === undefined ? {} : { body: new Uint8Array(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  };
  await send('PUT', '');
  const put = (key: string, bytes: Buffer): Promise<void> => send('PUT', `${root}${key}`, bytes);
  const remove = (key: string): Promise<void> => send('DELETE', `${root}${key}`);
  const location = prefix === '' ? bucket : `${bucket}/${prefix}`;
  return { store: storeAt(endpoint, location, options), put, overwrite: put, remove, bucket };
}

/** Fakes read the region from it and check nothing. */
const FORM_OF_A_SIGNATURE =
  'AWS4-HMAC-SHA256 Credential=test/20261120/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0';

export const S3_DIFFERENCES: StoreDifferences = {
  rewritten: 'the ETag of S3 is a digest: the same bytes written again are the same version',
};
