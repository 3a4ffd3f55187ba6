import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { buffer } from 'node:stream/consumers';
import { ObjectNotFoundError, SourceChangedError } from '../../workloads/core/errors.ts';
import { etagOf, large, readText, type StoreContract } from './store-bench.ts';

export function changingContract({ make }: StoreContract): void {
  describe('read, while others change the object', () => {
    it('overwritten before the read -> SourceChangedError, also where the size is the same', async () => {
      const { store, put, overwrite } = await make();
      await put('o', Buffer.from('old!'));
      const etag = await etagOf(store, 'o');
      await overwrite('o', Buffer.from('new!'));
      await assert.rejects(readText(store, 'o', { etag }), SourceChangedError);
      assert.equal(await readText(store, 'o'), 'new!');
    });

    it('deleted before the read -> ObjectNotFoundError', async () => {
      const { store, put, remove } = await make();
      await put('d', Buffer.from('gone'));
      const etag = await etagOf(store, 'd');
      await remove('d');
      await assert.rejects(readText(store, 'd', { etag }), ObjectNotFoundError);
      await assert.rejects(readText(store, 'd'), ObjectNotFoundError);
      assert.equal(await store.head('d'), undefined);
    });

    it('overwritten during the read -> SourceChangedError, or the old bytes only', async () => {
      const { store, put, overwrite } = await make();
      const old = large(8, 2);
      await put('mid', old);
      await assertOldOr(
        SourceChangedError,
        old,
        await store.read('mid', { etag: await etagOf(store, 'mid') }),
        () => overwrite('mid', large(8, 3)),
      );
    });

    it('cut short during the read -> SourceChangedError, or the old bytes only', async () => {
      const { store, put, overwrite } = await make();
      const old = large(8, 4);
      await put('cut', old);
      await assertOldOr(
        SourceChangedError,
        old,
        await store.read('cut', { etag: await etagOf(store, 'cut') }),
        () => overwrite('cut', Buffer.from('x')),
      );
    });

    it('deleted during the read -> ObjectNotFoundError, or the old bytes only', async () => {
      const { store, put, remove } = await make();
      const old = large(8, 5);
      await put('del', old);
      await assertOldOr(
        ObjectNotFoundError,
        old,
        await store.read('del', { etag: await etagOf(store, 'del') }),
        () => remove('del'),
      );
    });

    it('a reader that gives up early disturbs nothing', async () => {
      const { store, put } = await make();
      await put('early', large(2, 6));
      const etag = await etagOf(store, 'early');
      (await store.read('early', { etag })).destroy();
      for await (const chunk of await store.read('early', { etag })) {
        assert.ok((chunk as Buffer).length > 0);
        break;
      }
      await sleep(1);
      assert.equal((await buffer(await store.read('early', { etag }))).length, 2 * 1024 * 1024);
    });
  });
}

/** Reads a little, lets the change happen, and reads on. */
async function assertOldOr(
  error: typeof SourceChangedError | typeof ObjectNotFoundError,
  old: Buffer,
  stream: AsyncIterable<Buffer>,
  change: () => Promise<void>,
): Promise<void> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of stream) {
      if (chunks.length === 0) await change();
      chunks.push(chunk);
    }
  } catch (thrown) {
    assert.ok(thrown instanceof error, String(thrown));
    return;
  }
  assert.ok(
    old.equals(Buffer.concat(chunks)),
    'the read ended well, but not with the version that was asked for',
  );
}
