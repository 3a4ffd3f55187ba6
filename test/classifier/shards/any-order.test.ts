import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TransientError } from '../../../workloads/core/errors.ts';
import { latestManifest } from '../../../workloads/core/records.ts';
import { FaultyStore, type Faults } from '../../support/faulty-store.ts';
import { HOUR, HourBench } from '../../support/hour-bench.ts';
import { tempFolder } from '../../support/temp.ts';
import { A, putMixed, withoutParts } from './mixed-hour.ts';

const SHARDS = 3;

/** What happens to an hour: shards that run together, each of which may die at one of its creates, or a source that changes. */
type Event =
  | { readonly run: readonly { readonly index: number; readonly dies: number; readonly after: boolean }[] }
  | { readonly put: number };

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      run: fc.array(
        fc.record({
          index: fc.nat({ max: SHARDS - 1 }),
          // Some creates are more than a run has: it lives.
          dies: fc.integer({ min: 1, max: 12 }),
          after: fc.boolean(),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ put: fc.integer({ min: 6, max: 8 }) }) },
);

/** Lets a run's `dies`-th create be its last call, made or not. */
function dying(dies: number, after: boolean): Faults {
  let creates = 0;
  return {
    create: async (_key, go) => {
      creates++;
      if (creates > dies) throw new Error('killed');
      if (creates < dies) return go();
      if (after) await go();
      throw new Error('killed');
    },
  };
}

/** A run may end by its kill, or be told to come again; anything else is a defect that the next run would hide. */
function assertExpected(reason: unknown): void {
  if (reason instanceof TransientError) return;
  assert.equal((reason as Error).message, 'killed', String(reason));
}

describe('shards in any order', () => {
  it('that die anywhere, together and again, while objects arrive and grow: the next whole runs leave what one process makes of the source', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 6 }), async (events) => {
        const hour = new HourBench(tempFolder(), 'a', 'b');
        putMixed(hour);
        let version = 0;
        for (const each of events) {
          if ('put' in each) {
            // Always longer: a shorter one would park the hour.
            hour.put(`${each.put}.json`, A(each.put).repeat(++version));
            continue;
          }
          const results = await Promise.allSettled(
            each.run.map(({ index, dies, after }) => {
              const faults = dying(dies, after);
              const [staging, records] = [hour.staging, hour.records].map(
                (store) => new FaultyStore(store, faults),
              );
              return hour.classifyShard(index, SHARDS, { staging: staging!, records: records! });
            }),
          );
          for (const result of results) if (result.status === 'rejected') assertExpected(result.reason);
        }
        // A plan that a shard had worked on comes first, and what has come since after it.
        for (let round = 0; round < 2; round++)
          for (let index = 0; index < SHARDS; index++) await hour.classifyShard(index, SHARDS);
        const manifest = (await latestManifest(hour.records, HOUR))!;
        const alone = new HourBench(tempFolder());
        const expected = (await hour.classify({ staging: alone.staging, records: alone.records })).manifest;
        assert.deepEqual(
          { ...withoutParts(manifest), epoch: 0, quarantine: null },
          { ...withoutParts(expected), epoch: 0, quarantine: null },
        );
        assert.deepEqual(hour.quarantined(manifest), alone.quarantined(expected));
        for (const type of ['a', 'b'])
          assert.deepEqual(hour.staged(manifest, type), alone.staged(expected, type));
      }),
      { numRuns: 15 },
    );
  });

  it('that lose answers instead of dying end as if nothing had been', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }), async (losses) => {
        const hour = new HourBench(tempFolder(), 'a', 'b');
        putMixed(hour);
        let call = 0;
        const create = async (_key: string, go: () => Promise<void>): Promise<void> => {
          await go();
          if (losses[call++ % losses.length]) throw new TransientError('socket hang up');
        };
        const [staging, records] = [hour.staging, hour.records].map(
          (store) => new FaultyStore(store, { create }),
        );
        const places = { staging: staging!, records: records! };
        await Promise.all([0, 1, 2].map((index) => hour.classifyShard(index, SHARDS, places)));
        assert.deepEqual(hour.epochs(), ['1.json']);
      }),
      { numRuns: 10 },
    );
  });
});
