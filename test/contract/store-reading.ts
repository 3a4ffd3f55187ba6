import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { ObjectNotFoundError } from '../../workloads/core/errors.ts';
import { crc32cBase64 } from './crc32c-reference.ts';
import { etagOf, itUnless, large, readText, type StoreContract } from './store-bench.ts';

/** Published values of CRC-32C: RFC 3720, B.4, and the check value of the CRC catalogue. */
const CRC_VECTORS: readonly [string, Buffer, number][] = [
  ['nothing', Buffer.alloc(0), 0],
  ['32 bytes of 0x00', Buffer.alloc(32), 0x8a91_36aa],
  ['32 bytes of 0xff', Buffer.alloc(32, 0xff), 0x62a8_ab43],
  ['0x00 to 0x1f', Buffer.from(Array.from({ length: 32 }, (_, index) => index)), 0x46dd_794e],
  ['0x1f to 0x00', Buffer.from(Array.from({ length: 32 }, (_, index) => 31 - index)), 0x113f_db5c],
  ['123456789', Buffer.from('123456789'), 0xe306_9283],
];

export function readingContract({ make, differences }: StoreContract): void {
  describe('head', () => {
    it('gives nothing where no object is, also at a prefix of keys', async () => {
      const { store, put } = await make();
      await put('deep/er/key', Buffer.from('x'));
      for (const key of ['none', 'deep', 'deep/er', 'deep/er/key/below', 'deep/er/ke'])
        assert.equal(await store.head(key), undefined, key);
    });

    for (const [what, bytes, crc] of CRC_VECTORS) {
      it(`gives the CRC-32C of ${what} as base64 of the big-endian value`, async () => {
        const { store, put } = await make();
        await put('vector', bytes);
        const expected = Buffer.alloc(4);
        expected.writeUInt32BE(crc);
        const head = await store.head('vector');
        assert.deepEqual([head?.crc32c, head?.size], [expected.toString('base64'), bytes.length]);
      });
    }

    /** The etags of an object that is written with each of the contents in turn. */
    async function etagsOf(contents: readonly string[]): Promise<string[]> {
      const { store, put, overwrite } = await make();
      const etags: string[] = [];
      for (const content of contents) {
        await (etags.length === 0 ? put : overwrite)('e', Buffer.from(content));
        etags.push(await etagOf(store, 'e'));
        assert.equal(await etagOf(store, 'e'), etags.at(-1));
      }
      return etags;
    }

    it('keeps the etag of what does not change, and changes it on every overwrite, also by bytes of the same length', async () => {
      const etags = await etagsOf(['aaaa', 'bbbb', 'cccc', 'aaaaa', '']);
      assert.equal(new Set(etags).size, 5, etags.join(' '));
    });

    itUnless(differences.rewritten)('changes the etag where the same bytes are written again', async () => {
      const etags = await etagsOf(['aaaa', 'bbbb', 'bbbb', 'aaaa']);
      assert.equal(new Set(etags).size, 4, etags.join(' '));
    });
  });

  describe('read', () => {
    it('gives the object whole, byte for byte, from keys of any characters', async () => {
      const { store, put } = await make();
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
      for (const key of [
        'plain',
        'a b+c%20&"\'=?#@.json',
        '한글/이모지 😀.json',
        '%2e%2e/x',
        '~/$HOME',
        'UPPER/lower',
        '-',
        '...',
      ]) {
        await put(key, bytes);
        assert.deepEqual(await buffer(await store.read(key)), bytes, key);
        assert.deepEqual(await buffer(await store.read(key, { etag: await etagOf(store, key) })), bytes, key);
      }
    });

    it('gives a range [start, end), cut at the end of the object', async () => {
      const { store, put } = await make();
      await put('range', Buffer.from('0123456789'));
      const etag = await etagOf(store, 'range');
      for (const [start, end, expected] of [
        [0, 1, '0'],
        [3, 7, '3456'],
        [0, 10, '0123456789'],
        [9, 10, '9'],
        [7, 100, '789'],
        [0, 0, ''],
        [5, 5, ''],
      ] as const) {
        assert.equal(await readText(store, 'range', { start, end }), expected);
        assert.equal(await readText(store, 'range', { start, end, etag }), expected);
      }
      assert.equal(await readText(store, 'range', { start: 8 }), '89');
      assert.equal(await readText(store, 'range', { end: 2 }), '01');
    });

    it('gives an empty object as no bytes', async () => {
      const { store, put } = await make();
      await put('empty', Buffer.alloc(0));
      assert.equal(await readText(store, 'empty'), '');
      assert.equal(await readText(store, 'empty', { etag: await etagOf(store, 'empty') }), '');
    });

    it('gives an object of 20 MB unchanged', async () => {
      const { store, put } = await make();
      const bytes = large(20, 1);
      await put('large', bytes);
      const head = await store.head('large');
      assert.equal(head?.crc32c, crc32cBase64(bytes));
      assert.ok(bytes.equals(await buffer(await store.read('large', { etag: head.etag }))));
      const from = 19 * 1024 * 1024 - 3;
      assert.ok(
        bytes
          .subarray(from, from + 1_000)
          .equals(await buffer(await store.read('large', { start: from, end: from + 1_000 }))),
      );
    });

    it('an object that was never there, or only as a prefix of keys -> ObjectNotFoundError', async () => {
      const { store, put } = await make();
      await put('deep/er/key', Buffer.from('x'));
      for (const key of ['none', 'deep', 'deep/er', 'deep/er/key/below'])
        await assert.rejects(readText(store, key), ObjectNotFoundError, key);
    });
  });
}
