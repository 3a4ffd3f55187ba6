import assert from 'node:assert/strict';
import { TransientError } from '../../../workloads/core/errors.ts';
import { allKeys } from '../../contract/store-bench.ts';
import { QUICK, s3Bench, storeAt } from '../../support/s3-bench.ts';
import { useProxiedS3 } from '../../support/s3-through-proxy.ts';

const there = useProxiedS3();

const BYTES = Buffer.from('{}\n');

/** Keys that XML cannot hold, or changes: control characters, CR, white space at the ends, what looks like an escape. */
const HARD = [
  '\u0001',
  '\t',
  '\r\n',
  '\r',
  ' lead',
  'trail ',
  ' ',
  '&amp;',
  '&#65;',
  ']]>',
  '<Key>',
  '+',
  '%2B',
  '%',
  '😀',
];

describe('S3Store, listings', () => {
  it('gives back any key that S3 can hold, also those that XML cannot', async () => {
    const { store } = await s3Bench(there.s3.endpoint, 'p');
    const { bucket } = { bucket: store.url.split('/')[2]! };
    for (const key of HARD) there.s3.store.putObject(bucket, `p/k/${key}`, BYTES);
    const sorted = HARD.map((key) => `k/${key}`).toSorted((a, b) =>
      Buffer.compare(Buffer.from(a), Buffer.from(b)),
    );
    assert.deepEqual(await allKeys(store, 'k/'), sorted);
    assert.deepEqual(await allKeys(store, 'k/', 2), sorted);
    for (const key of sorted) assert.equal((await store.head(key))?.size, BYTES.length, JSON.stringify(key));
  });

  it('leaves out the marker of the prefix itself, and what lies beside the prefix', async () => {
    const { store, bucket } = await s3Bench(there.s3.endpoint, 'logs');
    for (const key of ['logs/', 'logs', 'logs-old/1', 'logs/a', 'logs/b/'])
      there.s3.store.putObject(bucket, key, BYTES);
    assert.deepEqual(await allKeys(store, ''), ['a', 'b/']);
  });

  it('keys that come while it pages are seen if they lie ahead, and never shift the others', async () => {
    const { store, put } = await s3Bench(there.s3.endpoint);
    for (const key of ['b', 'd', 'f', 'h']) await put(key, BYTES);
    const first = await store.list('', { limit: 2 });
    for (const key of ['a', 'e', 'z']) await put(key, BYTES);
    const rest = await store.list('', { limit: 10, next: first.next });
    assert.deepEqual(
      [...first.objects, ...rest.objects].map(({ key }) => key),
      ['b', 'd', 'e', 'f', 'h', 'z'],
    );
  });

  it('a page that fails is asked for by the same token', async () => {
    const { put, bucket } = await s3Bench(there.s3.endpoint);
    for (const key of ['1', '2', '3', '4', '5']) await put(key, BYTES);
    const store = storeAt(there.proxy.url, bucket);
    there.proxy.next(
      { path: 'continuation-token' },
      { do: 'cut', at: 200 },
      { do: 'answer', status: 503 },
      { do: 'drop-after' },
    );
    assert.deepEqual(await allKeys(store, '', 2), ['1', '2', '3', '4', '5']);
    const tokens = there.proxy.passed.map(({ path }) =>
      new URL(path, 'http://x').searchParams.get('continuation-token'),
    );
    assert.equal(tokens.length, 6);
    assert.deepEqual(new Set(tokens.slice(1, 5)), new Set([tokens[1]]));
  });

  for (const [what, more] of [
    ['fewer keys than it counts', '<KeyCount>2</KeyCount><IsTruncated>false</IsTruncated>'],
    ['a next page without its token', '<KeyCount>1</KeyCount><IsTruncated>true</IsTruncated>'],
    ['not whether it is the last', '<KeyCount>1</KeyCount>'],
  ] as const) {
    it(`a page that tells ${what} is no page`, async () => {
      const body = `<ListBucketResult>${more}<Contents><Key>1</Key><ETag>"e"</ETag><Size>1</Size></Contents></ListBucketResult>`;
      there.proxy.always(
        {},
        { do: 'answer', status: 200, body, headers: { 'content-type': 'application/xml' } },
      );
      const store = storeAt(there.proxy.url, 'any-bucket', { retry: { ...QUICK, deadlineMs: 20 } });
      await assert.rejects(store.list(''), (error: unknown) => {
        assert.ok(error instanceof TransientError);
        assert.match(error.message, /^Listing s3:\/\/any-bucket\/: the answer broke off: expected /);
        return true;
      });
      assert.ok(there.proxy.passed.length > 1);
    });
  }

  it('a service that does not url-encode its listing is read as it writes', async () => {
    const body =
      '<ListBucketResult><KeyCount>1</KeyCount><IsTruncated>false</IsTruncated>' +
      '<Contents><Key>a+b%20c</Key><ETag>"e"</ETag><Size>1</Size></Contents></ListBucketResult>';
    there.proxy.next({}, { do: 'answer', status: 200, body, headers: { 'content-type': 'application/xml' } });
    assert.deepEqual(await storeAt(there.proxy.url, 'any-bucket').list(''), {
      objects: [{ key: 'a+b%20c', etag: 'e', size: 1 }],
    });
  });
});
