import assert from 'node:assert/strict';
import { TransientError } from '../../workloads/core/errors.ts';
import { FaultyStore } from '../support/faulty-store.ts';
import { HourBench, lineOf } from '../support/hour-bench.ts';
import { tempFolder } from '../support/temp.ts';

describe('a manifest whose create failed and left nothing', () => {
  for (const [what, epochs] of [
    ['the first epoch', []],
    ['a next epoch, over a former one', ['1.json']],
  ] as const) {
    it(`${what}: that very error is told, which a retry can help, and nothing counts as committed`, async () => {
      const hour = new HourBench(tempFolder(), 'a');
      hour.put('x.json', `${lineOf('a', { n: 1 })}\n`);
      if (epochs.length > 0) await hour.classify();
      hour.put('y.json', `${lineOf('a', { n: 2 })}\n`);
      const failure = new TransientError('503');
      let creates = 0;
      const records = new FaultyStore(hour.records, {
        create: (key, go) => {
          if (!key.startsWith('manifests/')) return go();
          creates++;
          return Promise.reject(failure);
        },
      });
      await assert.rejects(hour.classify({ records }), (error) => error === failure);
      assert.equal(creates, 1);
      assert.deepEqual(hour.epochs(), epochs);
      assert.equal((await hour.classify()).manifest.staged, 2);
    });
  }
});
