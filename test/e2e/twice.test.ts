import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { join } from 'node:path';
import { cliProcess } from '../support/cli.ts';
import { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';

const HOUR = '2026-11-20T14';
const NEXT = '2026-11-20T15';
const ROUNDS = 5;

const fields = [
  { name: 'log_type', type: 'STRING', mode: 'REQUIRED' },
  { name: 'n', type: 'INTEGER' },
];
const line = (type: string, n: unknown): string => `${JSON.stringify({ log_type: type, n })}\n`;

function newRoad(folder: string): Road {
  const road = new Road(folder, { a: { fields }, b: { fields, onMisfit: 'setAside' } });
  for (const hour of [HOUR, NEXT]) {
    road.put(hour, '1.json', line('a', 1) + line('b', 2) + line('nobody', 3) + line('b', 'misfit'));
    road.put(hour, '2.json', line('a', 4) + line('b', 5));
  }
  return road;
}

/** What one hour of `newRoad` leaves, whoever ran it and however often. */
async function assertHour(road: Road, hour: string): Promise<void> {
  const where = `folder_hour = TIMESTAMPTZ '${hour.replace('T', ' ')}:00:00+00'`;
  assert.deepEqual(await road.query(`SELECT n FROM raw.a WHERE ${where} ORDER BY n`), [{ n: 1 }, { n: 4 }]);
  assert.deepEqual(await road.query(`SELECT n FROM raw.b WHERE ${where} ORDER BY n`), [{ n: 2 }, { n: 5 }]);
  assert.deepEqual(
    await road.query(
      `SELECT log_type, epoch, revision, state, row_count, rejected FROM ops.ledger WHERE ${where} ORDER BY ALL`,
    ),
    [
      { log_type: 'a', epoch: 1, revision: 1, state: 'loaded', row_count: 2, rejected: 0 },
      { log_type: 'b', epoch: 1, revision: 1, state: 'loaded', row_count: 2, rejected: 1 },
    ],
  );
  assert.deepEqual(await road.query(`SELECT line FROM ops.all_rejects WHERE ${where}`), [{ line: 2 }]);
  assert.deepEqual(await road.query(`SELECT epoch, quarantined FROM ops.hour_ledger WHERE ${where}`), [
    { epoch: 1, quarantined: 1 },
  ]);
}

describe('two runs at once', function () {
  this.timeout(120_000);
  const root = tempFolder();

  it(`of the same hour make one result, and no row is doubled (${ROUNDS} times, the second one begins at another moment each time)`, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const road = newRoad(join(root, `same-${round}`));
      const run = async (delay: number): Promise<number> => {
        await sleep(delay);
        const { code, stdout, stderr } = await cliProcess(['run', HOUR, '--json', ...road.options]);
        assert.equal(code, 0, stderr);
        assert.equal((JSON.parse(stdout) as { conserved: boolean }).conserved, true);
        return code;
      };
      await Promise.all([run(0), run(Math.random() * 400)]);
      await assertHour(road, HOUR);
    }
  });

  it('of different hours into one warehouse both load', async () => {
    for (let round = 0; round < 2; round++) {
      const road = newRoad(join(root, `hours-${round}`));
      const results = await Promise.all(
        [HOUR, NEXT].map((hour) => cliProcess(['run', hour, '--json', ...road.options])),
      );
      for (const { code, stderr } of results) assert.equal(code, 0, stderr);
      await assertHour(road, HOUR);
      await assertHour(road, NEXT);
    }
  });

  it('of different hours in one process both load', async () => {
    const road = newRoad(join(root, 'process'));
    const results = await Promise.all([road.run(HOUR), road.run(NEXT)]);
    for (const { code, stderr } of results) assert.equal(code, 0, stderr);
    await assertHour(road, HOUR);
    await assertHour(road, NEXT);
  });

  it('of which one finds the warehouse held by a reader past its lock timeout ends with 75 and names the holder', async () => {
    const road = newRoad(join(root, 'held'));
    assert.equal((await road.run(NEXT)).code, 0);
    const reader = await DuckDBInstance.create(join(road.folder, 'wh.duckdb'), { access_mode: 'READ_ONLY' });
    const held = await cliProcess(['run', HOUR, '--json', '--lock-timeout', '100ms', ...road.options]);
    reader.closeSync();
    assert.equal(held.code, 75, held.stderr);
    assert.match(held.stderr, new RegExp(`held by .*PID ${process.pid}\\b`));
    assert.deepEqual(
      await road.query(
        `SELECT count(*) AS n FROM ops.ledger WHERE folder_hour < TIMESTAMPTZ '2026-11-20 15:00:00+00'`,
      ),
      [{ n: 0 }],
    );
    assert.equal((await road.run(HOUR)).code, 0);
    await assertHour(road, HOUR);
  });

  it('of which the second waits for the warehouse as long as its lock timeout allows', async () => {
    const road = newRoad(join(root, 'waits'));
    assert.equal((await road.run(NEXT)).code, 0);
    const reader = await DuckDBInstance.create(join(road.folder, 'wh.duckdb'), { access_mode: 'READ_ONLY' });
    const waiting = cliProcess(['run', HOUR, '--json', ...road.options]);
    await sleep(1_000);
    reader.closeSync();
    const { code, stderr } = await waiting;
    assert.equal(code, 0, stderr);
    await assertHour(road, HOUR);
  });
});
