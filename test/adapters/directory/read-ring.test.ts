import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DirectoryStore } from '../../../workloads/adapters/directory/directory-store.ts';
import { CHUNK_BYTES } from '../../../workloads/adapters/directory/read-file.ts';
import { ReadRing } from '../../../workloads/core/bytes/read-ring.ts';
import { tempFolder } from '../../support/temp.ts';

/** Sizes of files that begin with their number's digit: some smaller than a chunk, some of many, in no order. */
const SIZES = [10, 5_000, 1, 3 * CHUNK_BYTES, CHUNK_BYTES, 70_000, 6 * CHUNK_BYTES + 1, 0, 9_000, 200_000];

describe('buffers that objects are read into', () => {
  const folder = tempFolder();
  const store = new DirectoryStore(folder);
  SIZES.forEach((size, index) => writeFileSync(join(folder, `k${index}`), String(index).repeat(size)));

  async function chunks(index: number, ring?: ReadRing): Promise<Buffer[]> {
    const found: Buffer[] = [];
    for await (const chunk of await store.read(`k${index}`, ring && { ring })) {
      const each = chunk as Buffer;
      assert.equal(each.toString('latin1'), String(index).repeat(each.length));
      found.push(each);
    }
    assert.equal(
      found.reduce((sum, { length }) => sum + length, 0),
      SIZES[index],
    );
    return found;
  }

  it('are the same ones for one object after another', async () => {
    const ring = new ReadRing();
    const later = new Set<ArrayBufferLike>();
    for (let round = 0; round < 3; round++)
      for (const index of SIZES.keys())
        for (const { buffer } of await chunks(index, ring)) if (round > 0) later.add(buffer);
    assert.equal(later.size, 4);
  });

  it('hold the last chunk of an object while the first one of the next is read', async () => {
    const ring = new ReadRing();
    const last = (await chunks(3, ring)).at(-1)!;
    for await (const chunk of await store.read('k6', { ring })) {
      assert.equal(last.toString('latin1'), '3'.repeat(last.length));
      assert.equal((chunk as Buffer).toString('latin1', 0, 1), '6');
      break;
    }
  });

  it('are not filled for another reader, even if their object has ended', async () => {
    const slow = (await chunks(0, new ReadRing())).at(-1)!;
    const other = new ReadRing();
    for (let round = 0; round < 8; round++) {
      await chunks(2, other);
      await store.head('k2');
    }
    assert.equal(slow.toString('latin1'), '0'.repeat(10));
  });

  it('are not shared by objects that are read at once', async () => {
    await Promise.all([...SIZES.keys()].map((index) => chunks(index, new ReadRing())));
  });

  it('are the reader’s own where it does not say that it is done with them', async () => {
    const kept = [...(await chunks(6)), ...(await chunks(3))];
    assert.equal(new Set(kept.map(({ buffer }) => buffer)).size, kept.length);
    assert.deepEqual(
      kept.map((chunk) => chunk.toString('latin1', 0, 1)).join(''),
      '6'.repeat(7) + '3'.repeat(3),
    );
  });
});
