import assert from 'node:assert/strict';
import { ParkedError } from '../../../workloads/core/errors.ts';
import type { Manifest } from '../../../workloads/core/manifest.ts';
import { HourBench, lineOf, schemasOf } from '../../support/hour-bench.ts';
import { tempFolder } from '../../support/temp.ts';
import { A, committed, mixedHour, plainHour, said, withoutParts } from './mixed-hour.ts';

const rowsOf = (hour: HourBench, manifest: Manifest): string => hour.staged(manifest, 'a').toString();

describe('epochs in shards', () => {
  it('--again splits anew under names of its own, once for all shards, and a shard after the commit finds it done', async () => {
    const hour = plainHour(2);
    const first = (await hour.classify()).manifest;
    assert.equal(said(await hour.classifyShard(0, 2, { again: true })), 'waiting 1');
    assert.equal(said(await hour.classifyShard(0, 2, { again: true })), 'waiting 1');
    const manifest = committed(await hour.classifyShard(1, 2, { again: true }));
    assert.deepEqual([manifest.epoch, manifest.again, rowsOf(hour, manifest)], [2, 1, A(1) + A(2)]);
    const names = manifest.types[0]!.objects.map(({ key }) => /-(a1s\d-0)-/.exec(key)?.[1]);
    assert.deepEqual(names, ['a1s0-0', 'a1s1-0']);
    assert.notEqual(manifest.identity, first.identity);
    assert.equal(said(await hour.classifyShard(0, 2)), 'unchanged');
  });

  it('quarantined lines are replayed as ever', async () => {
    const hour = mixedHour();
    for (const index of [0, 1]) await hour.classifyShard(index, 3);
    const former = committed(await hour.classifyShard(2, 3));
    const { manifest, replayed } = await hour.replay({ schemas: schemasOf('a', 'b', 'c', 'nobody') });
    assert.deepEqual([replayed, manifest.epoch, manifest.quarantined], [1, 2, former.quarantined - 1]);
    assert.equal(hour.staged(manifest, 'nobody').toString(), `${lineOf('nobody')}\n`);
    assert.equal(
      said(await hour.classifyShard(0, 3, { schemas: schemasOf('a', 'b', 'c', 'nobody') })),
      'unchanged',
    );
  });

  it('a type without rows in the new epoch is listed, so that its stale rows are removed; the schema guard holds', async () => {
    const hour = mixedHour();
    await hour.classify();
    await assert.rejects(hour.classifyShard(0, 3, { schemas: schemasOf('a') }), ParkedError);
    const changes = { schemas: schemasOf('a'), allowShrink: true };
    for (const index of [0, 1]) await hour.classifyShard(index, 3, changes);
    const manifest = committed(await hour.classifyShard(2, 3, changes));
    assert.deepEqual(
      manifest.types.map(({ type, rows }) => [type, rows]),
      [
        ['a', 4],
        ['b', 0],
        ['c', 0],
      ],
    );
  });

  it('a schema more: the next epoch, equal to that of one process', async () => {
    const hour = mixedHour();
    const changes = { schemas: schemasOf('a', 'b', 'c', 'nobody') };
    const alone = new HourBench(tempFolder());
    const places = { staging: alone.staging, records: alone.records };
    await hour.classify();
    await hour.classify(places);
    const expected = (await hour.classify({ ...changes, ...places })).manifest;
    for (const index of [0, 1]) await hour.classifyShard(index, 3, changes);
    const manifest = committed(await hour.classifyShard(2, 3, changes));
    assert.deepEqual(withoutParts(manifest), withoutParts(expected));
  });
});
