import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fingerprintOf, identityOf, makePlan, shrinkageOf } from '../../workloads/core/plan.ts';

const object = fc.record({ key: fc.string({ unit: 'binary' }), etag: fc.string(), size: fc.nat() });
const unique = fc.uniqueArray(object, { selector: ({ key }) => key });

describe('the plan', () => {
  it('is the same for the same objects, in whatever order and however often they were listed', () => {
    fc.assert(
      fc.property(unique, (objects) => {
        const plan = makePlan(objects);
        assert.deepEqual(makePlan([...objects.toReversed(), ...objects]), plan);
        assert.equal(fingerprintOf(makePlan(objects.toReversed())), fingerprintOf(plan));
      }),
    );
  });

  it('is sorted in the byte order of UTF-8, as buckets list', () => {
    const keys = ['a', 'a/b', 'a0', 'B', '\u{1F600}', '\uFFFD', '한'];
    assert.deepEqual(
      makePlan(keys.map((key) => ({ key, etag: '', size: 0 }))).map(({ key }) => key),
      ['B', 'a', 'a/b', 'a0', '한', '\uFFFD', '\u{1F600}'],
    );
  });

  it('another key, etag or size, or one object more, is another fingerprint', () => {
    const base = { key: 'a', etag: 'b', size: 1 };
    const plans = [
      [],
      [base],
      [{ ...base, key: 'ab', etag: '' }],
      [{ ...base, etag: 'c' }],
      [{ ...base, size: 2 }],
      [base, { ...base, key: 'b' }],
    ];
    assert.equal(new Set(plans.map((plan) => fingerprintOf(plan))).size, plans.length);
  });

  it('identity: the order of types does not count, all else does', () => {
    const one = { fingerprint: 'f', typeKey: 'k', typeNames: ['a', 'b'], replayed: '1', again: 0 };
    assert.equal(identityOf({ ...one, typeNames: ['b', 'a'] }), identityOf(one));
    const others = [
      { fingerprint: 'g' },
      { typeKey: 'l' },
      { typeNames: ['a'] },
      { typeNames: ['ab'] },
      { replayed: '' },
      { again: 1 },
      { replayed: '0', again: 1 },
    ];
    assert.equal(
      new Set([one, ...others.map((other) => ({ ...one, ...other }))].map(identityOf)).size,
      others.length + 1,
    );
  });

  it('a fingerprint of 300,000 objects is not bounded by a call’s arguments', () => {
    const plan = Array.from({ length: 300_000 }, (_, n) => ({ key: `k${n}`, etag: 'x', size: n }));
    assert.match(fingerprintOf(plan), /^[0-9a-f]{64}$/);
  });

  it('lost is what vanished or is smaller; grown, rewritten and new objects are not', () => {
    const before = [1, 2, 3, 4].map((n) => ({ key: `k${n}`, etag: 'x', size: 10 }));
    const now = [
      { key: 'k1', etag: 'x', size: 10 },
      { key: 'k2', etag: 'y', size: 9 },
      { key: 'k3', etag: 'y', size: 11 },
      { key: 'new', etag: 'x', size: 0 },
    ];
    assert.deepEqual(shrinkageOf(before, now), [
      { key: 'k2', before: 10, now: 9 },
      { key: 'k4', before: 10, now: undefined },
    ]);
  });
});
