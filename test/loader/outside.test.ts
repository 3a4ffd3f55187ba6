import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';
import { FIELDS, HOUR, line, newRoad } from './bench.ts';

const ROWS = 'SELECT n FROM raw.t ORDER BY n';

describe('rows that were changed from outside', () => {
  const root = tempFolder();

  async function loaded(): Promise<Road> {
    const road = newRoad(root, { t: { fields: FIELDS }, other: { fields: FIELDS } });
    road.put(HOUR, 'a.json', line('t', 1) + line('t', 2) + line('other', 3));
    assert.equal((await road.run(HOUR)).code, 0);
    return road;
  }

  async function change(road: Road, sql: string): Promise<void> {
    const instance = await DuckDBInstance.create(join(road.folder, 'wh.duckdb'));
    const connection = await instance.connect();
    await connection.run(sql);
    connection.closeSync();
    instance.closeSync();
  }

  for (const [what, sql, found] of [
    ['a row deleted', 'DELETE FROM raw.t WHERE n = 2', 1],
    ['a row doubled', 'INSERT INTO raw.t SELECT * FROM raw.t WHERE n = 2', 3],
    ['all rows deleted', 'DELETE FROM raw.t', 0],
    ['the table dropped', 'DROP TABLE raw.t', 0],
  ] as const) {
    it(`${what}: the next run ends with 1 and names both figures; load --reload mends it`, async () => {
      const road = await loaded();
      await change(road, sql);
      const { code, report, stderr } = await road.run(HOUR);
      assert.equal(code, 1);
      assert.equal(report.conserved, false);
      assert.match(
        stderr,
        new RegExp(`"message":"t ${HOUR}: the ledger says 2 rows, the table t holds ${found}`),
      );
      assert.match(stderr, /"error":"ConservationError"/);
      const reload = await road.command('load', HOUR, '--reload', '--types', 't');
      assert.equal(reload.code, 0, reload.stderr);
      assert.deepEqual(await road.query(ROWS), [{ n: 1 }, { n: 2 }]);
      assert.equal((await road.run(HOUR)).code, 0);
    });
  }

  it('are not carried into the next epoch: both figures are named', async () => {
    const road = await loaded();
    await change(road, 'DELETE FROM raw.t WHERE n = 2');
    road.put(HOUR, 'late.json', line('other', 4));
    const { code, report, stderr } = await road.run(HOUR);
    assert.equal(code, 1);
    assert.deepEqual(
      report.hours[0]?.types.map(({ type, state }) => `${type} ${state}`),
      ['other loaded', 't failed'],
    );
    assert.match(stderr, /the ledger says 2 rows, the table t holds 1/);
    assert.equal((await road.command('load', HOUR, '--reload')).code, 0);
    assert.deepEqual(await road.query(ROWS), [{ n: 1 }, { n: 2 }]);
  });

  it('a warehouse that was removed is filled again from staging', async () => {
    const road = await loaded();
    for (const file of ['wh.duckdb', 'wh.duckdb.wal']) rmSync(join(road.folder, file), { force: true });
    const { code, report } = await road.run(HOUR);
    assert.equal(code, 0);
    assert.equal(report.conserved, true);
    assert.deepEqual(await road.query(ROWS), [{ n: 1 }, { n: 2 }]);
  });
});
