import assert from 'node:assert/strict';
import { allKeys, allObjects, itUnless, type StoreBench, type StoreContract } from './store-bench.ts';

const BYTES = Buffer.from('{}\n');

/** Keys in the byte order of UTF-8; UTF-16 would put the emoji before the full-width one, a path order `a/b` before `a-b`. */
const ORDERED = [
  'p/A.json',
  'p/a b+c%20&"\'=?#.json',
  'p/a-b',
  'p/a.json',
  'p/a/b',
  'p/a/b-c/d',
  'p/a/b/c',
  'p/a/b0',
  'p/a0',
  'p/a~',
  'p/가나/다.json',
  'p/가나다.json',
  'p/한글 로그.json',
  'p/\uff5e.json',
  'p/😀/x.json',
  'p/😀.json',
  'p/😀/\u{10ffff}a',
  'p/😀/\u{10ffff}b',
].toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

/** `a/b` and `a/b/c` cannot both be paths. */
const PATHS = ORDERED.filter((key) => key !== 'p/a/b');

export function listingContract({ make, differences }: StoreContract): void {
  async function filled(keys: readonly string[]): Promise<StoreBench> {
    const bench = await make();
    const queue = keys.toReversed();
    while (queue.length > 0) await Promise.all(queue.splice(0, 100).map((key) => bench.put(key, BYTES)));
    return bench;
  }

  describe('list', () => {
    it('gives nothing and no next page where there are no keys', async () => {
      const { store } = await make();
      assert.deepEqual(await store.list('none/'), { objects: [] });
      assert.deepEqual(await store.list(''), { objects: [] });
    });

    it('gives key, etag and size as head does', async () => {
      const { store, put } = await make();
      await put('h/one', Buffer.from('123'));
      await put('h/zero', Buffer.alloc(0));
      for (const info of await allObjects(store, 'h/')) {
        const { crc32c, ...head } = (await store.head(info.key))!;
        assert.deepEqual(info, head);
        assert.equal(typeof crc32c, 'string');
        assert.equal(info.size, info.key === 'h/one' ? 3 : 0);
      }
    });

    it('orders keys by their UTF-8 bytes: a-b, a/b, a0, Korean, emoji last', async () => {
      const { store } = await filled(PATHS);
      assert.deepEqual(await allKeys(store, 'p/'), PATHS);
    });

    for (const limit of [1, 2, 5]) {
      it(`gives each key once and in order on pages of ${limit}`, async () => {
        const { store } = await filled(PATHS);
        assert.deepEqual(await allKeys(store, '', limit), PATHS);
      });
    }

    it('says there is a next page only where there is one: the last page is exactly full', async () => {
      const { store } = await filled(['f/1', 'f/2', 'f/3', 'f/4']);
      const first = await store.list('f/', { limit: 2 });
      assert.ok(first.next);
      const second = await store.list('f/', { limit: 2, next: first.next });
      assert.deepEqual(
        second.objects.map(({ key }) => key),
        ['f/3', 'f/4'],
      );
      assert.equal(second.next, undefined);
    });

    it('takes a prefix as text, not as a folder', async () => {
      const { store } = await filled([
        'x/2026/11/20/1',
        'x/2026/11/20/14/a',
        'x/2026/11/20/14/b/c',
        'x/2026/11/21/00/a',
        'y/2026',
      ]);
      assert.deepEqual(await allKeys(store, 'x/2026/11/20/1'), [
        'x/2026/11/20/1',
        'x/2026/11/20/14/a',
        'x/2026/11/20/14/b/c',
      ]);
      assert.deepEqual(await allKeys(store, 'x/2026/11/2', 1), [
        'x/2026/11/20/1',
        'x/2026/11/20/14/a',
        'x/2026/11/20/14/b/c',
        'x/2026/11/21/00/a',
      ]);
      assert.deepEqual(await allKeys(store, 'x/2026/11/20/14/'), [
        'x/2026/11/20/14/a',
        'x/2026/11/20/14/b/c',
      ]);
      assert.deepEqual(await allKeys(store, 'x/2026/11/20/14/b'), ['x/2026/11/20/14/b/c']);
      assert.deepEqual(await allKeys(store, 'x/2026/11/20/14/a/'), []);
      assert.deepEqual(await allKeys(store, 'X/'), []);
      assert.deepEqual(await allKeys(store, '/'), []);
      assert.deepEqual(await allKeys(store, '../'), []);
    });

    it('gives more than 1,000 keys on pages of at most 1,000', async () => {
      const keys = Array.from(
        { length: 2_345 },
        (_, index) => `m/${index % 7}/${String(index).padStart(5, '0')}`,
      ).toSorted();
      const { store } = await filled(keys);
      const first = await store.list('m/');
      assert.equal(first.objects.length, 1_000);
      assert.deepEqual(await allKeys(store, 'm/'), keys);
    });

    it('does not lose a key when the last one of a page is deleted before the next page is asked for', async () => {
      const { store, remove } = await filled(['d/1', 'd/2', 'd/3', 'd/4']);
      const first = await store.list('d/', { limit: 2 });
      await remove('d/2');
      const rest = await store.list('d/', { limit: 5, next: first.next });
      assert.deepEqual(
        rest.objects.map(({ key }) => key),
        ['d/3', 'd/4'],
      );
    });

    itUnless(differences.nestedKeys)('tells a key from the keys below it', async () => {
      const { store } = await filled(ORDERED);
      assert.deepEqual(await allKeys(store, 'p/', 3), ORDERED);
    });

    itUnless(differences.emptyParts)('gives keys with empty parts', async () => {
      const { store } = await filled(['e//a', '/lead']);
      assert.deepEqual(await allKeys(store, ''), ['/lead', 'e//a']);
    });
  });
}
