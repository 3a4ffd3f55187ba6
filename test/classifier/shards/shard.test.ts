import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { NotReadyError } from '../../../workloads/core/errors.ts';
import type { Manifest } from '../../../workloads/core/manifest.ts';
import { FaultyStore } from '../../support/faulty-store.ts';
import { HourBench } from '../../support/hour-bench.ts';
import { tempFolder } from '../../support/temp.ts';
import { A, committed, mixedHour, plainHour, said } from './mixed-hour.ts';

const rowsOf = (hour: HourBench, manifest: Manifest): string => hour.staged(manifest, 'a').toString();

/** Keys below a prefix of records, shortened to what a test asks for. */
const recordsBelow = (hour: HourBench, folder: string): string[] =>
  hour
    .written()
    .filter((name) => name.startsWith(`${folder}/2026/`))
    .map((name) => name.slice(`${folder}/2026/11/20/14/`.length));

describe('a shard', () => {
  it('that is recorded does nothing again, and goes straight to trying the manifest', async () => {
    const hour = plainHour(3);
    assert.equal(said(await hour.classifyShard(0, 3)), 'waiting 1 2');
    const written = hour.written();
    const source = new FaultyStore(hour.source, { read: () => Promise.reject(new Error('read again')) });
    assert.equal(said(await hour.classifyShard(0, 3, { source })), 'waiting 1 2');
    assert.deepEqual(hour.written(), written);
    await hour.classifyShard(1, 3);
    const records = new FaultyStore(hour.records, {
      create: (key, go) => (key.startsWith('manifests/') ? Promise.reject(new Error('killed')) : go()),
    });
    await assert.rejects(hour.classifyShard(2, 3, { records }), /killed/);
    assert.deepEqual(hour.epochs(), []);
    const manifest = committed(await hour.classifyShard(1, 3, { source }));
    assert.equal(rowsOf(hour, manifest), A(1) + A(2) + A(3));
  });

  it('of which staging lost a part makes the same part again', async () => {
    const hour = plainHour(2);
    await hour.classifyShard(0, 2);
    const before = hour.written();
    for (const name of readdirSync(join(hour.folder, 'staging', 'a', '2026/11/20/14')))
      rmSync(join(hour.folder, 'staging', 'a', '2026/11/20/14', name));
    assert.equal(said(await hour.classifyShard(0, 2)), 'waiting 1');
    assert.deepEqual(hour.written(), before);
    assert.match(
      hour.logged.map(({ message }) => message).join('\n'),
      /shard 0 is recorded, but .* gone or changed/,
    );
    assert.equal(rowsOf(hour, committed(await hour.classifyShard(1, 2))), A(1) + A(2));
  });

  it('twice at once is recorded once, and both say the same', async () => {
    const hour = mixedHour();
    await Promise.all([hour.classifyShard(0, 3), hour.classifyShard(0, 3), hour.classifyShard(0, 3)]);
    assert.equal(recordsBelow(hour, 'plans').length, 1);
    assert.deepEqual(
      recordsBelow(hour, 'shards').map((name) => name.slice(13)),
      ['0.json'],
    );
    assert.equal(said(await hour.classifyShard(1, 3)), 'waiting 2');
    assert.equal(said(await hour.classifyShard(2, 3)), 'committed');
  });

  it('all at once, each three times: one plan, a record each, one manifest', async () => {
    const hour = mixedHour();
    const runs = [0, 1, 2, 3, 4].flatMap((index) => [index, index, index]);
    const results = await Promise.all(runs.map((index) => hour.classifyShard(index, 5)));
    assert.deepEqual(hour.epochs(), ['1.json']);
    assert.equal(recordsBelow(hour, 'plans').length, 1);
    assert.equal(recordsBelow(hour, 'shards').length, 5);
    assert.equal(results.filter(({ outcome }) => outcome === 'committed').length, 1);
  });

  it('above the plan’s last has nothing to do, and a huge object is not split', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    hour.put('1.json', A(1).repeat(100));
    hour.put('2.json', A(2));
    assert.equal(said(await hour.classifyShard(2, 8)), 'spare');
    assert.equal(said(await hour.classifyShard(7, 8)), 'spare');
    assert.equal(said(await hour.classifyShard(0, 8)), 'waiting 1');
    assert.equal(committed(await hour.classifyShard(1, 8)).staged, 101);
  });

  it('0 does a small hour alone, as one process does it: no record of a shard', async () => {
    const hour = plainHour(3);
    const small = 1_000;
    assert.equal(said(await hour.classifyShard(1, 8, {}, small)), 'spare');
    assert.equal(said(await hour.classifyShard(0, 8, {}, small)), 'committed');
    assert.equal(said(await hour.classifyShard(1, 8, {}, small)), 'unchanged');
    assert.deepEqual([recordsBelow(hour, 'shards'), recordsBelow(hour, 'plans').length], [[], 1]);
  });

  it('0 does an empty hour, and a prefix that never had a key is an error of each', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    await assert.rejects(hour.classifyShard(0, 3), /found none in any hour/);
    await assert.rejects(hour.classifyShard(1, 3), /found none in any hour/);
    assert.deepEqual(hour.written(), []);
    hour.put('../15/x.json', A(1));
    assert.equal(said(await hour.classifyShard(1, 3)), 'spare');
    assert.equal(committed(await hour.classifyShard(0, 3)).lines, 0);
  });

  it('of an hour that is not over is not ready; --open takes it', async () => {
    const hour = plainHour(2);
    const clock = { now: () => new Date('2026-11-20T14:30:00Z') };
    await assert.rejects(hour.classifyShard(0, 2, { clock }), NotReadyError);
    assert.equal(said(await hour.classifyShard(0, 2, { clock, open: true })), 'waiting 1');
    assert.equal(said(await hour.classifyShard(1, 2, { clock, open: true })), 'committed');
  });
});
