import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { after, before, beforeEach } from 'mocha';
import { SESSION_BYTES } from '../../workloads/adapters/gcs/create.ts';
import { GcsStore } from '../../workloads/adapters/gcs/gcs-store.ts';
import { publish } from '../../workloads/core/records.ts';
import { large, localFiles } from '../contract/store-bench.ts';
import { FaultProxy, type Fault, type Match } from '../support/fault-proxy.ts';
import { tempFolder } from '../support/temp.ts';
import { startFakeGcs, type FakeGcs } from './support/fake-gcs.ts';

const BUCKET = 'faults';
/** Fast, and long enough for every fault that passes by itself. */
const RETRY = { deadlineMs: 5_000, baseMs: 1, capMs: 5 };
const SILENCE_MS = 300;

const SMALL = Buffer.from('{"a":1}\n'.repeat(1_000));
const LARGE = Buffer.concat([large(8, 7), Buffer.from('and some')]);

const error = (status: number, reason: string, message = reason): Fault => ({
  do: 'answer',
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ error: { code: status, message, errors: [{ reason, message }] } }),
});

/** Each fault, met once by a request that then passes. */
const FAULTS: Readonly<Record<string, Fault>> = {
  '308 out of place': { do: 'answer', status: 308 },
  '400 invalid': error(400, 'invalid'),
  '401 authError': error(401, 'authError', 'Invalid Credentials'),
  '403 forbidden': error(403, 'forbidden', 'x@y.iam does not have storage.objects.list access'),
  '403 rateLimitExceeded': error(403, 'rateLimitExceeded'),
  '404 notFound': error(404, 'notFound', 'Not Found'),
  '404 no bucket': error(404, 'notFound', 'The specified bucket does not exist.'),
  '408 timeout': error(408, 'requestTimeout'),
  '409 conflict': error(409, 'conflict'),
  '410 gone': error(410, 'uploadBrokenConnection'),
  '412 conditionNotMet': error(412, 'conditionNotMet'),
  '429 rateLimitExceeded': error(429, 'rateLimitExceeded'),
  '500 backendError': error(500, 'backendError'),
  '502 with HTML': { do: 'answer', status: 502, body: '<html>\n<h1>Bad Gateway</h1></html>' },
  '503 empty': { do: 'answer', status: 503 },
  '504 after it was done': { do: 'answer-after', status: 504 },
  'dropped before': { do: 'drop-before' },
  'dropped after': { do: 'drop-after' },
  'answer cut': { do: 'cut', at: 20 },
  'answer truncated': { do: 'truncate', at: 20 },
  'answer stalls': { do: 'stall', at: 20 },
  'answer corrupted': { do: 'corrupt', at: 0 },
  'request corrupted': { do: 'corrupt-request', at: 600 },
  delayed: { do: 'delay', ms: 50 },
  'done twice': { do: 'duplicate' },
};

/** A call: which of its requests meets the fault, and what it leads to, as text. */
interface Call {
  readonly match: Match;
  readonly go: (store: GcsStore) => Promise<string>;
  readonly undisturbed: string;
  /** What other faults lead to than the undisturbed end. */
  readonly otherwise: Readonly<Partial<Record<keyof typeof FAULTS, string>>>;
}

const whole = (expected: Buffer, found: Buffer): string =>
  found.equals(expected) ? 'the bytes' : `${found.length} other bytes`;

describe('GcsStore when the network or GCS fails', () => {
  const folder = tempFolder();
  const local = localFiles(folder);
  const running: { gcs?: FakeGcs; proxy?: FaultProxy } = {};
  before(async () => {
    running.gcs = await startFakeGcs({ tempFolder: folder });
    running.proxy = await FaultProxy.start(running.gcs.url);
    await running.gcs.makeBucket(BUCKET);
    await running.gcs.put(BUCKET, 'there', SMALL);
  });
  after(async () => {
    await running.proxy?.close();
    await running.gcs?.stop();
  });
  beforeEach(() => running.proxy?.reset());

  const at = (endpoint: string, retry = RETRY): GcsStore =>
    new GcsStore({ bucket: BUCKET, prefix: '', endpoint }, { retry, silenceMs: SILENCE_MS });
  const disturbed = (retry = RETRY): GcsStore => at(running.proxy!.url, retry);
  const calm = (): GcsStore => at(running.gcs!.url);

  let keys = 0;
  /** Publishes bytes as the classifier does, then looks at what is there. */
  const published = (bytes: Buffer) => async (store: GcsStore) => {
    const key = `new/${keys++}`;
    const end = await publish(store, key, local(bytes)).then(
      () => '',
      (thrown: unknown) => (thrown as Error).name,
    );
    const there = (await calm().head(key)) !== undefined;
    if (there) assert.equal(whole(bytes, await buffer(await calm().read(key))), 'the bytes');
    if (end === '') return there ? 'published' : 'nothing, and no error';
    // Whatever happened, doing it again ends well.
    await publish(calm(), key, local(bytes));
    return `${end}${there ? ', there' : ''}`;
  };

  const DENIED = { '401 authError': 'TerminalError', '403 forbidden': 'TerminalError' };
  const ALWAYS = { ...DENIED, '400 invalid': 'TerminalError', '404 no bucket': 'TerminalError' };
  const CALLS: Readonly<Record<string, Call>> = {
    list: {
      match: { method: 'GET', path: `/b/${BUCKET}/o?` },
      go: async (store) => JSON.stringify((await store.list('there')).objects.map(({ key }) => key)),
      undisturbed: '["there"]',
      otherwise: {
        ...ALWAYS,
        '404 notFound': 'TerminalError',
        // Of a condition that a listing does not have.
        '412 conditionNotMet': 'SourceChangedError',
      },
    },
    head: {
      match: { method: 'GET', path: '/o/there?fields' },
      go: async (store) => String((await store.head('there'))?.size),
      undisturbed: String(SMALL.length),
      otherwise: {
        ...ALWAYS,
        '404 notFound': 'undefined',
        '412 conditionNotMet': 'SourceChangedError',
      },
    },
    read: {
      match: { method: 'GET', path: '/o/there?alt=media' },
      go: async (store) => whole(SMALL, await buffer(await store.read('there'))),
      undisturbed: 'the bytes',
      otherwise: {
        ...ALWAYS,
        '404 notFound': 'ObjectNotFoundError',
        '412 conditionNotMet': 'SourceChangedError',
        'answer corrupted': 'TransientError',
      },
    },
    'create at once': {
      match: { method: 'POST', path: 'uploadType=multipart' },
      go: published(SMALL),
      undisturbed: 'published',
      otherwise: {
        ...ALWAYS,
        '404 notFound': 'TerminalError',
        // GCS says that something is there, and nothing is.
        '412 conditionNotMet': 'TerminalError',
      },
    },
    'begin a session': {
      match: { method: 'POST', path: 'uploadType=resumable' },
      go: published(LARGE),
      undisturbed: 'published',
      otherwise: { ...ALWAYS, '404 notFound': 'TerminalError', '412 conditionNotMet': 'TerminalError' },
    },
    'send to a session': {
      match: { method: 'PUT', path: 'upload_id=' },
      go: published(LARGE),
      undisturbed: 'published',
      // 404 of a session says that it is gone, whatever its words.
      otherwise: { ...DENIED, '400 invalid': 'TerminalError', '412 conditionNotMet': 'TerminalError' },
    },
  };
  it('objects are sent in both ways', () => {
    assert.ok(SMALL.length < SESSION_BYTES && LARGE.length >= SESSION_BYTES);
  });

  for (const [callName, call] of Object.entries(CALLS))
    describe(callName, () => {
      for (const [faultName, fault] of Object.entries(FAULTS)) {
        const expected = call.otherwise[faultName] ?? call.undisturbed;
        it(`${faultName} -> ${expected}`, async () => {
          const proxy = running.proxy!;
          proxy.next(call.match, fault);
          const found = await call.go(disturbed()).catch((thrown: unknown) => (thrown as Error).name);
          assert.equal(found, expected);
          assert.deepEqual(proxy.unused, [], 'the fault never happened');
        });
      }
    });

  it('503 without end -> TransientError that counts the tries, nothing is there, and a later run converges', async () => {
    const key = 'never';
    running.proxy!.always({}, { do: 'answer', status: 503, body: 'busy' });
    const store = disturbed({ deadlineMs: 50, baseMs: 1, capMs: 5 });
    const file = local(SMALL);
    await assert.rejects(store.create(key, file), (thrown: Error) => {
      assert.equal(thrown.name, 'TransientError');
      assert.match(
        thrown.message,
        /^Object gs:\/\/faults\/never: cannot create it: GCS answered 503 \(busy\) \(\d+ tries in 1 s\)$/,
      );
      return true;
    });
    await assert.rejects(store.list(''), { name: 'TransientError' });
    await assert.rejects(store.head(key), { name: 'TransientError' });
    await assert.rejects(store.read(key), { name: 'TransientError' });
    assert.equal(await calm().head(key), undefined);
    await publish(calm(), key, file);
  });

  describe('a body that breaks off', () => {
    const BYTES = large(4, 3);
    const breakOff = { do: 'cut', at: 1_000_000 } as const;
    const MEDIA = { path: 'alt=media' };
    const put = (key: string, bytes: Buffer): Promise<void> => running.gcs!.put(BUCKET, key, bytes);

    it('goes on at that byte, of the generation that was begun, as often as it must', async () => {
      await put('resumed', BYTES);
      const { etag } = (await calm().head('resumed'))!;
      running.proxy!.next(MEDIA, breakOff, { do: 'drop-before' }, breakOff, { do: 'truncate', at: 500_000 });
      const found = await buffer(await disturbed().read('resumed'));
      assert.equal(whole(BYTES, found), 'the bytes');
      const asked = running.proxy!.passed.map(({ path, headers }) => [
        headers.range ?? 'whole',
        new URLSearchParams(path.split('?')[1]).get('ifGenerationMatch'),
      ]);
      assert.equal(asked.length, 5);
      assert.deepEqual(asked[0], ['whole', null]);
      for (const [range, generation] of asked.slice(1)) {
        assert.match(range!, /^bytes=\d+-$/);
        assert.equal(generation, etag);
      }
    });

    it('a range that breaks off goes on to its own end', async () => {
      await put('range', BYTES);
      running.proxy!.next(MEDIA, breakOff);
      const found = await buffer(await disturbed().read('range', { start: 10, end: 3_000_010 }));
      assert.equal(whole(BYTES.subarray(10, 3_000_010), found), 'the bytes');
      assert.deepEqual(
        running.proxy!.passed.map(({ headers }) => headers.range?.split('-')[1]),
        ['3000009', '3000009'],
      );
    });

    it('overwritten meanwhile -> SourceChangedError; deleted meanwhile -> ObjectNotFoundError', async () => {
      for (const [key, change, expected] of [
        ['o', () => put('o', large(4, 4)), 'SourceChangedError'],
        ['d', () => running.gcs!.remove(BUCKET, 'd'), 'ObjectNotFoundError'],
      ] as const) {
        await put(key, BYTES);
        running.proxy!.next({ path: `/o/${key}?alt=media` }, breakOff);
        const body = await disturbed().read(key);
        await change();
        await assert.rejects(buffer(body), { name: expected });
      }
    });

    it('a byte that was changed on its way -> TransientError, also where the rest came by another connection', async () => {
      await put('corrupt', BYTES);
      running.proxy!.next(MEDIA, breakOff, { do: 'corrupt', at: 12 });
      await assert.rejects(buffer(await disturbed().read('corrupt')), {
        name: 'TransientError',
        message: /^Object gs:\/\/faults\/corrupt: expected a body with crc32c \S{6}==, found \S{6}==$/,
      });
    });
  });

  it('a reader may pause for longer than a connection may be silent', async () => {
    const bytes = large(8, 5);
    await running.gcs!.put(BUCKET, 'slow', bytes);
    const chunks: Buffer[] = [];
    for await (const chunk of await calm().read('slow')) {
      if (chunks.length === 2) await new Promise((resolve) => setTimeout(resolve, 2 * SILENCE_MS));
      chunks.push(chunk as Buffer);
    }
    assert.equal(whole(bytes, Buffer.concat(chunks)), 'the bytes');
  });

  it('an acknowledgement that was lost is no AlreadyExistsError, unless other bytes are there', async () => {
    running.proxy!.next({ method: 'POST' }, { do: 'drop-after' });
    await disturbed().create('mine', local(SMALL));
    running.proxy!.next({ method: 'POST' }, { do: 'drop-before' });
    await running.gcs!.put(BUCKET, 'theirs', Buffer.from('other'));
    await assert.rejects(disturbed().create('theirs', local(SMALL)), { name: 'AlreadyExistsError' });
  });

  it('an interrupt ends the wait between tries', async () => {
    running.proxy!.always({}, { do: 'answer', status: 503 });
    const interrupt = new AbortController();
    const store = new GcsStore(
      { bucket: BUCKET, prefix: '', endpoint: running.proxy!.url },
      { retry: { deadlineMs: 600_000, baseMs: 300_000, capMs: 300_000 }, signal: interrupt.signal },
    );
    const listing = store.list('');
    setTimeout(() => interrupt.abort('SIGTERM'), 100);
    await assert.rejects(listing, { name: 'InterruptedError', message: /^Interrupted by SIGTERM/ });
  });
});
