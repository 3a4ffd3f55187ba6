import assert from 'node:assert/strict';
import fc from 'fast-check';
import { serialiseManifest } from '../../../workloads/core/manifest.ts';
import { HourBench, lineOf } from '../../support/hour-bench.ts';
import { tempFolder } from '../../support/temp.ts';
import { committed, mixedHour, said, withoutParts } from './mixed-hour.ts';

describe('an hour in shards', () => {
  const hour = mixedHour();

  for (const max of [1, 2, 3, 5, 8]) {
    it(`of at most ${max} is what one process makes of it: figures, rows in order, quarantine byte for byte`, async () => {
      const [whole, sharded] = [new HourBench(tempFolder(), 'a', 'b', 'c'), new HourBench(tempFolder())];
      const { source } = hour;
      const expected = (await hour.classify({ staging: whole.staging, records: whole.records })).manifest;
      const { staging, records } = sharded;
      const results = [];
      for (let index = 0; index < max; index++)
        results.push(await hour.classifyShard(index, max, { source, staging, records }));
      const last = Math.min(max, 5) - 1;
      const manifest = committed(results[last]!);
      assert.equal(results[last]!.outcome, 'committed');
      assert.deepEqual(
        results.slice(last + 1).map(said),
        results.slice(last + 1).map(() => 'unchanged'),
      );
      assert.deepEqual(withoutParts(manifest), withoutParts(expected));
      assert.deepEqual(
        [manifest.lines, manifest.staged, manifest.quarantined, manifest.blank],
        [11, 6, 3, 2],
      );
      for (const type of ['a', 'b', 'c'])
        assert.deepEqual(sharded.staged(manifest, type), whole.staged(expected, type));
      assert.deepEqual(sharded.quarantined(manifest), whole.quarantined(expected));
      if (max === 1) assert.equal(serialiseManifest(manifest), serialiseManifest(expected));
    });
  }

  it('commits the same bytes whichever shard is the last', async () => {
    const bytes = [];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      const { staging, records } = new HourBench(tempFolder());
      const results = [];
      for (const index of order) results.push(await hour.classifyShard(index, 3, { staging, records }));
      assert.deepEqual(results.map(said), [
        `waiting ${[0, 1, 2].filter((index) => index !== order[0]).join(' ')}`,
        `waiting ${order[2]}`,
        'committed',
      ]);
      bytes.push(serialiseManifest(committed(results[2]!)));
    }
    assert.equal(new Set(bytes).size, 1);
  });

  it('names the shard in each part, and none of the shards in the set-aside files', async () => {
    const { staging, records } = new HourBench(tempFolder());
    for (const index of [0, 1]) await hour.classifyShard(index, 3, { staging, records });
    const manifest = committed(await hour.classifyShard(2, 3, { staging, records }));
    const parts = manifest.types.flatMap(({ objects }) => objects.map(({ key }) => key));
    const names = parts.map((key) => /\/[0-9a-f]{12}-(\d-\d)-[0-9a-f]{12}\.ndjson\.gz$/.exec(key)?.[1]);
    assert.deepEqual(names, ['0-0', '1-0', '2-0', '0-0', '2-0']);
    assert.match(
      manifest.quarantine!.bin,
      /^quarantine\/2026\/11\/20\/14\/1-[0-9a-f]{12}-[0-9a-f]{12}\.bin\.gz$/,
    );
  });

  it('any lines, any number of shards, parts of any size: the same figures and rows as of one process', async () => {
    const line = fc.constantFrom(
      lineOf('a', { x: 1 }),
      lineOf('b'),
      lineOf('nobody'),
      '',
      '?',
      '{"log_type":1}',
    );
    const object = fc.array(line, { maxLength: 8 }).map((lines) => lines.map((text) => `${text}\n`).join(''));
    await fc.assert(
      fc.asyncProperty(
        fc.array(object, { maxLength: 6 }),
        fc.integer({ min: 2, max: 7 }),
        fc.integer({ min: 1, max: 60 }),
        async (objects, max, partBytes) => {
          const [whole, sharded] = [
            new HourBench(tempFolder(), 'a', 'b'),
            new HourBench(tempFolder(), 'a', 'b'),
          ];
          whole.put('../15/other.json', '');
          objects.forEach((content, index) => whole.put(`${index}.json`, content));
          const expected = (await whole.classify({ partBytes })).manifest;
          const { source } = whole;
          const outcomes = [];
          for (let index = max - 1; index >= 0; index--)
            outcomes.push(await sharded.classifyShard(index, max, { source, partBytes }));
          const manifest = committed(outcomes.at(-1)!);
          assert.deepEqual(withoutParts(manifest), withoutParts(expected));
          for (const type of ['a', 'b'])
            assert.deepEqual(sharded.staged(manifest, type), whole.staged(expected, type));
          assert.deepEqual(sharded.quarantined(manifest), whole.quarantined(expected));
        },
      ),
      { numRuns: 20 },
    );
  });
});
