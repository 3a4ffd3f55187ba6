import assert from 'node:assert/strict';
import { sha256 } from '../../workloads/core/digest.ts';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { NotReadyError, TransientError, UsageError } from '../../workloads/core/errors.ts';
import { FaultyStore } from '../support/faulty-store.ts';
import { HourBench, lineOf, schemasOf } from '../support/hour-bench.ts';
import { tempFolder } from '../support/temp.ts';

const lineA = (n: number): string => `${lineOf('a', { n })}\n`;
const lineB = (n: number): string => `${lineOf('b', { n })}\n`;
const DAMAGED = gzipSync(lineB(99)).subarray(0, -3);
const withB = { schemas: schemasOf('a', 'b') };

/** Epoch 1: two `a` staged; two `b`, one `c`, one broken line and one damaged object set aside. */
async function classified(): Promise<HourBench> {
  const hour = new HourBench(tempFolder(), 'a');
  hour.put('1.json', `\uFEFF${lineB(0)}${lineA(1)}\n${lineOf('c')}\r\nbroken`);
  hour.put('2.gz', DAMAGED);
  hour.put('3.json', lineA(2) + lineB(3));
  const { manifest } = await hour.classify();
  assert.deepEqual([manifest.lines, manifest.staged, manifest.quarantined, manifest.blank], [7, 2, 4, 1]);
  return hour;
}

describe('replay of quarantine', () => {
  it('after a schema was added only its lines move; former parts are carried, ids recorded, counts conserved', async () => {
    const hour = await classified();
    const former = (await hour.classify()).manifest;
    const ids = hour
      .quarantined(former)
      .filter(({ raw }) => raw.includes('"b"'))
      .map(({ id }) => id);
    const { outcome, manifest, replayed } = await hour.replay(withB);
    assert.deepEqual([outcome, replayed, manifest.epoch], ['committed', 2, 2]);
    assert.deepEqual(
      [manifest.lines, manifest.staged, manifest.quarantined, manifest.blank, manifest.damaged],
      [7, 4, 2, 1, true],
    );
    assert.deepEqual(manifest.replayed, {
      count: 2,
      digest: ids.reduce((digest, id) => sha256(digest, id), ''),
    });
    assert.deepEqual(manifest.types[0], former.types[0]);
    assert.equal(hour.staged(manifest, 'b').toString(), lineB(0) + lineB(3));
    assert.deepEqual(manifest.sources, former.sources);
  });

  it('what stays keeps its id, place and bytes; a damaged object stays whole', async () => {
    const hour = await classified();
    const before = hour.quarantined((await hour.classify()).manifest);
    const { manifest } = await hour.replay(withB);
    const place = ({ id, object, etag, line, byteOffset, length, reason, raw }: (typeof before)[number]) => [
      id,
      object,
      etag,
      line,
      byteOffset,
      length,
      reason,
      raw.toString('latin1'),
    ];
    const after = hour.quarantined(manifest);
    assert.deepEqual(after.map(place), before.filter(({ raw }) => !raw.includes('"b"')).map(place));
    assert.ok(after.find(({ line }) => line === null)!.raw.equals(DAMAGED));
  });

  it('a second replay and a plain classification afterwards do nothing', async () => {
    const hour = await classified();
    await hour.replay(withB);
    const before = hour.written();
    const again = await hour.replay(withB);
    assert.deepEqual([again.outcome, again.replayed, again.manifest.epoch], ['unchanged', 0, 2]);
    assert.deepEqual([(await hour.classify(withB)).outcome, hour.epochs().length], ['unchanged', 2]);
    assert.deepEqual(hour.written(), before);
  });

  it('nothing found a type: nothing is written', async () => {
    const hour = await classified();
    const before = hour.written();
    assert.deepEqual((await hour.replay()).outcome, 'unchanged');
    assert.deepEqual(hour.written(), before);
  });

  it('works after the source is gone', async () => {
    const hour = await classified();
    rmSync(join(hour.folder, 'source'), { recursive: true });
    const { manifest } = await hour.replay(withB);
    assert.equal(hour.staged(manifest, 'b').toString(), lineB(0) + lineB(3));
  });

  it('a late file after a replay: the next epoch comes from the source, nothing counts twice', async () => {
    const hour = await classified();
    await hour.replay(withB);
    hour.put('4.json', lineB(4));
    const { manifest } = await hour.classify(withB);
    assert.deepEqual(
      [manifest.epoch, manifest.lines, manifest.staged, manifest.quarantined, manifest.replayed.count],
      [3, 8, 5, 2, 0],
    );
    assert.equal(hour.staged(manifest, 'b').toString(), lineB(0) + lineB(3) + lineB(4));
  });

  it('two replays, one schema each: the second carries what the first did', async () => {
    const hour = await classified();
    const first = await hour.replay(withB);
    const second = await hour.replay({ schemas: schemasOf('a', 'b', 'c') });
    assert.deepEqual(
      [second.manifest.epoch, second.replayed, second.manifest.staged, second.manifest.quarantined],
      [3, 1, 5, 1],
    );
    assert.equal(second.manifest.replayed.count, 3);
    assert.deepEqual(second.manifest.types[1], first.manifest.types[1]);
    assert.equal(hour.staged(second.manifest, 'c').toString(), `${lineOf('c')}\n`);
  });

  it('everything found a type and no object is damaged: the next epoch has no quarantine', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    hour.put('x.json', lineB(1) + lineB(2));
    await hour.classify();
    const { manifest } = await hour.replay(withB);
    assert.deepEqual([manifest.quarantine, manifest.quarantined, manifest.staged], [null, 0, 2]);
  });

  it('two replays at once: one epoch', async () => {
    const hour = await classified();
    const results = await Promise.all([hour.replay(withB), hour.replay(withB)]);
    assert.deepEqual(hour.epochs(), ['1.json', '2.json']);
    assert.equal(new Set(results.map(({ manifest }) => manifest.identity)).size, 1);
  });

  it('lost acknowledgements while replaying: recognised', async () => {
    const hour = await classified();
    const create = async (_key: string, go: () => Promise<void>): Promise<void> => {
      await go();
      throw new TransientError('socket hang up');
    };
    const { manifest } = await hour.replay({
      ...withB,
      staging: new FaultyStore(hour.staging, { create }),
      records: new FaultyStore(hour.records, { create }),
    });
    assert.deepEqual([manifest.epoch, manifest.staged, hour.epochs().length], [2, 4, 2]);
  });

  it('without a manifest: not ready; with another type key: a usage error', async () => {
    await assert.rejects(new HourBench(tempFolder(), 'a').replay(), NotReadyError);
    const hour = await classified();
    await assert.rejects(hour.replay({ ...withB, typeKey: 'kind' }), UsageError);
  });
});
