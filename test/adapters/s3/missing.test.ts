import assert from 'node:assert/strict';
import { after, before } from 'mocha';
import { TransientError } from '../../../workloads/core/errors.ts';
import type { ObjectStore } from '../../../workloads/core/ports/object-store.ts';
import type { StoreBench } from '../../contract/store-bench.ts';
import { FaultProxy } from '../../support/fault-proxy.ts';
import { QUICK, s3Bench, s3Environment, storeAt } from '../../support/s3-bench.ts';
import { s3Error, startS3, type FakeS3 } from '../../support/s3-fauxqs.ts';

/** What S3 says of an object to whoever may not list the whole bucket: the same whether it is there or not. */
const DENIED = {
  do: 'answer',
  status: 403,
  body: s3Error('AccessDenied', 'Access Denied'),
  headers: { 'content-type': 'application/xml' },
} as const;
/** Requests for an object, not for a listing. */
const OBJECTS = { path: /^\/[\w-]+\/app\// };
const LISTINGS = { path: /list-type=2/ };

describe('S3Store, a 403 that means 404: whoever may list only a prefix is told no more of a missing key', () => {
  let s3: FakeS3;
  let proxy: FaultProxy;
  let store: ObjectStore;
  let bucket: string;
  let put: StoreBench['put'];
  let remove: StoreBench['remove'];
  s3Environment();
  before(async () => {
    s3 = await startS3();
    proxy = await FaultProxy.start(s3.endpoint);
    ({ bucket, put, remove } = await s3Bench(s3.endpoint, 'app'));
    await put('2026/there', Buffer.from('x'));
    await put('2026/gone-not', Buffer.from('x'));
    store = storeAt(proxy.url, `${bucket}/app`);
  });
  after(async () => {
    await proxy.close();
    await s3.close();
  });
  beforeEach(() => {
    proxy.reset();
    proxy.always(OBJECTS, DENIED);
  });

  const notThere = (key: string) => ({
    name: 'ObjectNotFoundError',
    message: `Object ${store.url}/${key} is not there`,
    context: { object: key },
  });

  it('gone: as after a 404, though a key that goes on behind it is there', async () => {
    for (const key of ['2026/never', '2026/gone']) {
      for (const range of [{}, { etag: 'e' }, { start: 1 }, { start: 1, end: 1 }])
        await assert.rejects(store.read(key, range), notThere(key));
      assert.equal(await store.head(key), undefined);
    }
  });

  it('there: access is denied, and the alarm rings', async () => {
    for (const ask of [
      () => store.read('2026/there'),
      () => store.head('2026/there'),
      () => store.read('2026/there', { start: 1, end: 1 }),
    ])
      await assert.rejects(ask(), {
        name: 'TerminalError',
        message: /^Object s3:.*\/2026\/there: cannot (look at|read) it: access denied: S3 answered 403/,
        context: { object: '2026/there', alarm: 'credentials' },
      });
  });

  it('the listing is refused, too: access is denied, in the words of the object’s refusal', async () => {
    proxy.always(LISTINGS, DENIED);
    await assert.rejects(store.read('2026/gone'), {
      name: 'TerminalError',
      message: `Object ${store.url}/2026/gone: cannot read it: access denied: S3 answered 403 AccessDenied (Access Denied)`,
    });
  });

  it('the listing fails for now: worth another run, and no alarm', async () => {
    proxy.always(LISTINGS, { do: 'answer', status: 503, body: s3Error('SlowDown') });
    const hasty = storeAt(proxy.url, `${bucket}/app`, { retry: { ...QUICK, deadlineMs: 50 } });
    const error = await hasty.read('2026/gone').then(
      () => assert.fail('expected an error'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof TransientError, String(error));
    assert.match(error.message, /^Listing s3:.*: S3 answered 503/);
    assert.equal(error.context.alarm, undefined);
  });

  it('an object that is deleted in the middle of its body', async () => {
    await put('2026/short-lived', Buffer.from('x'));
    proxy.reset();
    proxy.next(OBJECTS, { do: 'cut', at: 0 });
    const body = await store.read('2026/short-lived');
    await remove('2026/short-lived');
    proxy.always(OBJECTS, DENIED);
    await assert.rejects(body.toArray(), notThere('2026/short-lived'));
  });

  it('keys and tokens that S3 does not take say so by themselves: nothing is listed', async () => {
    for (const code of ['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'InvalidObjectState']) {
      proxy.reset();
      proxy.always(OBJECTS, { ...DENIED, body: s3Error(code) });
      await assert.rejects(store.read('2026/gone'), { name: 'TerminalError' });
      assert.deepEqual(
        proxy.passed.filter(({ path }) => path.includes('list-type=2')),
        [],
      );
    }
  });
});
