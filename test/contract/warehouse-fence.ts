import assert from 'node:assert/strict';
import { ConservationError, FencedError } from '../../workloads/core/errors.ts';
import { commitStatements } from '../../workloads/core/sql/commit.ts';
import { controlTable } from '../../workloads/core/sql/names.ts';
import { itUnless } from './store-bench.ts';
import { bring, commitOf, loadTemp, type WarehouseContract } from './warehouse-bench.ts';
import { filled, ledger, stored, TYPE, UNTOUCHED } from './warehouse-purchases.ts';

export function fenceContract({ make, differences }: WarehouseContract): void {
  const itAsserts = itUnless(differences.assertions);
  describe('the fence of a transaction', () => {
    for (const [epoch, revision] of [
      [2, 2],
      [2, 1],
      [1, 1],
      [1, 9],
    ] as const) {
      itAsserts(
        `a zombie with epoch ${epoch} revision ${revision} after 2.2 -> FencedError, and nothing of it stays`,
        async () => {
          const bench = await filled(make);
          await bench.warehouse.session(async (session) => {
            await assert.rejects(
              bring(bench, session, TYPE, ['{"n":9,"s":"z"}'], { epoch, revision }),
              FencedError,
            );
            assert.deepEqual(await ledger(session), ['1.1:1', '2.2:2']);
          });
          assert.deepEqual(await stored(bench), UNTOUCHED);
        },
      );
    }

    for (const rows of [0, 1, 3]) {
      itAsserts(`rows differ: ${rows} expected of 2 -> ConservationError, no commit`, async () => {
        const bench = await filled(make);
        await bench.warehouse.session(async (session) => {
          await assert.rejects(
            bring(bench, session, TYPE, ['{"n":8}', '{"n":9}'], { epoch: 3, rows }),
            ConservationError,
          );
          assert.deepEqual(await ledger(session), ['1.1:1', '2.2:2']);
        });
        assert.deepEqual(await stored(bench), UNTOUCHED);
      });
    }

    for (const [rows, change] of [
      [0, (control: string) => `DELETE FROM ${control} WHERE TRUE`],
      [
        2,
        (control: string) =>
          `INSERT INTO ${control} (log_type, attempt) VALUES ('purchase/x', 'a second one')`,
      ],
    ] as const) {
      itAsserts(`a control table of ${rows} rows -> FencedError: it must hold exactly one`, async () => {
        const bench = await filled(make);
        await bench.warehouse.session(async (session) => {
          const temp = await loadTemp(bench, session, TYPE, ['{"n":9,"s":"z"}']);
          await session.transaction([
            { sql: change(session.names.ops(controlTable('purchase'))), params: {} },
          ]);
          const commit = commitStatements(session.names, commitOf(TYPE, 1, [temp], { epoch: 3 }));
          await assert.rejects(session.transaction(commit), FencedError);
        });
        assert.deepEqual(await stored(bench), UNTOUCHED);
      });
    }
  });
}
