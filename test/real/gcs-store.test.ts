import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { after, before } from 'mocha';
import { GcsStore } from '../../workloads/adapters/gcs/gcs-store.ts';
import type { TransientError } from '../../workloads/core/errors.ts';
import { objectStoreContract } from '../contract/object-store.ts';
import { large, localFiles, type StoreBench } from '../contract/store-bench.ts';
import { tempFolder } from '../support/temp.ts';
import { startFakeGcs, type FakeGcs } from './support/fake-gcs.ts';

describe('GcsStore on fake-gcs-server', () => {
  const folder = tempFolder();
  const local = localFiles(folder);
  const running: { gcs?: FakeGcs } = {};
  let buckets = 0;
  before(async () => {
    running.gcs = await startFakeGcs({ tempFolder: folder });
  });
  after(() => running.gcs?.stop());

  /** A bucket of its own, and a store on a prefix of it: what lies beside the prefix must never be seen. */
  async function bench(): Promise<StoreBench> {
    const gcs = running.gcs!;
    const bucket = `contract-${buckets++}`;
    await gcs.makeBucket(bucket);
    await gcs.put(bucket, 'stage', Buffer.from('beside'));
    await gcs.put(bucket, 'stage2/x', Buffer.from('beside'));
    const put = (key: string, bytes: Buffer): Promise<void> => gcs.put(bucket, `stage/${key}`, bytes);
    return {
      store: new GcsStore({ bucket, prefix: 'stage', endpoint: gcs.url }),
      put,
      overwrite: put,
      remove: (key) => gcs.remove(bucket, `stage/${key}`),
    };
  }

  objectStoreContract('GcsStore', bench);

  describe('what is GCS’s own', () => {
    const endpoint = (): string => running.gcs!.url;
    async function bucketOf(options?: { versioned?: boolean }): Promise<string> {
      const bucket = `own-${buckets++}`;
      await running.gcs!.makeBucket(bucket, options);
      return bucket;
    }

    it('a generation that was overwritten is not read, though a versioned bucket still has it', async () => {
      const bucket = await bucketOf({ versioned: true });
      const store = new GcsStore({ bucket, prefix: '', endpoint: endpoint() });
      await running.gcs!.put(bucket, 'k', Buffer.from('one'));
      const { etag } = (await store.head('k'))!;
      await running.gcs!.put(bucket, 'k', Buffer.from('two'));
      for (const range of [{}, { start: 1 }, { start: 1, end: 1 }])
        await assert.rejects(store.read('k', { etag, ...range }), { name: 'SourceChangedError' });
      await running.gcs!.remove(bucket, 'k');
      for (const range of [{}, { start: 1, end: 1 }])
        await assert.rejects(store.read('k', { etag, ...range }), { name: 'ObjectNotFoundError' });
    });

    it('an object whose metadata say gzip is given as stored, whole and in ranges', async () => {
      const bucket = await bucketOf();
      const store = new GcsStore({ bucket, prefix: '', endpoint: endpoint() });
      const bytes = gzipSync('a line\n'.repeat(10_000));
      await running.gcs!.put(bucket, 'k.gz', bytes, { contentEncoding: 'gzip' });
      assert.deepEqual(await buffer(await store.read('k.gz')), bytes);
      assert.deepEqual(await buffer(await store.read('k.gz', { start: 5, end: 25 })), bytes.subarray(5, 25));
    });

    it('what it creates is never unpacked by others: no contentEncoding, both ways of sending', async () => {
      const bucket = await bucketOf();
      const store = new GcsStore({ bucket, prefix: 'p', endpoint: endpoint() });
      for (const [key, bytes] of [
        ['small.ndjson.gz', gzipSync('{}\n')],
        ['large.ndjson.gz', Buffer.concat([gzipSync('{}\n'), large(9, 1)])],
      ] as const) {
        await store.create(key, local(bytes));
        const answer = await fetch(`${endpoint()}/storage/v1/b/${bucket}/o/p%2F${key}`);
        const { contentEncoding, contentType } = (await answer.json()) as Record<string, unknown>;
        assert.deepEqual([contentEncoding, contentType], [undefined, 'application/octet-stream']);
        assert.deepEqual(await buffer(await store.read(key)), bytes);
      }
    });

    it('takes keys that look like something else', async () => {
      const bucket = await bucketOf();
      const store = new GcsStore({ bucket, prefix: '', endpoint: endpoint() });
      const keys = ['{{projectId}}', 'a//b', ' ', 'o/x?alt=media', '%2F', `${'k'.repeat(1_023)}/`];
      for (const key of keys) {
        await store.create(key, local(Buffer.from(key)));
        assert.equal((await buffer(await store.read(key))).toString(), key);
        assert.ok(await store.head(key));
      }
      const listed = (await store.list('')).objects.map(({ key }) => key);
      assert.deepEqual(listed, keys.toSorted());
    });

    it('keys that GCS could not hold -> TerminalError, before anything is sent', async () => {
      const store = new GcsStore({ bucket: 'never-asked', prefix: 'p', endpoint: 'http://127.0.0.1:9' });
      for (const key of ['', 'k'.repeat(1_023), 'a\nb', 'a\rb', '\ud800'])
        for (const call of [store.head(key), store.read(key), store.create(key, local(Buffer.from('x')))])
          await assert.rejects(call, { name: 'TerminalError', message: /expected a key of 1 to 1024 bytes/ });
    });

    it('the folder placeholder of its own prefix is no object', async () => {
      const bucket = await bucketOf();
      await running.gcs!.put(bucket, 'p/', Buffer.alloc(0));
      await running.gcs!.put(bucket, 'p/x', Buffer.from('x'));
      const { objects } = await new GcsStore({ bucket, prefix: 'p', endpoint: endpoint() }).list('');
      assert.deepEqual(
        objects.map(({ key, size }) => [key, size]),
        [['x', 1]],
      );
    });

    it('two creates of a large object at once -> exactly one wins', async () => {
      const bucket = await bucketOf();
      const stores = [1, 2].map(() => new GcsStore({ bucket, prefix: '', endpoint: endpoint() }));
      const contents = [large(9, 1), large(9, 2)];
      const ends = await Promise.allSettled(
        stores.map((store, index) => store.create('race', local(contents[index]!))),
      );
      const won = ends.findIndex(({ status }) => status === 'fulfilled');
      const lost = ends[1 - won] as PromiseRejectedResult;
      assert.equal((lost.reason as Error).name, 'AlreadyExistsError');
      assert.ok(contents[won]!.equals(await buffer(await stores[0]!.read('race'))));
    });

    it('a bucket that does not exist -> one sentence', async () => {
      const store = new GcsStore({ bucket: 'not-there', prefix: '', endpoint: endpoint() });
      const expected = { name: 'TerminalError', message: 'Bucket not-there does not exist' };
      await assert.rejects(store.list(''), expected);
      await assert.rejects(store.create('k', local(Buffer.from('x'))), expected);
      await assert.rejects(store.create('k', local(large(9, 1))), expected);
    });

    it('an endpoint where nobody listens -> four tries, one sentence, and what to check', async () => {
      const store = new GcsStore(
        { bucket: 'bucket', prefix: '', endpoint: 'http://127.0.0.1:9' },
        { retry: { deadlineMs: 60_000, baseMs: 1, capMs: 1 } },
      );
      await assert.rejects(store.list('x/'), (error: TransientError) => {
        assert.equal(error.name, 'TransientError');
        assert.match(
          error.message,
          /^Listing gs:\/\/bucket\/x\/: the connection failed: .*ECONNREFUSED.* \(4 tries in 1 s\)$/,
        );
        assert.match(error.advice ?? '', /^Check the endpoint in the URL/);
        return true;
      });
    });
  });
});
