import assert from 'node:assert/strict';
import type { Statement, WarehouseSession } from '../../workloads/core/ports/warehouse.ts';
import { loadHour, type LoadedHour } from '../../workloads/loader/load-hour.ts';
import type { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';
import { FIELDS, HOUR, line, newRoad, withRoad, withSessions } from './bench.ts';

/** More than one query counts. */
const MANY = 103;
const NAMES = Array.from({ length: MANY }, (_, index) => `t${String(index).padStart(3, '0')}`);

describe('an hour with nothing to do', () => {
  const root = tempFolder();
  let loaded: Road;
  before(async function () {
    this.timeout(120_000);
    loaded = newRoad(root, Object.fromEntries(NAMES.map((name) => [name, { fields: FIELDS }])));
    loaded.put(HOUR, 'a.json', NAMES.map((name) => line(name, 1)).join(''));
    assert.equal((await loaded.run(HOUR)).code, 0);
  });

  interface Run extends LoadedHour {
    readonly queries: readonly Statement[];
  }
  async function again(change?: (session: WarehouseSession) => Partial<WarehouseSession>): Promise<Run> {
    const queries: Statement[] = [];
    const result = await withRoad(loaded, ({ loader }) =>
      loadHour(
        withSessions(loader, (session) => {
          const other = change?.(session) ?? {};
          const query = other.query ?? ((statement: Statement) => session.query(statement));
          return {
            ...other,
            query: (statement) => {
              queries.push(statement);
              return query(statement);
            },
          };
        }),
        HOUR,
      ),
    );
    return { ...result, queries };
  }

  it('is proved by a query for a hundred types, and not by one for each', async () => {
    let transactions = 0;
    const { types, conserved, queries } = await again((session) => ({
      transaction: (statements) => {
        transactions++;
        return session.transaction(statements);
      },
    }));
    assert.deepEqual(new Set(types.map(({ state }) => state)), new Set(['unchanged']));
    assert.equal(conserved, true);
    const counts = queries.filter(({ sql }) => sql.includes('AS position'));
    assert.deepEqual(
      counts.map(({ sql }) => sql.split('UNION ALL').length),
      [100, 3],
    );
    assert.deepEqual(counts[0]?.labels, { folder_hour: '2026-11-20t14' });
    assert.equal(queries.length, 3, 'the ledger, and the counts');
    assert.equal(transactions, 0, 'nothing is written');
  });

  it('whose tables lost rows names each of them', async () => {
    const { types } = await again((session) => ({
      query: async (statement) => {
        const tables = [...statement.sql.matchAll(/"(t\d{3})"/g)].map(([, table]) => table);
        return (await session.query(statement)).map((row) =>
          ['t001', 't101'].includes(tables[Number(row.position)] ?? '') ? { ...row, row_count: 0 } : row,
        );
      },
    }));
    const failed = types.filter(({ state }) => state === 'failed');
    assert.deepEqual(
      failed.map(({ type }) => type),
      ['t001', 't101'],
    );
    assert.match(String(failed[0]?.error), /t001 .*: the ledger says 1 rows, the table t001 holds 0/);
  });

  it('with one table that cannot be counted fails that type alone', async () => {
    const { types } = await again((session) => ({
      query: (statement) =>
        statement.sql.includes('"t007"') ? Promise.reject(new Error('broken')) : session.query(statement),
    }));
    const failed = types.filter(({ state }) => state === 'failed');
    assert.deepEqual(
      failed.map(({ type, error }) => [type, (error as Error).message]),
      [['t007', 'broken']],
    );
  });
});
