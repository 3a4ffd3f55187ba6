import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { AlreadyExistsError, LogferryError } from '../../workloads/core/errors.ts';
import { allKeys, etagOf, itUnless, readText, type StoreContract } from './store-bench.ts';

export function creatingContract({ make, differences, local }: StoreContract): void {
  describe('create', () => {
    it('makes an object that list, head and read then tell of', async () => {
      const { store } = await make();
      const file = local(Buffer.from('{"a":1}\n'));
      await store.create('new/folders/한글 %20+😀.ndjson', file);
      assert.deepEqual(await allKeys(store, ''), ['new/folders/한글 %20+😀.ndjson']);
      const { crc32c, size } = (await store.head('new/folders/한글 %20+😀.ndjson'))!;
      assert.deepEqual({ crc32c, size }, { crc32c: file.crc32c, size: file.size });
      assert.equal(await readText(store, 'new/folders/한글 %20+😀.ndjson'), '{"a":1}\n');
    });

    it('makes empty objects, and objects of 20 MB', async () => {
      const { store } = await make();
      const bytes = Buffer.alloc(20 * 1024 * 1024, 'a line of a log, which is no power of two long\n');
      await store.create('empty', local(Buffer.alloc(0)));
      await store.create('large', local(bytes));
      assert.equal((await store.head('empty'))?.size, 0);
      assert.ok(bytes.equals(await buffer(await store.read('large'))));
    });

    it('a key that is taken -> AlreadyExistsError, and the first content stays', async () => {
      const { store, put } = await make();
      await store.create('ours', local(Buffer.from('first')));
      await put('theirs', Buffer.from('a producer'));
      const etag = await etagOf(store, 'ours');
      for (const key of ['ours', 'theirs']) {
        await assert.rejects(store.create(key, local(Buffer.from('second'))), AlreadyExistsError);
        await assert.rejects(store.create(key, local(Buffer.from('first'))), AlreadyExistsError);
      }
      assert.equal(await readText(store, 'ours'), 'first');
      assert.equal(await readText(store, 'theirs'), 'a producer');
      assert.equal(await etagOf(store, 'ours'), etag);
    });

    it('a key that was deleted can be created again', async () => {
      const { store, remove } = await make();
      await store.create('again', local(Buffer.from('one')));
      await remove('again');
      await store.create('again', local(Buffer.from('two')));
      assert.equal(await readText(store, 'again'), 'two');
    });

    it('ten at once at one key -> exactly one wins, whole, and nine are told', async () => {
      const { store } = await make();
      const contents = Array.from({ length: 10 }, (_, index) => String(index).repeat(300_000));
      const results = await Promise.allSettled(
        contents.map((content) => store.create('race/key', local(Buffer.from(content)))),
      );
      const winners = results.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []));
      assert.equal(winners.length, 1);
      for (const result of results)
        if (result.status === 'rejected')
          assert.ok(result.reason instanceof AlreadyExistsError, String(result.reason));
      assert.equal(await readText(store, 'race/key'), contents[winners[0]!]);
      assert.deepEqual(await allKeys(store, ''), ['race/key']);
    });

    it('is all or nothing: whoever looks meanwhile sees no object, or the whole one', async () => {
      const { store } = await make();
      const bytes = Buffer.alloc(12 * 1024 * 1024, 'whole');
      const progress = { done: false };
      const creating = store.create('whole', local(bytes)).finally(() => (progress.done = true));
      const sizes = new Set<number>();
      while (!progress.done) for (const { size } of (await store.list('')).objects) sizes.add(size);
      await creating;
      for (const { size } of (await store.list('')).objects) sizes.add(size);
      assert.deepEqual([...sizes], [bytes.length]);
    });

    it('crc mismatch -> the store rejects the object, and nothing is there', async () => {
      const { store } = await make();
      const { path, size } = local(Buffer.from('0123456789'));
      const announced = local(Buffer.from('012345678x')).crc32c;
      await assert.rejects(store.create('wrong', { path, size, crc32c: announced }), isRejection);
      assert.deepEqual(await allKeys(store, ''), []);
      await store.create('wrong', local(Buffer.from('right')));
    });

    it('a local file that is gone, or shorter than it was -> an error, and nothing is there', async () => {
      const { store } = await make();
      const gone = { ...local(Buffer.from('x')), path: `${local(Buffer.from('y')).path}-gone` };
      await assert.rejects(store.create('gone', gone), isRejection);
      const shorter = local(Buffer.from('half'));
      await assert.rejects(store.create('short', { ...shorter, size: 8 }), isRejection);
      assert.deepEqual(await allKeys(store, ''), []);
    });

    itUnless(differences.nestedKeys)('a key below another key is a key of its own', async () => {
      const { store } = await make();
      await store.create('a', local(Buffer.from('a')));
      await store.create('a/b', local(Buffer.from('b')));
      assert.deepEqual([await readText(store, 'a'), await readText(store, 'a/b')], ['a', 'b']);
    });
  });
}

/** An error with advice; AlreadyExistsError would make the caller look for its own bytes there. */
function isRejection(error: unknown): boolean {
  assert.ok(error instanceof LogferryError, String(error));
  assert.ok(!(error instanceof AlreadyExistsError), String(error));
  return true;
}
