import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import {
  AlreadyExistsError,
  InterruptedError,
  TerminalError,
  TransientError,
} from '../../workloads/core/errors.ts';
import { cliProcess } from '../support/cli.ts';
import { FaultyStore, type Faults } from '../support/faulty-store.ts';
import { HOUR, HourBench, lineOf, schemasOf } from '../support/hour-bench.ts';
import { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';

const A = (n: number): string => `${lineOf('a', { n })}\n`;
const isManifest = (key: string): boolean => key.startsWith('manifests/');

function filled(lines = 3): HourBench {
  const hour = new HourBench(tempFolder(), 'a');
  hour.put('x.json', `${Array.from({ length: lines }, (_, n) => A(n)).join('')}?\n`);
  return hour;
}

describe('race', () => {
  it('two classifications of one hour at once in one process: one manifest, both see the same identity', async () => {
    const hour = filled();
    const results = await Promise.all([hour.classify(), hour.classify(), hour.classify()]);
    assert.deepEqual(hour.epochs(), ['1.json']);
    assert.equal(new Set(results.map(({ manifest }) => manifest.identity)).size, 1);
    assert.equal(results.filter(({ outcome }) => outcome === 'committed').length, 1);
  });

  it('two processes at once: both end with 0, one manifest', async () => {
    const road = new Road(tempFolder(), { a: { fields: [{ name: 'log_type', type: 'STRING' }] } });
    road.put(HOUR, 'x.json', A(1) + A(2));
    const results = await Promise.all(
      [1, 2].map(() => cliProcess(['classify', HOUR, '--json', ...road.options])),
    );
    for (const { code, stdout, stderr } of results) {
      assert.equal(code, 0, stderr);
      assert.match(stdout, /"epoch":1,.*"staged":2/);
    }
    const again = await road.command('classify', HOUR);
    assert.match(again.stderr, /nothing to do, epoch 1/);
  });

  it('epochs race with different plans: the loser begins again from the listing and takes the next epoch', async () => {
    const hour = filled(1);
    let raced = false;
    const records = new FaultyStore(hour.records, {
      create: async (key, go) => {
        if (isManifest(key) && !raced) {
          raced = true;
          hour.put('late.json', A(9));
          await hour.classify();
        }
        return go();
      },
    });
    const { manifest } = await hour.classify({ records, schemas: schemasOf('a', 'b') });
    assert.deepEqual(hour.epochs(), ['1.json', '2.json']);
    assert.deepEqual([manifest.epoch, manifest.staged], [2, 2]);
  });

  it('the winner did the same work: the loser is done', async () => {
    const hour = filled();
    const records = new FaultyStore(hour.records, {
      create: async (key, go) => {
        if (isManifest(key)) await hour.classify();
        return go();
      },
    });
    const { outcome, manifest } = await hour.classify({ records });
    assert.deepEqual([outcome, manifest.epoch, hour.epochs()], ['unchanged', 1, ['1.json']]);
  });
});

describe('create', () => {
  /** Creates each object, and then loses the answer, once a key. */
  const losing = (error: (key: string) => Error): Faults => {
    const lost = new Set<string>();
    return {
      create: async (key, go) => {
        await go();
        if (!lost.has(key)) {
          lost.add(key);
          throw error(key);
        }
      },
    };
  };

  for (const [name, error] of [
    ['the answer is lost', () => new TransientError('socket hang up')],
    ['a hidden retry then finds the key taken', () => new AlreadyExistsError('412')],
  ] as const) {
    it(`lost acknowledgement of every create (${name}): read back and recognised`, async () => {
      const hour = filled();
      const staging = new FaultyStore(hour.staging, losing(error));
      const records = new FaultyStore(hour.records, losing(error));
      const { manifest } = await hour.classify({ staging, records });
      assert.deepEqual(hour.epochs(), ['1.json']);
      assert.deepEqual([manifest.epoch, manifest.staged, manifest.quarantined], [1, 3, 1]);
      assert.equal(hour.staged(manifest, 'a').toString(), A(0) + A(1) + A(2));
    });
  }

  it('a create that failed and left nothing: the error is told, no manifest, the next run ends right', async () => {
    const hour = filled();
    const create = () => Promise.reject(new TransientError('503'));
    await assert.rejects(hour.classify({ staging: new FaultyStore(hour.staging, { create }) }), /503/);
    await assert.rejects(hour.classify({ records: new FaultyStore(hour.records, { create }) }), /503/);
    assert.deepEqual(hour.epochs(), []);
    assert.equal((await hour.classify()).manifest.staged, 3);
  });

  it('a crash after some parts: they are invisible, the next run ends right', async () => {
    const hour = filled(100);
    let creates = 0;
    const staging = new FaultyStore(hour.staging, {
      create: (_key, go) => (++creates > 3 ? Promise.reject(new Error('killed')) : go()),
    });
    await assert.rejects(hour.classify({ staging, partBytes: 100 }), /killed/);
    assert.deepEqual(hour.epochs(), []);
    const { manifest } = await hour.classify({ partBytes: 100 });
    assert.equal(hour.staged(manifest, 'a').toString().split('\n').length, 101);
  });

  it("another content at a part's key: an error that says expected and found, no manifest", async () => {
    const hour = filled();
    const { manifest } = await hour.classify();
    const key = manifest.types[0]!.objects[0]!.key;
    writeFileSync(hour.staging.locate(key), 'something else');
    const again = new HourBench(hour.folder, 'a');
    await assert.rejects(
      again.classify({ records: new HourBench(tempFolder()).records }),
      (error: unknown) =>
        error instanceof TerminalError &&
        error.message.includes(key) &&
        /expected \d+ bytes .* found 14 bytes/.test(error.message),
    );
    assert.equal(readFileSync(hour.staging.locate(key), 'utf8'), 'something else');
  });
});

describe('SIGTERM', () => {
  const places = ['source', 'staging', 'records'] as const;
  for (const place of places) {
    it(`while ${place} is at work: InterruptedError (75), no manifest, nothing half-committed; the next run ends right`, async () => {
      const hour = filled(50_000);
      const ending = new AbortController();
      const abort = <T>(go: () => Promise<T>): Promise<T> => {
        ending.abort('SIGTERM');
        return go();
      };
      const store = new FaultyStore(
        hour[place],
        place === 'source'
          ? { read: (_key, go) => abort(go) }
          : place === 'staging'
            ? { create: (_key, go) => abort(go) }
            : { list: (_p, _n, go) => abort(go) },
      );
      await assert.rejects(
        hour.classify({ [place]: store, signal: ending.signal }),
        (error: unknown) =>
          error instanceof InterruptedError && error.exitCode === 75 && error.message.includes('SIGTERM'),
      );
      assert.deepEqual(hour.epochs(), []);
      assert.equal((await hour.classify()).manifest.staged, 50_000);
    });
  }

  it('while 30 types are compressed: ends after the part at hand', async () => {
    const types = Array.from({ length: 30 }, (_, n) => `t${n}`);
    const hour = new HourBench(tempFolder(), ...types);
    hour.put('x.json', types.map((type) => `${lineOf(type)}\n`).join(''));
    const ending = new AbortController();
    const staging = new FaultyStore(hour.staging, {
      create: (_key, go) => {
        ending.abort('SIGTERM');
        return go();
      },
    });
    await assert.rejects(hour.classify({ staging, signal: ending.signal }), InterruptedError);
    assert.equal(hour.written().length, 1);
  });
});
