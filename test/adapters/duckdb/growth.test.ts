import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { addMissing } from '../../../workloads/adapters/duckdb/tables.ts';
import { tableFields } from '../../../workloads/core/schema/log-type.ts';
import { duckdbBench, withDuckdb } from '../../contract/duckdb-bench.ts';
import { bring, typeOf, withoutAdded } from '../../contract/warehouse-bench.ts';
import { fullRow, GROWTHS, MADE, oldRows, readAs } from '../../contract/warehouse-growth.ts';
import { tempFolder } from '../../support/temp.ts';

const SCRIPT = fileURLToPath(new URL('../../contract/warehouse-growth.ts', import.meta.url));

/** Runs statements of one transaction. @returns Whether all went through; it is rolled back otherwise. */
async function runAll(connection: DuckDBConnection, statements: readonly string[]): Promise<boolean> {
  try {
    for (const sql of statements) await connection.run(sql);
    return true;
  } catch {
    await connection.run('ROLLBACK').catch(() => undefined);
    return false;
  }
}

/** Two connections to one open file. */
async function withTwo<T>(
  path: string,
  work: (one: DuckDBConnection, other: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(path);
  const [one, other] = [await instance.connect(), await instance.connect()];
  try {
    return await work(one, other);
  } finally {
    one.closeSync();
    other.closeSync();
    instance.closeSync();
  }
}

/** Changes every table in another process, which then closes the file, or is killed with it open. */
async function changeElsewhere(mode: keyof typeof MADE, folder: string): Promise<void> {
  const child = spawn(process.execPath, [SCRIPT, mode, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let ready = false;
  child.stdout.on('data', (chunk: Buffer) => {
    ready ||= chunk.toString().includes('ready');
    if (ready && mode === 'hang') child.kill('SIGKILL');
  });
  await once(child, 'close');
  assert.ok(ready, 'the changes were made');
}

describe('tables that grew, in a DuckDB file opened again', () => {
  const folder = tempFolder();

  for (const [mode, what] of [
    ['close', 'closed after every change'],
    ['hang', 'killed right after a change'],
  ] as const) {
    it(`${what}, over fields of every type: all rows and labels are there, and new rows load`, async () => {
      const place = join(folder, mode);
      await changeElsewhere(mode, place);
      const bench = await duckdbBench(place);
      assert.ok(existsSync(`${bench.path}.wal`), 'the changes are in the log alone');
      for (const { after, kept } of MADE[mode])
        assert.deepEqual(withoutAdded(await bench.rows(after.table)), oldRows(kept), after.table);
      await bench.warehouse.session(async (session) => {
        for (const { after, fields } of MADE[mode]) {
          assert.deepEqual(await session.labels(after.table), { hint: "it's kept" });
          await bring(bench, session, after, [fullRow(fields, 6).text], {
            folderHour: '2026-11-20T15:00:00Z',
          });
        }
      });
      for (const { after, fields, kept } of MADE[mode]) {
        const expected = [...oldRows(kept), readAs(kept, fullRow(fields, 6).stored)];
        assert.deepEqual(withoutAdded(await bench.rows(after.table)), expected, after.table);
      }
    });
  }

  it('what stays REQUIRED is so afterwards, and nothing but the table is left', async () => {
    const bench = await duckdbBench(join(folder, 'required'));
    const { before, after } = GROWTHS.find(({ after: { table } }) => table === 'in_record')!;
    await bench.warehouse.session(async (session) => {
      await session.prepareOps();
      await session.prepareTable(before);
      const required = async (): Promise<string[]> =>
        (await session.describe(before.table))!
          .filter(({ mode }) => mode === 'REQUIRED')
          .map(({ name }) => name);
      const wanted = await required();
      assert.ok(wanted.includes('must_json'));
      await session.prepareTable(after);
      assert.deepEqual(await required(), wanted);
    });
    const tables = await withDuckdb(bench.path, async (connection) =>
      (
        await connection.runAndReadAll("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'raw'")
      ).getRows(),
    );
    assert.deepEqual(tables, [[before.table]]);
  });

  it('more rows than DuckDB keeps in one group', async () => {
    const bench = await duckdbBench(join(folder, 'many'));
    const recordOf = (...more: string[]) => [
      { name: 'r', type: 'RECORD', fields: ['j', ...more].map((name) => ({ name, type: 'JSON' })) },
    ];
    const before = typeOf('many', recordOf());
    const rows = 300_000;
    await bench.warehouse.session(async (session) => {
      await session.prepareTable(before);
      await session.transaction([
        {
          sql: `INSERT INTO ${session.names.raw('many')} (n, r, folder_hour, loaded_at)
  SELECT i, {'j': CAST(i AS JSON)}, now(), now() FROM range(${rows}) AS numbers(i)`,
          params: {},
        },
      ]);
      await session.prepareTable(typeOf('many', recordOf('k')));
    });
    await bench.warehouse.session(async (session) => {
      const answer = await session.query({
        sql: `SELECT COUNT(*) AS n, COUNT(r.k) AS k, SUM(CAST(r.j AS BIGINT)) AS total FROM ${session.names.raw('many')}`,
        params: {},
      });
      assert.equal(answer[0]!.n, rows);
      assert.equal(answer[0]!.k, 0);
      assert.equal(Number(answer[0]!.total), (rows * (rows - 1)) / 2);
    });
  });

  it('a commit between any two steps of the change -> no committed row is lost', async () => {
    const recordOf = (...names: string[]) =>
      typeOf('beside', [
        { name: 'r', type: 'RECORD', fields: names.map((name) => ({ name, type: 'JSON' })) },
      ]);
    const before = recordOf('j');
    const after = tableFields(recordOf('j', 'k'));
    const steps = addMissing('beside', { fields: tableFields(before), comment: undefined }, after);
    for (let at = 0; at <= steps.length; at++) {
      const bench = await duckdbBench(join(folder, `beside-${at}`));
      await bench.warehouse.session((session) => bring(bench, session, before, ['{"n":0}']));
      const committed = await withTwo(bench.path, async (changing, committing) => {
        await changing.run('BEGIN');
        const change = [...steps, 'COMMIT'];
        const commit = [
          'BEGIN',
          `UPDATE ops.control_beside SET attempt = 'beside'`,
          'INSERT INTO raw.beside (n, folder_hour, loaded_at) VALUES (1, now(), now())',
          'COMMIT',
        ];
        const done = await runAll(changing, change.slice(0, at));
        const added = await runAll(committing, commit);
        if (done) await runAll(changing, change.slice(at));
        return added;
      });
      const expected = committed ? [0n, 1n] : [0n];
      assert.deepEqual(
        (await bench.rows('beside')).map(({ n }) => n),
        expected,
        `the commit before: ${steps[at] ?? 'COMMIT'}`,
      );
    }
  });
});
