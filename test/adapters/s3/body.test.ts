import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import {
  ObjectNotFoundError,
  SourceChangedError,
  TerminalError,
  TransientError,
} from '../../../workloads/core/errors.ts';
import { large } from '../../contract/store-bench.ts';
import type { Fault } from '../../support/fault-proxy.ts';
import { QUICK, s3Bench, storeAt } from '../../support/s3-bench.ts';
import { useProxiedS3 } from '../../support/s3-through-proxy.ts';

const there = useProxiedS3();

const GET = { method: 'GET' };
const cut = (at: number): Fault => ({ do: 'cut', at });

/** The version and the bytes that each GET asked for. */
function asked(): (readonly [string | undefined, string | undefined])[] {
  return there.proxy.passed.map(({ headers }) => [headers['if-match'], headers.range] as const);
}

describe('S3Store, bodies that break off', () => {
  it('go on where they stopped, of the same version', async () => {
    const { put, bucket, store: direct } = await s3Bench(there.s3.endpoint);
    const bytes = large(1, 1);
    await put('o', bytes);
    const etag = `"${(await direct.head('o'))!.etag}"`;
    there.proxy.next(GET, cut(1_000), { do: 'answer', status: 503 }, cut(5_000), { do: 'drop-before' });
    assert.ok(bytes.equals(await buffer(await storeAt(there.proxy.url, bucket).read('o'))));
    const last = bytes.length - 1;
    assert.deepEqual(asked(), [
      [undefined, undefined],
      [etag, `bytes=1000-${last}`],
      [etag, `bytes=1000-${last}`],
      [etag, `bytes=6000-${last}`],
      [etag, `bytes=6000-${last}`],
    ]);
  });

  it('of a range go on to its end and no further', async () => {
    const { put, bucket } = await s3Bench(there.s3.endpoint);
    const bytes = large(1, 2);
    await put('o', bytes);
    there.proxy.next(GET, cut(10), cut(0), cut(10));
    const read = await buffer(await storeAt(there.proxy.url, bucket).read('o', { start: 100, end: 2_000 }));
    assert.ok(bytes.subarray(100, 2_000).equals(read));
    assert.deepEqual(
      asked().map(([, range]) => range),
      ['bytes=100-1999', 'bytes=110-1999', 'bytes=110-1999', 'bytes=120-1999'],
    );
  });

  it('give every byte once and in order, wherever and however often they break', async () => {
    const { put, bucket } = await s3Bench(there.s3.endpoint);
    const bytes = large(1, 3).subarray(0, 100_000);
    await put('o', bytes);
    const store = storeAt(there.proxy.url, bucket);
    const places = fc.array(fc.nat({ max: 100_000 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(places, async (cuts) => {
        there.proxy.reset();
        there.proxy.next(GET, ...cuts.map(cut));
        assert.ok(bytes.equals(await buffer(await store.read('o'))));
      }),
      { numRuns: 40 },
    );
  });

  for (const [what, change, expected] of [
    ['overwritten', 'put', SourceChangedError],
    ['deleted', 'remove', ObjectNotFoundError],
  ] as const) {
    it(`are not mended with bytes of another object: ${what} meanwhile -> ${expected.name}`, async () => {
      const bench = await s3Bench(there.s3.endpoint);
      await bench.put('o', large(1, 4));
      there.proxy.next(GET, cut(1_000));
      const body = await storeAt(there.proxy.url, bench.bucket).read('o');
      await bench[change]('o', large(1, 5));
      await assert.rejects(buffer(body), expected);
    });
  }

  it('and never come to their end are given up, with the place where they stopped', async () => {
    const { put, bucket } = await s3Bench(there.s3.endpoint);
    await put('o', large(1, 6));
    there.proxy.next(GET, cut(1_000));
    there.proxy.always(GET, cut(0));
    const store = storeAt(there.proxy.url, bucket, { retry: QUICK });
    await assert.rejects(buffer(await store.read('o')), (error: unknown) => {
      assert.ok(error instanceof TransientError);
      assert.match(
        error.message,
        /^Object s3:\/\/logs-\w+\/o: cannot read it: the connection failed: .* \(\d+ tries in \d+ s\)$/,
      );
      return true;
    });
    assert.ok(there.proxy.passed.length > 2);
  });

  it('break while nobody reads, and are read on after that', async () => {
    const { put, bucket } = await s3Bench(there.s3.endpoint);
    const bytes = large(4, 7);
    await put('o', bytes);
    there.proxy.next(GET, cut(10), cut(3_000_000));
    const body = await storeAt(there.proxy.url, bucket).read('o');
    // Its connection is gone before the first byte is asked for; an error that nobody hears would end the process.
    await sleep(50);
    const chunks: Buffer[] = [];
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (chunks.length === 1) await sleep(50);
      chunks.push(chunk);
    }
    assert.ok(bytes.equals(Buffer.concat(chunks)));
  });

  it('a service that does no ranges ends the read, and never doubles bytes', async () => {
    const { put, bucket } = await s3Bench(there.s3.endpoint);
    await put('o', Buffer.from('0123456789'));
    const whole: Fault = { do: 'answer', status: 200, body: '0123456789', headers: { etag: '"e"' } };
    there.proxy.next(GET, cut(4), whole);
    await assert.rejects(buffer(await storeAt(there.proxy.url, bucket).read('o')), (error: unknown) => {
      assert.ok(error instanceof TerminalError);
      assert.equal(error.message, 'Object o: expected a range of its bytes (206), found all of them');
      return true;
    });
  });

  it('an interrupt ends the wait for the next try', async () => {
    const { put, bucket } = await s3Bench(there.s3.endpoint);
    await put('o', Buffer.from('x'));
    there.proxy.always(GET, { do: 'answer', status: 503 });
    const interrupt = new AbortController();
    const retry = { deadlineMs: 600_000, baseMs: 300_000, capMs: 600_000 };
    const reading = storeAt(there.proxy.url, bucket, { retry, signal: interrupt.signal }).read('o');
    while (there.proxy.passed.length === 0) await sleep(5);
    interrupt.abort('SIGTERM');
    await assert.rejects(reading, {
      name: 'InterruptedError',
      message: 'Interrupted by SIGTERM: nothing is half-committed',
    });
  });
});

describe('S3Store, bodies that were changed on their way', () => {
  for (const [what, headers] of [
    ['crc32c', { 'x-amz-checksum-crc32c': '4waSgw==' }],
    ['crc32', { 'x-amz-checksum-crc32': 'y/Q5Jg==' }],
    ['MD5', { etag: '"25f9e794323b453885f5181f1b624d0b"' }],
  ] as const) {
    const answer = (body: string): Fault => ({
      do: 'answer',
      status: 200,
      body,
      headers: { etag: '"e-1"', ...headers },
    });

    it(`are known by ${what}`, async () => {
      const store = storeAt(there.proxy.url, 'any-bucket');
      there.proxy.next(GET, answer('123456789'), answer('12345678x'));
      assert.equal((await buffer(await store.read('o'))).toString(), '123456789');
      await assert.rejects(buffer(await store.read('o')), (error: unknown) => {
        assert.ok(error instanceof TransientError);
        assert.match(
          error.message,
          new RegExp(`^Object s3://any-bucket/o: expected a body with ${what} .*, found `),
        );
        return true;
      });
    });
  }

  it('what is no digest of the whole object is not taken for one', async () => {
    const store = storeAt(there.proxy.url, 'any-bucket');
    const odd: Readonly<Record<string, string>>[] = [
      { etag: '"25f9e794323b453885f5181f1b624d0b-2"' },
      { etag: '"25f9e794323b453885f5181f1b624d0b"', 'x-amz-server-side-encryption': 'aws:kms' },
      { etag: '"e"', 'x-amz-checksum-crc32c': '4waSgw==-3', 'x-amz-checksum-type': 'COMPOSITE' },
      { etag: '"e"', 'x-amz-checksum-crc64nvme': 'rosUhgpIu5s=' },
    ];
    for (const headers of odd) {
      there.proxy.next(GET, { do: 'answer', status: 200, body: 'other bytes', headers });
      assert.equal((await buffer(await store.read('o'))).toString(), 'other bytes');
    }
  });
});
