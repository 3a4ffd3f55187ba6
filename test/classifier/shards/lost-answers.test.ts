import assert from 'node:assert/strict';
import { AlreadyExistsError, TransientError } from '../../../workloads/core/errors.ts';
import { FaultyStore } from '../../support/faulty-store.ts';
import { HourBench } from '../../support/hour-bench.ts';
import { tempFolder } from '../../support/temp.ts';
import { committed, mixedHour, plainHour, said } from './mixed-hour.ts';

describe('lost acknowledgements of shards', () => {
  for (const [name, error] of [
    ['the answer is lost', () => new TransientError('socket hang up')],
    ['a hidden retry then finds the key taken', () => new AlreadyExistsError('412')],
  ] as const) {
    it(`of every create (${name}): each is recognised, the manifest is the undisturbed one`, async () => {
      const hour = mixedHour();
      const calm = new HourBench(tempFolder());
      const expected = committed(
        await [0, 1, 2].reduce<Promise<Awaited<ReturnType<HourBench['classifyShard']>>>>(
          async (former, index) => {
            await former;
            return hour.classifyShard(index, 3, { staging: calm.staging, records: calm.records });
          },
          Promise.resolve({ outcome: 'spare', epoch: 1, shards: 0 }),
        ),
      );
      const lost = new Set<string>();
      const create = async (key: string, go: () => Promise<void>): Promise<void> => {
        await go();
        if (lost.has(key)) return;
        lost.add(key);
        throw error();
      };
      const [staging, records] = [hour.staging, hour.records].map(
        (store) => new FaultyStore(store, { create }),
      );
      const results = [];
      for (const index of [0, 1, 2])
        results.push(await hour.classifyShard(index, 3, { staging: staging!, records: records! }));
      assert.deepEqual(committed(results[2]!), expected);
      assert.ok([...lost].some((key) => key.startsWith('plans/')));
      assert.equal([...lost].filter((key) => key.startsWith('shards/')).length, 3);
    });
  }

  it('a create of the plan that failed and left nothing: the error is told, the next run ends right', async () => {
    const hour = plainHour(2);
    const create = (): Promise<void> => Promise.reject(new TransientError('503'));
    await assert.rejects(
      hour.classifyShard(0, 2, { records: new FaultyStore(hour.records, { create }) }),
      /503/,
    );
    assert.deepEqual(hour.written(), []);
    await hour.classifyShard(0, 2);
    assert.equal(said(await hour.classifyShard(1, 2)), 'committed');
  });
});
