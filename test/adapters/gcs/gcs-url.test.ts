import assert from 'node:assert/strict';
import { parseGcsUrl, plainUrl, type GcsLocation } from '../../../workloads/adapters/gcs/gcs-url.ts';

describe('gs URLs', () => {
  const GOOD: readonly [string, GcsLocation, string][] = [
    ['gs://bucket', { bucket: 'bucket', prefix: '' }, 'gs://bucket'],
    ['gs://bucket/', { bucket: 'bucket', prefix: '' }, 'gs://bucket'],
    [
      'gs://my_bucket.example.com/a/b/',
      { bucket: 'my_bucket.example.com', prefix: 'a/b' },
      'gs://my_bucket.example.com/a/b',
    ],
    ['gs://b-1/한글 %20+#x', { bucket: 'b-1', prefix: '한글 %20+#x' }, 'gs://b-1/한글 %20+#x'],
    [
      'gs://bucket/p?endpoint=http://127.0.0.1:4443/',
      { bucket: 'bucket', prefix: 'p', endpoint: 'http://127.0.0.1:4443' },
      'gs://bucket/p',
    ],
    [
      'gs://bucket?endpoint=https%3A%2F%2Fstorage.example.com',
      { bucket: 'bucket', prefix: '', endpoint: 'https://storage.example.com' },
      'gs://bucket',
    ],
  ];
  for (const [url, location, plain] of GOOD)
    it(url, () => {
      assert.deepEqual(parseGcsUrl('--staging', url), location);
      assert.equal(plainUrl(location), plain);
    });

  const FORM = 'gs://<bucket>[/<prefix>][?endpoint=<url>]';
  const NAME =
    'a bucket of 3 to 63 lower-case letters, digits, hyphens, underscores and dots (gs://<bucket>)';
  const BAD: readonly [string, string][] = [
    ['gs:bucket', `expected ${FORM}, found "gs:bucket"`],
    ['gs:/bucket/x', `expected ${FORM}, found "gs:/bucket/x"`],
    ['s3://bucket', `expected ${FORM}, found "s3://bucket"`],
    ['gs://', `expected ${NAME}, found ""`],
    ['gs:///prefix', `expected ${NAME}, found ""`],
    ['gs://Bucket/x', `expected ${NAME}, found "Bucket"`],
    ['gs://ab', `expected ${NAME}, found "ab"`],
    ['gs://a..b', `expected ${NAME}, found "a..b"`],
    ['gs://10.0.0.1/x', `expected ${NAME}, found "10.0.0.1"`],
    [`gs://${'b'.repeat(64)}`, `expected ${NAME}, found "${'b'.repeat(64)}"`],
    [
      'gs://bucket/x?endpont=http://h',
      'unknown parameter "endpont" of a gs URL (did you mean endpoint?) (known: endpoint)',
    ],
    ['gs://bucket?endpoint=', 'expected one value of endpoint, found "endpoint="'],
    [
      'gs://bucket?endpoint=localhost:4443',
      'expected endpoint=https://<host>[:<port>], found "localhost:4443"',
    ],
    ['gs://bucket?endpoint=http://u:p@h', 'expected endpoint=https://<host>[:<port>], found "http://u:p@h"'],
  ];
  for (const [url, message] of BAD)
    it(`${url} -> usage`, () => {
      assert.throws(() => parseGcsUrl('--staging', url), {
        name: 'UsageError',
        message: `--staging: ${message}`,
      });
    });
});
