import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { FencedError, TransientError } from '../../../workloads/core/errors.ts';
import { commitStatements } from '../../../workloads/core/sql/commit.ts';
import { duckdbBench, duckdbWarehouse } from '../../contract/duckdb-bench.ts';
import { bring, commitOf, countOf, loadTemp, typeOf } from '../../contract/warehouse-bench.ts';
import { cliProcess } from '../../support/cli.ts';
import { tempFolder } from '../../support/temp.ts';

const HOURS = Array.from({ length: 6 }, (_, hour) => `2026-11-20T0${hour}:00:00Z`);

describe('sessions of one process on one DuckDB file', () => {
  const folder = tempFolder();
  let benches = 0;
  const make = (): ReturnType<typeof duckdbBench> => duckdbBench(join(folder, `sessions-${benches++}`));

  it('six at once, through two warehouses and a link, share one database and lose no rows', async () => {
    const bench = await make();
    const place = join(bench.path, '..');
    symlinkSync(place, `${place}-alias`);
    const alias = await duckdbWarehouse(join(`${place}-alias`, 'wh.duckdb'), place);
    const types = HOURS.map((_, index) => typeOf(`t${index}`, [{ name: 's', type: 'STRING' }]));
    await Promise.all(
      types.map((logType, index) =>
        [bench.warehouse, alias][index % 2]!.session(async (session) => {
          for (const folderHour of HOURS)
            await bring(bench, session, logType, [`{"n":${index}}`, '{"n":100}'], { folderHour });
        }),
      ),
    );
    for (const { table } of types) assert.equal((await bench.rows(table)).length, 12, table);
    await bench.warehouse.session(async (session) =>
      assert.equal(await countOf(session, session.names.ops('ledger')), 36),
    );
  });

  it('two that prepare the same type at once make one table and one control row', async () => {
    const bench = await make();
    for (let round = 0; round < 5; round++) {
      const logType = typeOf(`same${round}`, []);
      const control = await Promise.all(
        [1, 2, 3].map(() =>
          bench.warehouse.session(async (session) => {
            await session.prepareOps();
            await session.prepareTable(logType);
            return countOf(session, session.names.ops(`control_same${round}`));
          }),
        ),
      );
      assert.deepEqual(control, [1, 1, 1]);
    }
  });

  it('two commits of one hour of a type at once -> one wins, the other is fenced or told to try again', async () => {
    const bench = await make();
    const logType = typeOf('race', [{ name: 's', type: 'STRING' }]);
    await bench.warehouse.session(async (session) => {
      await session.prepareOps();
      await session.prepareTable(logType);
    });
    for (let epoch = 1; epoch <= 5; epoch++) {
      const results = await Promise.allSettled(
        ['a', 'b'].map((who) =>
          bench.warehouse.session(async (session) => {
            const temp = await loadTemp(bench, session, { ...logType, version: `0000000${who}` }, [
              `{"n":${epoch},"s":"${who}"}`,
            ]);
            await session.transaction(
              commitStatements(session.names, commitOf(logType, 1, [temp], { epoch })),
            );
            return who;
          }),
        ),
      );
      const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      assert.equal(won.length, 1);
      for (const result of results) {
        if (result.status === 'rejected')
          assert.ok(
            result.reason instanceof FencedError || result.reason instanceof TransientError,
            String(result.reason),
          );
      }
      assert.deepEqual(
        (await bench.rows('race')).map(({ n, s }) => [n, s]),
        [[BigInt(epoch), won[0]]],
      );
    }
  });

  it('a session that throws lets go of the file, and what it began is not there', async () => {
    const bench = await make();
    const logType = typeOf('thrown', []);
    await assert.rejects(
      bench.warehouse.session(async (session) => {
        await session.prepareOps();
        await session.prepareTable(logType);
        await loadTemp(bench, session, logType, ['{"n":1}']);
        throw new Error('in the middle');
      }),
      /in the middle/,
    );
    assert.deepEqual(await bench.rows('thrown'), []);
  });

  it('a transaction whose middle statement fails, while it is planned or run, tells that one’s error and leaves nothing', async () => {
    const bench = await make();
    await bench.warehouse.session(async (session) => {
      const table = session.names.raw('middle');
      await session.transaction([{ sql: `CREATE TABLE ${table} (n INT64, s STRING)`, params: {} }]);
      const insert = { sql: `INSERT INTO ${table} (n) VALUES (@n)`, params: { n: 1 } };
      for (const [sql, told] of [
        [`SELECT IF(COUNT(*) = 5, 1, ERROR('not five')) AS ok FROM ${table}`, /not five/],
        [`SELECT nobody FROM ${table}`, /"nobody" not found/],
        ['SELEC 1', /syntax error/],
      ] as const)
        await assert.rejects(session.transaction([insert, { sql, params: {} }, insert]), told);
      assert.equal(await countOf(session, table), 0);
      await session.transaction([insert, insert]);
      assert.equal(await countOf(session, table), 2);
    });
  });

  it('parameters of any text are values and nothing else, also with quotes, a NUL, an @ and what looks like SQL', async () => {
    const bench = await make();
    await bench.warehouse.session(async (session) => {
      const table = session.names.raw('texts');
      await session.transaction([{ sql: `CREATE TABLE ${table} (n INT64, s STRING)`, params: {} }]);
      const texts = [
        "'",
        "''; DROP TABLE raw.texts; --",
        'a\0b',
        '\0',
        '@s $s ?',
        String.raw`\'`,
        '"',
        '한국어 🦆',
        '',
      ];
      await session.transaction(
        texts.map((s, n) => ({ sql: `INSERT INTO ${table} (n, s) VALUES (@n, @s)`, params: { n, s } })),
      );
      const rows = await session.query({ sql: `SELECT s FROM ${table} ORDER BY n`, params: {} });
      assert.deepEqual(
        rows.map(({ s }) => s),
        texts,
      );
      for (const [n, s] of texts.entries())
        assert.deepEqual(
          await session.query({ sql: `SELECT n, '@s' AS name FROM ${table} WHERE s = @s`, params: { s } }),
          [{ n, name: '@s' }],
        );
      assert.deepEqual(
        await session.query({ sql: 'SELECT @n + 1 AS n, @s AS s', params: { n: -5, s: null } }),
        [{ n: -4, s: null }],
      );
      await assert.rejects(session.query({ sql: 'SELECT @missing AS x', params: {} }));
    });
  });

  it('labels may hold quotes, and a comment that somebody wrote by hand is no label', async () => {
    const bench = await make();
    await bench.warehouse.session(async (session) => {
      await session.prepareTable(typeOf('labels', []));
      await session.transaction([
        { sql: `COMMENT ON TABLE ${session.names.raw('labels')} IS 'by hand'`, params: {} },
      ]);
      assert.deepEqual(await session.labels('labels'), {});
      await session.setLabel('labels', 'it"s', "'; DROP TABLE raw.labels; --");
      assert.deepEqual(await session.labels('labels'), { 'it"s': "'; DROP TABLE raw.labels; --" });
      assert.equal(await session.hasTable('labels'), true);
    });
  });

  it('query gives the same on a machine in Seoul, and integers beyond 2^53 as text', async () => {
    const bench = await make();
    await bench.warehouse.session((session) => session.prepareOps());
    const sql = `SELECT CAST('2026-11-20T14:00:00.5Z' AS TIMESTAMPTZ) AS t, CAST([CAST('2026-11-20T14:00:00Z' AS TIMESTAMPTZ)] AS VARCHAR) AS l,
  CAST(9223372036854775807 AS BIGINT) AS big, CAST(9007199254740991 AS BIGINT) AS safe, 'mail@example.com' AS mail`;
    const { code, stdout, stderr } = await cliProcess(
      ['query', sql, '--json', '--warehouse', `duckdb:${bench.path}`],
      { env: { TZ: 'Asia/Seoul' } },
    );
    assert.equal(code, 0, stderr);
    const [row] = JSON.parse(stdout) as Record<string, unknown>[];
    assert.deepEqual(row, {
      t: '2026-11-20T14:00:00.5Z',
      l: "['2026-11-20 14:00:00+00']",
      big: '9223372036854775807',
      safe: 9007199254740991,
      mail: 'mail@example.com',
    });
  });

  it('query loses no column, whatever its name', async () => {
    const bench = await make();
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '1', 'a b'];
    const [row] = await bench.warehouse.session((session) =>
      session.query({
        sql: `SELECT ${names.map((name, index) => `${index} AS ${session.names.column(name)}`).join(', ')}`,
        params: {},
      }),
    );
    assert.deepEqual(
      Object.entries(row!).sort(([, a], [, b]) => Number(a) - Number(b)),
      names.map((name, index) => [name, index]),
    );
    assert.equal(Object.getPrototypeOf(row), Object.prototype);
  });
});
