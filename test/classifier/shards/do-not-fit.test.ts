import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NotReadyError, TerminalError } from '../../../workloads/core/errors.ts';
import { FaultyStore } from '../../support/faulty-store.ts';
import { schemasOf } from '../../support/hour-bench.ts';
import { A, committed, mixedHour, plainHour, said } from './mixed-hour.ts';

describe('shards that do not fit together', () => {
  it('of other settings or schemas never meet in one manifest; each set commits or finds it committed', async () => {
    const hour = plainHour(2);
    const plain = { compression: { kind: 'none', level: 1 } } as const;
    assert.equal(said(await hour.classifyShard(0, 2)), 'waiting 1');
    assert.equal(said(await hour.classifyShard(1, 2, plain)), 'waiting 0');
    assert.equal(said(await hour.classifyShard(1, 2, { schemas: schemasOf('a', 'b') })), 'waiting 0');
    assert.equal(said(await hour.classifyShard(1, 2, { partBytes: 10 })), 'waiting 0');
    assert.deepEqual(hour.epochs(), []);
    const manifest = committed(await hour.classifyShard(0, 2, plain));
    assert.ok(manifest.types[0]!.objects.every(({ key }) => key.endsWith('.ndjson')));
    assert.equal(said(await hour.classifyShard(1, 2)), 'unchanged');
  });

  it('of a smaller maxShards make a plan of their own: the former one’s last shards have no pod any more', async () => {
    const hour = plainHour(3);
    assert.equal(said(await hour.classifyShard(0, 3)), 'waiting 1 2');
    assert.equal(said(await hour.classifyShard(0, 2)), 'waiting 1');
    assert.equal(said(await hour.classifyShard(1, 2)), 'committed');
  });

  it('of less work each make a plan of their own: the former one’s were too large to be done in time', async () => {
    const hour = plainHour(4);
    const large = 2 * A(1).length;
    assert.equal(said(await hour.classifyShard(0, 4, {}, large)), 'waiting 1');
    for (const index of [0, 1, 2]) await hour.classifyShard(index, 4);
    assert.equal(said(await hour.classifyShard(3, 4)), 'committed');
    assert.equal(said(await hour.classifyShard(1, 4, {}, large)), 'unchanged');
  });

  it('and a run without shards: whoever is first commits, the others find it committed', async () => {
    const hour = plainHour(2);
    await hour.classifyShard(0, 2);
    assert.equal((await hour.classify()).outcome, 'committed');
    assert.equal(said(await hour.classifyShard(1, 2)), 'unchanged');
    assert.deepEqual(hour.epochs(), ['1.json']);
  });

  it('a run without shards that commits between a shard’s record and its manifest: recognised', async () => {
    const hour = plainHour(2);
    await hour.classifyShard(0, 2);
    const records = new FaultyStore(hour.records, {
      create: async (key, go) => {
        if (key.startsWith('manifests/')) await hour.classify();
        return go();
      },
    });
    assert.equal(said(await hour.classifyShard(1, 2, { records })), 'unchanged');
    assert.deepEqual(hour.epochs(), ['1.json']);
  });

  for (const [what, folder, message] of [
    ['plan', 'plans', /Shard plan .*expected/],
    ['shard record', 'shards', /Shard record .*expected/],
  ] as const) {
    it(`a ${what} that was changed from outside: an error that names it, no manifest`, async () => {
      const hour = plainHour(2);
      await hour.classifyShard(0, 2);
      const [name] = hour.written().filter((written) => written.startsWith(`${folder}/`));
      const path = join(hour.folder, 'records', name!);
      writeFileSync(path, readFileSync(path, 'utf8').replace('1.json', '9.json'));
      await assert.rejects(
        hour.classifyShard(1, 2),
        (error: unknown) => error instanceof TerminalError && message.test(error.message),
      );
      assert.deepEqual(hour.epochs(), []);
    });
  }

  it('a part that a shard staged is gone: 75 that names the shard, which makes it anew', async () => {
    const hour = plainHour(3);
    for (const index of [0, 1]) await hour.classifyShard(index, 3);
    const parts = join(hour.folder, 'staging/a/2026/11/20/14');
    const lost = readdirSync(parts).find((name) => name.includes('-1-0-'))!;
    rmSync(join(parts, lost));
    await assert.rejects(
      hour.classifyShard(2, 3),
      (error: unknown) =>
        error instanceof NotReadyError &&
        /expected \d+ bytes that shard 1 staged at a\/2026\/11\/20\/14\/[0-9a-f]{12}-1-0-.*, found nothing/.test(
          error.message,
        ) &&
        error.context.object === `a/2026/11/20/14/${lost}`,
    );
    await assert.rejects(hour.classifyShard(0, 3), NotReadyError);
    assert.deepEqual(hour.epochs(), []);
    const manifest = committed(await hour.classifyShard(1, 3));
    assert.equal(hour.staged(manifest, 'a').toString(), A(1) + A(2) + A(3));
  });

  it('what a shard set aside is gone: 75 that names the shard, which makes it anew', async () => {
    const hour = mixedHour();
    for (const index of [0, 1]) await hour.classifyShard(index, 3);
    rmSync(join(hour.folder, 'staging', '_shards'), { recursive: true });
    await assert.rejects(
      hour.classifyShard(2, 3),
      (error: unknown) =>
        error instanceof NotReadyError && /what shard 0 set aside .* gone or broken/.test(error.message),
    );
    assert.deepEqual(hour.epochs(), []);
    await assert.rejects(hour.classifyShard(0, 3), /what shard 1 set aside/);
    assert.equal(said(await hour.classifyShard(1, 3)), 'committed');
  });
});
