import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LogferryError, TerminalError, UsageError } from '../../../workloads/core/errors.ts';
import { duckdbBench, duckdbWarehouse, withDuckdb } from '../../contract/duckdb-bench.ts';
import { CHILD_TYPE } from '../../contract/duckdb-child.ts';
import { storedRows } from '../../contract/duckdb-values.ts';
import { spawnChild } from '../../contract/spawn-child.ts';
import { bring, typeOf } from '../../contract/warehouse-bench.ts';
import { tempFolder } from '../../support/temp.ts';

describe('DuckDB files', () => {
  const folder = tempFolder();
  let places = 0;
  const fresh = (): string => {
    const place = join(folder, `files-${places++}`);
    mkdirSync(place);
    return place;
  };

  for (const [mode, what] of [
    ['load', 'between load and commit'],
    ['commit', 'inside the transaction'],
  ] as const) {
    it(`killed ${what} -> nothing of it stays, what was committed does, and the next run goes through`, async () => {
      const place = fresh();
      const child = await spawnChild(mode, place);
      if (mode === 'commit') await sleep(150);
      child.process.kill('SIGKILL');
      await child.gone;
      const bench = await duckdbBench(place);
      assert.deepEqual(
        (await bench.rows('crashed')).map(({ n, s }) => [n, s]),
        [[1n, 'committed']],
      );
      const tables = await withDuckdb(bench.path, (connection) =>
        storedRows(connection, "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE '%TEMP%'"),
      );
      assert.deepEqual(tables, []);
      await bench.warehouse.session((session) =>
        bring(bench, session, CHILD_TYPE, ['{"n":4,"s":"again"}'], { epoch: 2 }),
      );
      assert.deepEqual(
        (await bench.rows('crashed')).map(({ n, s }) => [n, s]),
        [[4n, 'again']],
      );
    });
  }

  for (const [what, content] of [
    ['text', 'no database '.repeat(10_000)],
    ['five bytes', 'hello'],
    ['nothing', ''],
  ] as const) {
    it(`a file of ${what} -> one clear sentence, and the file is as it was`, async () => {
      const place = fresh();
      const path = join(place, 'wh.duckdb');
      writeFileSync(path, content);
      const warehouse = await duckdbWarehouse(path, place);
      for (const readOnly of [false, true]) {
        await assert.rejects(
          warehouse.session((session) => session.prepareOps(), { readOnly }),
          (error) =>
            error instanceof TerminalError &&
            error.message.startsWith(`Warehouse duckdb:${path}: cannot open it: `) &&
            !error.message.includes('\n'),
        );
      }
      assert.deepEqual(
        readdirSync(place).filter((name) => name.startsWith('wh')),
        ['wh.duckdb'],
      );
    });
  }

  it('a folder, or a path below a file -> one clear sentence', async () => {
    const place = fresh();
    writeFileSync(join(place, 'file'), 'x');
    for (const path of [place, join(place, 'file/wh.duckdb')]) {
      const warehouse = await duckdbWarehouse(path, folder);
      await assert.rejects(
        warehouse.session((session) => session.prepareOps()),
        (error) => error instanceof TerminalError && !error.message.includes('\n'),
      );
    }
  });

  it('a file called like a schema in it -> UsageError before anything is made', async () => {
    const place = fresh();
    for (const name of ['raw.duckdb', 'ops', 'OPS.db', 'load_temp.x.duckdb']) {
      const warehouse = await duckdbWarehouse(join(place, name), folder);
      await assert.rejects(
        warehouse.session((session) => session.prepareOps()),
        (error) => error instanceof UsageError && error.exitCode === 2,
      );
    }
    assert.deepEqual(readdirSync(place), []);
  });

  it('any other file name works', async () => {
    const place = fresh();
    for (const name of [
      'temp.duckdb',
      'main',
      'system.db',
      'memory.duckdb',
      'it\'s a "name".db',
      '한글 😀.duckdb',
      'raw2.duckdb',
      'my.raw.duckdb',
    ]) {
      const bench = {
        ...(await duckdbBench(join(place, 'x'))),
        warehouse: await duckdbWarehouse(join(place, name), folder),
      };
      await bench.warehouse.session(async (session) => {
        await bring(bench, session, typeOf('named', []), ['{"n":1}']);
        const [row] = await session.query({
          sql: `SELECT row_count FROM ${session.names.ops('counts')}`,
          params: {},
        });
        assert.equal(row?.row_count, 1, name);
      });
    }
  });

  it('a new database leaves nothing else in its folder, made by one or by many at once', async () => {
    const place = fresh();
    const path = join(place, 'deep/er/wh.duckdb');
    const warehouses = await Promise.all([1, 2, 3].map(() => duckdbWarehouse(path, folder)));
    await Promise.all(warehouses.map((warehouse) => warehouse.session((session) => session.prepareOps())));
    assert.deepEqual(
      readdirSync(join(place, 'deep/er')).filter((name) => !/^wh\.duckdb(\.wal)?$/.test(name)),
      [],
    );
  });

  it('a database that lost its file but not its log -> an error; the rows are neither thrown away nor put elsewhere', async () => {
    const place = fresh();
    const bench = await duckdbBench(place);
    await bench.warehouse.session((session) => bring(bench, session, typeOf('logged', []), ['{"n":1}']));
    assert.ok(existsSync(`${bench.path}.wal`));
    renameSync(bench.path, `${bench.path}.away`);
    await assert.rejects(
      bench.warehouse.session((session) => session.prepareOps()),
      (error) => error instanceof TerminalError && error.message.includes('.wal'),
    );
    renameSync(`${bench.path}.away`, bench.path);
    assert.equal((await bench.rows('logged')).length, 1);
    for (const file of [bench.path, `${bench.path}.wal`]) rmSync(file, { force: true });
    await bench.warehouse.session(async (session) => assert.equal(await session.hasTable('logged'), false));
  });

  it('a column that another program made of a type that no schema has -> an error that names it', async () => {
    const place = fresh();
    const bench = await duckdbBench(place);
    const logType = typeOf('foreign', []);
    await bench.warehouse.session((session) => session.prepareTable(logType));
    await withDuckdb(bench.path, (connection) =>
      connection.run('ALTER TABLE raw.foreign ADD COLUMN shade HUGEINT'),
    );
    await assert.rejects(
      bench.warehouse.session((session) => session.prepareTable(logType)),
      (error) => error instanceof LogferryError && /shade.*HUGEINT/.test(error.message),
    );
  });

  it('a table whose file name changed in case is the same table', async () => {
    const place = fresh();
    const bench = await duckdbBench(place);
    await bench.warehouse.session((session) => bring(bench, session, typeOf('cased', []), ['{"n":1}']));
    const renamed = typeOf('Cased', [{ name: 's', type: 'STRING' }]);
    await bench.warehouse.session(async (session) => {
      await bring(bench, session, { ...renamed, type: 'cased/x' }, ['{"n":2,"s":"x"}'], {
        epoch: 2,
        logType: 'cased/x',
      });
      assert.equal(await session.hasTable('cased'), true);
    });
    assert.deepEqual(
      (await bench.rows('cased')).map(({ n, s }) => [n, s]),
      [[2n, 'x']],
    );
  });
});
