import assert from 'node:assert/strict';
import { ConservationError, LogferryError } from '../../workloads/core/errors.ts';
import type { Statement, WarehouseSession } from '../../workloads/core/ports/warehouse.ts';
import { commitStatements, type LedgerEntry } from '../../workloads/core/sql/commit.ts';
import { itUnless } from './store-bench.ts';
import {
  bring,
  commitOf,
  countOf,
  HOUR,
  LOADED_AT,
  loadTemp,
  typeOf,
  type WarehouseContract,
} from './warehouse-bench.ts';
import { filled, ledger, stored, TYPE, UNTOUCHED } from './warehouse-purchases.ts';

export function commitContract({ make, differences }: WarehouseContract): void {
  describe('transaction', () => {
    it('adds folder_hour, loaded_at and derived columns; Korean midnight is the next day', async () => {
      const bench = await make();
      const beforeMidnight = Date.parse('2026-11-20T14:59:59.999Z');
      await bench.warehouse.session((session) =>
        bring(bench, session, TYPE, [`{"n":${beforeMidnight}}`, `{"n":${beforeMidnight + 1}}`]),
      );
      const added = {
        s: null,
        folder_hour: '2026-11-20T14:00:00.000000Z',
        loaded_at: '2026-11-20T15:30:00.000000Z',
      };
      assert.deepEqual(await bench.rows('purchase'), [
        {
          n: BigInt(beforeMidnight),
          at: '2026-11-20T14:59:59.999000Z',
          at_kst: '2026-11-20T23:59:59.999000',
          ...added,
        },
        {
          n: BigInt(beforeMidnight + 1),
          at: '2026-11-20T15:00:00.000000Z',
          at_kst: '2026-11-21T00:00:00.000000',
          ...added,
        },
      ]);
    });

    it('a higher epoch or revision replaces the rows of its folder hour, and no others', async () => {
      const bench = await filled(make);
      await bench.warehouse.session(async (session) => {
        await bring(bench, session, TYPE, ['{"n":4,"s":"b"}'], { epoch: 2, revision: 3 });
        await bring(bench, session, TYPE, ['{"n":5,"s":"c"}'], { epoch: 3, revision: 1 });
        assert.deepEqual(await ledger(session), ['1.1:1', '2.2:2', '2.3:1', '3.1:1']);
      });
      assert.deepEqual(await stored(bench), ['3x@15', '5c@14']);
    });

    itUnless(differences.assertions)(
      'an error at any statement leaves nothing of those before it, and the session goes on',
      async () => {
        const bench = await filled(make);
        const fail: Statement = { sql: "SELECT IF(1 = 2, 1, ERROR('stop here')) AS ok", params: {} };
        await bench.warehouse.session(async (session) => {
          const temp = await loadTemp(bench, session, TYPE, ['{"n":9,"s":"z"}']);
          const whole = commitStatements(session.names, commitOf(TYPE, 1, [temp], { epoch: 3 }));
          for (let at = 0; at <= whole.length; at++) {
            const statements = whole.toSpliced(at, 0, fail);
            await assert.rejects(
              session.transaction(statements),
              (error) => error instanceof LogferryError && error.message.includes('stop here'),
            );
            assert.deepEqual(await ledger(session), ['1.1:1', '2.2:2'], `an error before statement ${at}`);
            assert.equal(
              await countOf(session, session.names.raw('purchase')),
              3,
              `an error before statement ${at}`,
            );
          }
          await session.transaction(whole);
          assert.deepEqual(await ledger(session), ['1.1:1', '2.2:2', '3.1:1']);
        });
        assert.deepEqual(await stored(bench), ['3x@15', '9z@14']);
      },
    );

    itUnless(differences.errorReasons)(
      'a statement that is no SQL, or of a table that is not there -> TerminalError, never a fence or a conflict',
      async () => {
        const bench = await filled(make);
        await bench.warehouse.session(async (session) => {
          for (const sql of [
            'SELECT nonsense FROM',
            `DELETE FROM ${session.names.raw('no_such_conflict')} WHERE TRUE`,
          ]) {
            await assert.rejects(
              session.transaction([
                { sql: `DELETE FROM ${session.names.raw('purchase')} WHERE TRUE`, params: {} },
                { sql, params: {} },
              ]),
              (error) => error instanceof LogferryError && !error.retry && error.name === 'TerminalError',
            );
          }
        });
        assert.deepEqual(await stored(bench), UNTOUCHED);
      },
    );

    it('a type that has no rows any more loses its stale ones without a load', async () => {
      const bench = await filled(make);
      await bench.warehouse.session((session) => {
        const commit = commitOf(TYPE, 0, [], { epoch: 3, state: 'empty' });
        return session.transaction(commitStatements(session.names, commit));
      });
      assert.deepEqual(await stored(bench), ['3x@15']);
    });

    const carry = (session: WarehouseSession, entry: Partial<LedgerEntry>): Promise<void> =>
      session.transaction(
        commitStatements(session.names, commitOf(TYPE, 2, [], { state: 'carried', loadEpoch: 2, ...entry })),
      );

    itUnless(differences.assertions)('the rows of a carried type are counted', async () => {
      const bench = await filled(make);
      await bench.warehouse.session(async (session) => {
        await assert.rejects(carry(session, { epoch: 3, rows: 5 }), ConservationError);
        assert.deepEqual(await ledger(session), ['1.1:1', '2.2:2']);
      });
      assert.deepEqual(await stored(bench), UNTOUCHED);
    });

    it('a carried type keeps its rows', async () => {
      const bench = await filled(make);
      await bench.warehouse.session(async (session) => {
        await carry(session, { epoch: 3 });
        assert.deepEqual(await ledger(session), ['1.1:1', '2.2:2', '3.1:2']);
      });
      assert.deepEqual(await stored(bench), UNTOUCHED);
    });

    it('several TEMP tables are one commit', async () => {
      const bench = await make();
      await bench.warehouse.session(async (session) => {
        await session.prepareOps();
        await session.prepareTable(TYPE);
        const first = await loadTemp(bench, session, TYPE, ['{"n":1,"s":"a"}']);
        const other = typeOf('purchase', [{ name: 's', type: 'STRING', mode: 'REQUIRED' }]);
        const second = await loadTemp(bench, session, other, ['{"n":2,"s":"b"}', '{"n":3,"s":"b"}']);
        await session.transaction(commitStatements(session.names, commitOf(TYPE, 3, [first, second])));
      });
      assert.deepEqual(await stored(bench), ['1a@14', '2b@14', '3b@14']);
    });

    it('query spells timestamps in UTC with Z, integers as numbers, NULL as null', async () => {
      const bench = await filled(make);
      await bench.warehouse.session(async (session) => {
        const { names } = session;
        const sql = `SELECT n, s, folder_hour, loaded_at, CAST(NULL AS STRING) AS nothing FROM ${names.raw('purchase')}
WHERE folder_hour = CAST(@hour AS TIMESTAMP) AND s = @s AND s <> 'a@hour' ORDER BY n`;
        const row = { s: 'a', folder_hour: HOUR, loaded_at: LOADED_AT, nothing: null };
        assert.deepEqual(await session.query({ sql, params: { hour: HOUR, s: 'a' } }), [
          { n: 1, ...row },
          { n: 2, ...row },
        ]);
        assert.deepEqual(await session.query({ sql: "SELECT 'mail@example.com' AS text", params: {} }), [
          { text: 'mail@example.com' },
        ]);
      });
    });
  });
}
