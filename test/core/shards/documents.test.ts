import assert from 'node:assert/strict';
import { ConservationError, TerminalError } from '../../../workloads/core/errors.ts';
import { parseHour } from '../../../workloads/core/hour.ts';
import type { StagedObject } from '../../../workloads/core/manifest.ts';
import { fingerprintOf, type Plan } from '../../../workloads/core/plan.ts';
import {
  basisDigest,
  objectsOfShard,
  parseShardPlan,
  serialiseShardPlan,
  shardPlanDigest,
  stillHolds,
  type ShardBasis,
  type ShardPlan,
} from '../../../workloads/core/shards/shard-plan.ts';
import {
  assertSameMeaning,
  joinFindings,
  parseShardRecord,
  serialiseShardRecord,
  type ShardRecord,
} from '../../../workloads/core/shards/shard-record.ts';

const objects: Plan = ['a', 'b', 'c'].map((key) => ({ key, etag: `e${key}`, size: 10 }));
const plan: ShardPlan = {
  version: 1,
  hour: parseHour('2026-11-20T14'),
  basis: 'basis',
  fingerprint: fingerprintOf(objects),
  objects,
  ranges: [
    { from: 'a', to: 'b', objects: 2, bytes: 20 },
    { from: 'c', to: 'c', objects: 1, bytes: 10 },
  ],
};
const part: StagedObject = { key: 'x/1', rows: 2, bytes: 20, size: 9, crc32c: 'AAAAAA==', sha256: 'f' };
const record: ShardRecord = {
  version: 1,
  hour: plan.hour,
  plan: shardPlanDigest(plan),
  index: 0,
  sources: objects.slice(0, 2).map((object) => ({ ...object, lines: 2, bytes: 15 })),
  ...{ blank: 1, staged: 2, quarantined: 1, duplicateTypeKeys: 3 },
  reasons: { no_type: 1 },
  types: [{ type: 'x', table: 'x', rows: 2, bytes: 20, objects: [part] }],
  quarantine: { bin: 'b', index: 'i', records: 1 },
};
const own = { plan: record.plan, index: 0, objects: objects.slice(0, 2) };

const refused = (what: RegExp) => (error: unknown) =>
  error instanceof TerminalError && error.message.includes('k.json') && what.test(error.message);

describe('a shard plan', () => {
  it('is read back unchanged, and each shard’s objects from it', () => {
    assert.deepEqual(parseShardPlan('k.json', serialiseShardPlan(plan), plan), plan);
    assert.deepEqual(objectsOfShard(plan, 0), objects.slice(0, 2));
    assert.deepEqual(objectsOfShard(plan, 1), objects.slice(2));
    assert.deepEqual(objectsOfShard(plan, 2), []);
  });

  for (const [what, changes, message] of [
    [
      'of another hour',
      { hour: parseHour('2026-11-20T15') },
      /expected hour 2026-11-20T14, found 2026-11-20T15/,
    ],
    ['of another basis', { basis: 'other' }, /expected basis basis, found other/],
    ['with other objects', { objects: objects.slice(1) }, /expected objects of fingerprint/],
    ['with a range too few', { ranges: plan.ranges.slice(1) }, /expected ranges of 3 objects, found 1/],
    ['of a later version', { version: 2 as 1 }, /expected version 1, found 2/],
  ] as const) {
    it(`${what} is refused and names the key`, () => {
      const text = serialiseShardPlan({ ...plan, ...changes });
      assert.throws(() => parseShardPlan('k.json', text, plan), refused(message));
    });
  }

  it('holds while its objects are as they were, also beside new ones', () => {
    const extra = { key: 'd', etag: 'ed', size: 1 };
    assert.equal(stillHolds(plan, [...objects, extra]), true);
    assert.equal(stillHolds(plan, objects.slice(1)), false);
    assert.equal(stillHolds(plan, [{ ...objects[0]!, etag: 'new' }, ...objects.slice(1)]), false);
    assert.equal(stillHolds(plan, [{ ...objects[0]!, size: 11 }, ...objects.slice(1)]), false);
  });

  it('has a basis that differs with everything that parts and manifest depend on', () => {
    const basis: ShardBasis = {
      ...{ epoch: 1, former: '', again: 0, allowShrink: false, typeKey: 't', partBytes: 1 },
      ...{ maxShards: 2, shardBytes: 9 },
      types: [['a', 'a']],
      compression: { kind: 'gzip', level: 1 },
    };
    const changes: readonly Partial<ShardBasis>[] = [
      ...[{}, { epoch: 2 }, { former: 'f' }, { again: 1 }, { allowShrink: true }, { typeKey: 'u' }],
      ...[
        { partBytes: 2 },
        { maxShards: 3 },
        { shardBytes: 8 },
        { types: [['a', 'b']] as const },
        { types: [] },
      ],
      ...([
        { compression: { kind: 'none', level: 1 } },
        { compression: { kind: 'gzip', level: 2 } },
      ] as const),
    ];
    const digests = changes.map((change) => basisDigest({ ...basis, ...change }));
    assert.equal(new Set(digests).size, changes.length);
    assert.equal(basisDigest({ ...basis }), digests[0]);
  });
});

describe('a shard record', () => {
  it('is read back unchanged', () => {
    assert.deepEqual(parseShardRecord('k.json', serialiseShardRecord(record), own), record);
  });

  for (const [what, changes, message] of [
    ['of another plan', { plan: 'other' }, /found shard 0 of plan other/],
    ['of another shard', { index: 1 }, /expected shard 0 of plan .*, found shard 1/],
    ['of other objects', { sources: record.sources.slice(1) }, /expected the 2 objects of its range/],
    ['of a later version', { version: 2 as 1 }, /expected version 1, found 2/],
  ] as const) {
    it(`${what} is refused and names the key`, () => {
      const text = serialiseShardRecord({ ...record, ...changes });
      assert.throws(() => parseShardRecord('k.json', text, own), refused(message));
    });
  }

  it('may name parts of another codec’s release, and nothing else that differs', () => {
    const types = (rows: number, key: string) => [
      { ...record.types[0]!, rows, objects: [{ ...part, rows, key, size: 8, sha256: 'e', crc32c: 'other' }] },
    ];
    assert.doesNotThrow(() => assertSameMeaning('k', { ...record, types: types(2, 'x/2') }, record));
    for (const change of [
      { types: types(3, 'x/1') },
      { blank: 2 },
      { quarantined: 0 },
      { reasons: { too_deep: 1 } },
      { sources: record.sources.slice(1) },
      { duplicateTypeKeys: 0 },
    ])
      assert.throws(() => assertSameMeaning('k', { ...record, ...change }, record), ConservationError);
  });

  it('joins others: figures are summed, sources and parts stand in the order of the shards', () => {
    const other = { ...part, key: 'x/2', rows: 1, bytes: 7 };
    const second: ShardRecord = {
      ...record,
      index: 1,
      sources: [{ ...objects[2]!, lines: 4, bytes: 9 }],
      ...{ blank: 0, staged: 2, quarantined: 2, duplicateTypeKeys: 1 },
      reasons: { no_type: 1, not_utf8: 1 },
      types: [
        { type: 'y', table: 'y', rows: 1, bytes: 2, objects: [{ ...part, key: 'y/1', rows: 1, bytes: 2 }] },
        { type: 'x', table: 'x', rows: 1, bytes: 7, objects: [other] },
      ],
    };
    assert.deepEqual(joinFindings([record, second]), {
      sources: [...record.sources, ...second.sources],
      ...{ blank: 1, staged: 4, quarantined: 3, duplicateTypeKeys: 4 },
      reasons: { no_type: 2, not_utf8: 1 },
      types: [{ type: 'x', table: 'x', rows: 3, bytes: 27, objects: [part, other] }, second.types[0]],
    });
  });
});
