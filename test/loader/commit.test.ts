import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { FencedError, InterruptedError, TransientError } from '../../workloads/core/errors.ts';
import type { WarehouseSession } from '../../workloads/core/ports/warehouse.ts';
import { loadHour } from '../../workloads/loader/load-hour.ts';
import type { LoadedType } from '../../workloads/loader/loaded-type.ts';
import type { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';
import { FIELDS, HOUR, line, newRoad, withRoad, withSessions } from './bench.ts';

const LEDGER = 'SELECT epoch, revision, row_count FROM ops.ledger ORDER BY ALL';
const ROWS = 'SELECT n FROM raw.t ORDER BY n';

describe('a commit', () => {
  const root = tempFolder();

  async function classified(): Promise<Road> {
    const road = newRoad(root, { t: { fields: FIELDS } });
    road.put(HOUR, 'a.json', line('t', 1) + line('t', 2));
    assert.equal((await road.command('classify', HOUR)).code, 0);
    return road;
  }

  /** Loads with the transactions of types changed; those of the hour's own ledger row stay as they are. */
  function load(
    road: Road,
    transaction: (session: WarehouseSession, commit: () => Promise<void>) => Promise<void>,
    reload = false,
  ): Promise<LoadedType> {
    return withRoad(road, async ({ loader }) => {
      const changed = withSessions({ ...loader, reload }, (session) => ({
        transaction: (statements) =>
          statements.length === 1
            ? session.transaction(statements)
            : transaction(session, () => session.transaction(statements)),
      }));
      return (await loadHour(changed, HOUR)).types[0]!;
    });
  }

  for (const [what, error] of [
    ['any error', new Error('socket hang up')],
    ['an error that a retry helps', new TransientError('503')],
  ] as const) {
    for (const reload of [false, true]) {
      it(`script failed after COMMIT with ${what}${reload ? ' in a reload' : ''}: the ledger decides, nothing is doubled`, async () => {
        const road = await classified();
        if (reload) assert.equal((await road.command('load', HOUR)).code, 0);
        let calls = 0;
        const lost = async (_: unknown, commit: () => Promise<void>): Promise<void> => {
          calls++;
          await commit();
          throw error;
        };
        const { state, loaded } = await load(road, lost, reload);
        assert.deepEqual({ state, loaded, calls }, { state: 'loaded', loaded: 2, calls: 1 });
        const revisions = reload ? [1, 2] : [1];
        assert.deepEqual(
          await road.query(LEDGER),
          revisions.map((revision) => ({ epoch: 1, revision, row_count: 2 })),
        );
        assert.deepEqual(await road.query(ROWS), [{ n: 1 }, { n: 2 }]);
      });

      it(`transaction aborted${reload ? ' in a reload' : ''} (${what}): ${error instanceof TransientError ? 'next attempt' : 'nothing is committed'}`, async () => {
        const road = await classified();
        if (reload) assert.equal((await road.command('load', HOUR)).code, 0);
        let calls = 0;
        const aborted = async (_: unknown, commit: () => Promise<void>): Promise<void> => {
          if (++calls === 1) throw error;
          await commit();
        };
        const { state } = await load(road, aborted, reload);
        const again = error instanceof TransientError;
        assert.deepEqual(
          { state, calls },
          again ? { state: 'loaded', calls: 2 } : { state: 'failed', calls: 1 },
        );
        const revisions = [...(reload ? [1] : []), ...(again ? [reload ? 2 : 1] : [])];
        assert.deepEqual(
          await road.query(LEDGER),
          revisions.map((revision) => ({ epoch: 1, revision, row_count: 2 })),
        );
      });
    }
  }

  it('that is aborted every time ends with the error, and nothing is committed', async () => {
    const road = await classified();
    const { state, error } = await load(road, () => Promise.reject(new TransientError('conflict')));
    assert.equal(state, 'failed');
    assert.ok(error instanceof TransientError);
    assert.deepEqual(await road.query(LEDGER), []);
  });

  it('that a signal ends is not begun again, nor asked after: the run ends at once', async () => {
    const road = await classified();
    let calls = 0;
    let asked = 0;
    const ended = withRoad(road, async ({ loader }) => {
      const changed = withSessions(loader, (session) => ({
        transaction: (statements) => {
          if (statements.length === 1) return session.transaction(statements);
          calls++;
          throw new InterruptedError('Interrupted by SIGTERM');
        },
        query: (statement) => {
          if (calls > 0) asked++;
          return session.query(statement);
        },
      }));
      await loadHour(changed, HOUR);
    });
    await assert.rejects(ended, { name: 'InterruptedError', message: 'Interrupted by SIGTERM' });
    assert.deepEqual({ calls, asked }, { calls: 1, asked: 0 });
    assert.deepEqual(await road.query(LEDGER), []);
    assert.equal((await road.command('load', HOUR)).code, 0);
    assert.deepEqual(await road.query(ROWS), [{ n: 1 }, { n: 2 }]);
  });

  it('that met another one is not waited for once a signal came', async () => {
    const road = await classified();
    const controller = new AbortController();
    let calls = 0;
    const ended = withRoad(road, async ({ loader }) => {
      const changed = withSessions({ ...loader, signal: controller.signal }, (session) => ({
        transaction: (statements) => {
          if (statements.length === 1) return session.transaction(statements);
          calls++;
          controller.abort('SIGTERM');
          throw new TransientError('conflict');
        },
      }));
      await loadHour(changed, HOUR);
    });
    await assert.rejects(ended, { name: 'InterruptedError' });
    assert.equal(calls, 1);
  });

  it('labels every job with type, hour and epoch', async () => {
    const road = await classified();
    const labels: unknown[] = [];
    await withRoad(road, async ({ loader }) => {
      const changed = withSessions(loader, (session) => ({
        load: (job) => {
          labels.push(['load', job.into, job.labels]);
          return session.load(job);
        },
        query: (statement) => {
          if (statement.labels !== undefined) labels.push(['query', statement.labels]);
          return session.query(statement);
        },
        transaction: (statements) => {
          for (const { labels: given } of statements) if (given !== undefined) labels.push(['commit', given]);
          return session.transaction(statements);
        },
      }));
      await loadHour(changed, HOUR);
    });
    const of = { log_type: 't', folder_hour: '2026-11-20t14', epoch: '1' };
    const query = ['query', of];
    const hourQuery = ['query', { folder_hour: '2026-11-20t14' }];
    // The hour's ledger, and as it is when types are loaded; whose table it is; TEMP's rows; the seven statements of the commit; the ledger behind it.
    assert.deepEqual(labels, [
      hourQuery,
      hourQuery,
      query,
      ['load', 't', of],
      query,
      ...Array.from({ length: 7 }, () => ['commit', of]),
      hourQuery,
    ]);
  });

  it('of an old epoch, a zombie, is fenced by the one that came between', async () => {
    const road = await classified();
    let woken = false;
    const { state, error } = await load(road, async (_, commit) => {
      if (!woken) {
        woken = true;
        road.put(HOUR, 'late.json', line('t', 3));
        assert.equal((await road.run(HOUR)).code, 0);
      }
      await commit();
    });
    assert.equal(state, 'failed');
    assert.ok(error instanceof FencedError);
    assert.match(error.message, /the ledger has epoch 2, the records have only epoch 1/);
    assert.deepEqual(await road.query(LEDGER), [{ epoch: 2, revision: 1, row_count: 3 }]);
    assert.deepEqual(await road.query(ROWS), [{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it('whose TEMP was left over by a killed run is not mixed with it', async () => {
    const road = await classified();
    const types = await withRoad(road, async ({ loader }) => {
      // The job runs twice, as after a lost answer: the second one finds the first one's table.
      const twice = withSessions(loader, (session) => ({
        load: async (job) => {
          await session.load(job);
          return session.load(job);
        },
      }));
      return (await loadHour(twice, HOUR)).types;
    });
    assert.deepEqual(types, [{ type: 't', staged: 2, rejected: 0, loaded: 2, state: 'loaded' }]);
    assert.deepEqual(await road.query(ROWS), [{ n: 1 }, { n: 2 }]);
  });

  it('whose load job says another number of rows is not made', async () => {
    const road = await classified();
    const [type] = await withRoad(road, async ({ loader }) => {
      const short = withSessions(loader, (session) => ({
        load: async (job) => (await session.load(job)) - 1,
      }));
      return (await loadHour(short, HOUR)).types;
    });
    assert.match(String(type?.error), /ConservationError: .*expected 2 rows, found 1 \(job\), 2 \(count\)/);
    assert.deepEqual(await road.query(LEDGER), []);
  });

  it('stays committed where the label, a hint, cannot be set', async () => {
    const road = await classified();
    const [type] = await withRoad(road, async ({ loader }) => {
      const deaf = withSessions(loader, () => ({ setLabel: () => Promise.reject(new Error('412')) }));
      return (await loadHour(deaf, HOUR)).types;
    });
    assert.deepEqual(type, { type: 't', staged: 2, rejected: 0, loaded: 2, state: 'loaded' });
  });

  it('is refused where the ledger is ahead of the records', async () => {
    const road = await classified();
    assert.equal((await road.command('load', HOUR)).code, 0);
    road.put(HOUR, 'late.json', line('t', 3));
    assert.equal((await road.run(HOUR)).code, 0);
    rmSync(join(road.folder, 'staging/_records/manifests/2026/11/20/14/2.json'));
    for (const args of [[], ['--reload']]) {
      const { code, stderr } = await road.command('load', HOUR, ...args);
      assert.equal(code, 1);
      assert.match(stderr, /the ledger has epoch 2, the records have only epoch 1: not loaded/);
    }
    assert.deepEqual(await road.query(ROWS), [{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it('is refused where the records were lost and made again with other rows under the same epoch, also by a reload; --again brings them in', async () => {
    const road = await classified();
    assert.equal((await road.command('load', HOUR)).code, 0);
    rmSync(join(road.folder, 'staging/_records'), { recursive: true });
    road.put(HOUR, 'a.json', line('t', 8) + line('t', 9));
    const { code, stderr } = await road.run(HOUR);
    assert.equal(code, 1);
    assert.match(stderr, /the ledger has epoch 1, the records have another epoch 1: not loaded/);
    assert.deepEqual(await road.query(ROWS), [{ n: 1 }, { n: 2 }]);
    assert.equal((await road.command('load', HOUR, '--reload')).code, 1);
    assert.deepEqual(await road.query(ROWS), [{ n: 1 }, { n: 2 }]);
    assert.equal((await road.run(HOUR, '--again')).code, 0);
    assert.deepEqual(await road.query(ROWS), [{ n: 8 }, { n: 9 }]);
  });
});
