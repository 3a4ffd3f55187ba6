import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
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
    assert.equal(later.size, 3);
  });

  it('hold a chunk while the next one is looked at, however long that takes, be it of the next object', async () => {
    const ring = new ReadRing();
    let former: Buffer | undefined;
    let digit = '';
    for (let round = 0; round < 3; round++)
      for (const index of SIZES.keys())
        for await (const chunk of await store.read(`k${index}`, { ring })) {
          // Time enough for all that is read ahead.
          for (let turns = 0; turns < 4; turns++) await turn();
          if (former !== undefined) assert.equal(former.toString('latin1'), digit.repeat(former.length));
          former = chunk as Buffer;
          digit = String(index);
          assert.equal(former.toString('latin1'), digit.repeat(former.length));
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
