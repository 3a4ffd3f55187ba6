import assert from 'node:assert/strict';
import { ParkedError, SourceChangedError } from '../../../workloads/core/errors.ts';
import type { Manifest } from '../../../workloads/core/manifest.ts';
import { FaultyStore } from '../../support/faulty-store.ts';
import { HourBench, schemasOf } from '../../support/hour-bench.ts';
import { A, committed, plainHour, said } from './mixed-hour.ts';

const rowsOf = (hour: HourBench, manifest: Manifest): string => hour.staged(manifest, 'a').toString();

describe('shards and a source that changes', () => {
  it('a late file before any shard is done: the newer listing is the plan', async () => {
    const hour = plainHour(2);
    const staging = new FaultyStore(hour.staging, { create: () => Promise.reject(new Error('killed')) });
    await assert.rejects(hour.classifyShard(0, 3, { staging }), /killed/);
    hour.put('3.json', A(3));
    assert.equal(said(await hour.classifyShard(1, 3)), 'waiting 0 2');
    assert.equal(said(await hour.classifyShard(0, 3)), 'waiting 2');
    assert.equal(rowsOf(hour, committed(await hour.classifyShard(2, 3))), A(1) + A(2) + A(3));
    assert.deepEqual(hour.epochs(), ['1.json']);
  });

  it('a late file after a shard is done: the plan is finished, for that shard’s pod may be gone; then comes the next epoch', async () => {
    const hour = plainHour(2);
    assert.equal(said(await hour.classifyShard(0, 2)), 'waiting 1');
    hour.put('3.json', A(3));
    assert.equal(said(await hour.classifyShard(1, 2)), 'waiting 0');
    assert.deepEqual(hour.epochs(), ['1.json']);
    assert.equal(
      rowsOf(hour, (await hour.classify({ schemas: schemasOf('a') })).manifest),
      A(1) + A(2) + A(3),
    );
    assert.equal(said(await hour.classifyShard(0, 2)), 'unchanged');
    assert.deepEqual(hour.epochs(), ['1.json', '2.json']);
  });

  it('the same by the next run of all shards', async () => {
    const hour = plainHour(2);
    await hour.classifyShard(0, 2);
    hour.put('3.json', A(3));
    await hour.classifyShard(1, 2);
    assert.equal(rowsOf(hour, committed(await hour.classifyShard(0, 2))), A(1) + A(2) + A(3));
    assert.deepEqual(hour.epochs(), ['1.json', '2.json']);
  });

  it('a late file between two listings, and the pod of the newer one ends first: the other one notices, and nothing waits', async () => {
    const hour = plainHour(2);
    let other: string | undefined;
    // Shard 0 has its plan, and no record yet.
    const staging = new FaultyStore(hour.staging, {
      create: async (_key, go) => {
        if (other === undefined) {
          other = 'begun';
          hour.put('3.json', A(3));
          other = said(await hour.classifyShard(1, 2));
        }
        return go();
      },
    });
    const result = await hour.classifyShard(0, 2, { staging });
    assert.equal(other, 'waiting 0');
    assert.equal(result.outcome, 'committed');
    assert.equal(rowsOf(hour, committed(result)), A(1) + A(2) + A(3));
    assert.deepEqual(hour.epochs(), ['1.json']);
  });

  it('a late huge object leaves the last shard nothing of the next epoch: it says that it committed this one', async () => {
    const hour = plainHour(3);
    for (const index of [0, 1]) await hour.classifyShard(index, 3);
    hour.put('4.json', A(4).repeat(100));
    const result = await hour.classifyShard(2, 3);
    assert.equal(result.outcome, 'committed');
    const manifest = committed(result);
    assert.deepEqual([manifest.epoch, rowsOf(hour, manifest)], [1, A(1) + A(2) + A(3)]);
    assert.equal(said(await hour.classifyShard(2, 3)), 'spare');
  });

  it('more plans given up than there are slots: shard 0 takes the hour whole, for a slot is never given back', async () => {
    const hour = plainHour(1);
    for (let version = 1; version <= 100; version++) {
      hour.put('1.json', A(1).repeat(version));
      assert.equal(said(await hour.classifyShard(1, 2)), 'spare');
    }
    hour.put('1.json', A(1));
    hour.put('2.json', A(2));
    assert.equal(said(await hour.classifyShard(1, 2)), 'spare');
    assert.deepEqual(hour.epochs(), []);
    assert.equal(rowsOf(hour, committed(await hour.classifyShard(0, 2))), A(1) + A(2));
    assert.match(
      hour.logged.at(-1)!.message,
      /found 100 that the source has left behind: shard 0 takes the hour whole/,
    );
    assert.equal(said(await hour.classifyShard(1, 2)), 'unchanged');
  });

  it('an object overwritten while a shard reads: its attempt ends, the new listing is the plan, never half of each', async () => {
    const hour = plainHour(2);
    assert.equal(said(await hour.classifyShard(0, 2)), 'waiting 1');
    let changed = false;
    const source = new FaultyStore(hour.source, {
      read: (_key, go) => {
        if (!changed) hour.put('2.json', A(22) + A(23));
        changed = true;
        return go();
      },
    });
    assert.equal(said(await hour.classifyShard(1, 2, { source })), 'waiting 0');
    assert.deepEqual(hour.epochs(), []);
    assert.equal(rowsOf(hour, committed(await hour.classifyShard(0, 2))), A(1) + A(22) + A(23));
  });

  it('an object that changes at each read: SourceChangedError (75), no manifest', async () => {
    const hour = plainHour(2);
    let n = 100;
    const source = new FaultyStore(hour.source, {
      read: (_key, go) => {
        hour.put('1.json', A(n++).repeat(n));
        return go();
      },
    });
    await assert.rejects(hour.classifyShard(0, 2, { source }), SourceChangedError);
    assert.deepEqual(hour.epochs(), []);
  });

  it('an object that vanished since a shard was done: that plan is never finished', async () => {
    const hour = plainHour(3);
    await hour.classifyShard(0, 3);
    hour.remove('1.json');
    assert.equal(said(await hour.classifyShard(2, 3)), 'spare');
    assert.equal(said(await hour.classifyShard(1, 3)), 'waiting 0');
    assert.equal(rowsOf(hour, committed(await hour.classifyShard(0, 3))), A(2) + A(3));
  });

  it('an object that vanished since the last epoch parks each shard until --allow-shrink, in which all must agree', async () => {
    const hour = plainHour(3);
    await hour.classify();
    hour.remove('2.json');
    for (const index of [0, 1]) await assert.rejects(hour.classifyShard(index, 2), ParkedError);
    assert.equal(said(await hour.classifyShard(0, 2, { allowShrink: true })), 'waiting 1');
    await assert.rejects(hour.classifyShard(1, 2), ParkedError);
    const manifest = committed(await hour.classifyShard(1, 2, { allowShrink: true }));
    assert.deepEqual([manifest.epoch, rowsOf(hour, manifest)], [2, A(1) + A(3)]);
  });
});
