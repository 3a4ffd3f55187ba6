import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { Road } from '../../support/road.ts';
import { tempFolder } from '../../support/temp.ts';

const HOUR = '2026-11-20T14';

describe('a DuckDB file that an older logferry made', () => {
  it('gets the columns, views and macros that it lacks, and keeps its rows', async () => {
    const road = new Road(tempFolder(), {
      t: { fields: [{ name: 'log_type', type: 'STRING', mode: 'REQUIRED' }] },
    });
    road.put(HOUR, 'a.json', '{"log_type":"t"}\n');
    assert.equal((await road.run(HOUR)).code, 0);
    const instance = await DuckDBInstance.create(join(road.folder, 'wh.duckdb'));
    const connection = await instance.connect();
    for (const sql of [
      'DROP VIEW ops.counts',
      'DROP VIEW ops.rejects',
      'ALTER TABLE ops.ledger DROP COLUMN rejects_bin',
      'CREATE OR REPLACE MACRO json_value(document, path) AS NULL',
      "CREATE OR REPLACE MACRO logferry_macros() AS 'another text'",
    ]) {
      await connection.run(sql);
    }
    connection.closeSync();
    instance.closeSync();
    road.put('2026-11-20T15', 'a.json', '{"log_type":"t"}\n');
    const { code, stderr } = await road.run(`${HOUR}..2026-11-20T15`);
    assert.equal(code, 0, stderr);
    assert.deepEqual(
      await road.query(
        `SELECT row_count, json_value('{"a":"b"}', '$.a') AS v FROM ops.counts ORDER BY folder_hour`,
      ),
      [
        { row_count: 1, v: 'b' },
        { row_count: 1, v: 'b' },
      ],
    );
    assert.deepEqual(await road.query('SELECT rejects_bin FROM ops.ledger'), [
      { rejects_bin: null },
      { rejects_bin: null },
    ]);
  });
});
