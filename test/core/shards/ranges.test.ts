import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Plan } from '../../../workloads/core/plan.ts';
import { splitRanges, type ShardRange } from '../../../workloads/core/shards/ranges.ts';

const planOf = (sizes: readonly number[]): Plan =>
  sizes.map((size, index) => ({ key: String(index).padStart(6, '0'), etag: 'e', size }));

const bytesOf = (ranges: readonly ShardRange[]): number[] => ranges.map(({ bytes }) => bytes);

/** The smallest largest range that at most `count` ranges of neighbours can have, by trying every cut. */
function smallestLargest(sizes: readonly number[], count: number): number {
  if (count === 1 || sizes.length <= 1) return sizes.reduce((sum, size) => sum + size, 0);
  let best = Infinity;
  let first = 0;
  for (let cut = 1; cut <= sizes.length; cut++) {
    first += sizes[cut - 1]!;
    best = Math.min(best, Math.max(first, smallestLargest(sizes.slice(cut), count - 1)));
  }
  return best;
}

describe('the ranges of a plan', () => {
  const sizes = fc.array(fc.nat({ max: 2 ** 40 }), { maxLength: 200 });
  const limits = fc.record({
    maxShards: fc.integer({ min: 1, max: 40 }),
    shardBytes: fc.integer({ min: 1, max: 2 ** 41 }),
  });

  it('follow one another, have every object once, and are no more than asked for', () => {
    fc.assert(
      fc.property(sizes, limits, (list, limit) => {
        const plan = planOf(list);
        const ranges = splitRanges(plan, limit);
        let next = 0;
        for (const { from, to, objects, bytes } of ranges) {
          const own = plan.slice(next, next + objects);
          assert.deepEqual([own[0]?.key ?? '', own.at(-1)?.key ?? ''], [from, to]);
          assert.equal(
            own.reduce((sum, { size }) => sum + size, 0),
            bytes,
          );
          next += objects;
        }
        assert.equal(next, plan.length);
        const total = list.reduce((sum, size) => sum + size, 0);
        const wanted = Math.min(limit.maxShards, Math.max(1, Math.ceil(total / limit.shardBytes)));
        assert.ok(ranges.length >= 1 && ranges.length <= wanted, `${ranges.length} of ${wanted}`);
        if (plan.length > 0) assert.ok(ranges.every(({ objects }) => objects > 0));
        assert.deepEqual(splitRanges(plan, limit), ranges);
      }),
    );
  });

  it('are balanced: no other cut has a smaller largest range', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 5 }),
        (list, maxShards) => {
          const ranges = splitRanges(planOf(list), { maxShards, shardBytes: 1 });
          const wanted = Math.min(
            maxShards,
            Math.max(
              1,
              list.reduce((sum, size) => sum + size, 0),
            ),
          );
          assert.equal(Math.max(...bytesOf(ranges)), smallestLargest(list, wanted));
        },
      ),
    );
  });

  it('are as many as the bytes ask for, at most maxShards', () => {
    const plan = planOf(Array.from({ length: 100 }, () => 10));
    const count = (maxShards: number, shardBytes: number): number =>
      splitRanges(plan, { maxShards, shardBytes }).length;
    assert.deepEqual(
      [count(8, 1000), count(8, 999), count(8, 500), count(8, 334), count(8, 333), count(8, 1), count(1, 1)],
      [1, 2, 2, 3, 4, 8, 1],
    );
  });

  it('never cut an object: a huge one has a shard to itself, and those that would not help are not made', () => {
    const cut = (list: readonly number[], maxShards: number): number[] =>
      bytesOf(splitRanges(planOf(list), { maxShards, shardBytes: 1 }));
    assert.deepEqual(cut([1000, 1, 1, 1], 8), [1000, 3]);
    assert.deepEqual(cut([1, 1, 1000, 1, 1], 8), [2, 1000, 2]);
    assert.deepEqual(cut([1000], 8), [1000]);
    assert.deepEqual(cut([5, 5], 8), [5, 5]);
  });

  it('are one empty range for an hour without objects, and one for objects without bytes', () => {
    assert.deepEqual(splitRanges([], { maxShards: 8, shardBytes: 1 }), [
      { from: '', to: '', objects: 0, bytes: 0 },
    ]);
    assert.deepEqual(splitRanges(planOf([0, 0, 0]), { maxShards: 8, shardBytes: 1 }), [
      { from: '000000', to: '000002', objects: 3, bytes: 0 },
    ]);
  });
});
