import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import { addHours, hourTimestamp, parseHour, type FolderHour } from '../../workloads/core/hour.ts';
import { ALL_REJECTS, HOUR_LEDGER, LEDGER } from '../../workloads/core/sql/ops-tables.ts';
import type { Names } from '../../workloads/core/sql/names.ts';
import { ledgerOfHour, ledgerOfHours } from '../../workloads/core/sql/queries.ts';
import { countsView, rejectsView } from '../../workloads/core/sql/views.ts';
import {
  hourRow,
  ledgerRow,
  loadedAt,
  rejectRow,
  supersedes,
  type Committed,
} from '../support/ledger-rows.ts';
import { tempFolder } from '../support/temp.ts';
import { TwoEngines, type Written } from '../support/two-engines.ts';
import { zetasqlTests, type Stored } from '../support/zetasql.ts';
import type { Normal } from '../support/zetasql-values.ts';

const COUNTS: Written = (names) => ({ sql: countsView(names), params: {} });
const REJECTS: Written = (names) => ({ sql: rejectsView(names), params: {} });

const ops =
  (table: string) =>
  (names: Names): string =>
    names.ops(table);

/** Rows of scalars as lines; nothing stands for NULL. */
const byText = (rows: readonly (readonly (Normal | number | undefined)[])[]): string[] =>
  rows.map((row) => row.map((cell) => (typeof cell === 'object' ? '' : cell)).join(' ')).sort();

describe('The views, in BigQuery’s reference evaluator and in DuckDB', () => {
  const { it, zetasql } = zetasqlTests();
  const folder = tempFolder();
  let databases = 0;

  const inBoth = (work: (engines: TwoEngines) => Promise<void>): Promise<void> =>
    TwoEngines.with(join(folder, String(databases++)), zetasql(), work);

  const fill = async (
    engines: TwoEngines,
    ledger: readonly Committed[],
    hours: readonly Stored[],
    rejects: readonly Stored[] = [],
  ) => {
    await engines.fill(ops('ledger'), LEDGER, ledger.map(ledgerRow));
    await engines.fill(ops('hour_ledger'), HOUR_LEDGER, hours);
    await engines.fill(ops('all_rejects'), ALL_REJECTS, rejects);
  };

  const DAYS: readonly (readonly [hour: string, local: string, day: string])[] = [
    ['2026-11-20T14', '2026-11-20T23:00:00', '2026-11-20'],
    ['2026-11-20T15', '2026-11-21T00:00:00', '2026-11-21'],
    ['2024-02-28T15', '2024-02-29T00:00:00', '2024-02-29'],
    ['2024-02-29T14', '2024-02-29T23:00:00', '2024-02-29'],
    ['2024-02-29T15', '2024-03-01T00:00:00', '2024-03-01'],
    ['2026-12-31T14', '2026-12-31T23:00:00', '2026-12-31'],
    ['2026-12-31T15', '2027-01-01T00:00:00', '2027-01-01'],
  ];

  it('count an hour on its Korean day: midnight at 15:00 UTC, leap day, year end; quarantined lines alike', () =>
    inBoth(async (engines) => {
      const hours = DAYS.map(([hour]) => parseHour(hour));
      await fill(
        engines,
        hours.map((hour) => ({ hour, type: 'purchase', epoch: 1 })),
        hours.map((hour) => hourRow(hour, 1, 2)),
      );
      const expected = DAYS.flatMap(([hour, local, day]) => [
        `purchase ${hour}:00:00Z ${local} ${day} 5 0  1 ${loadedAt(1, 1)}`,
        ` ${hour}:00:00Z ${local} ${day}   2 1 ${loadedAt(1, 0)}`,
      ]);
      assert.deepEqual(byText(await engines.query(COUNTS)), expected.sort());
    }));

  it('count the newest commit only: the epoch first, then the revision; a carried one, and one without rows', () =>
    inBoth(async (engines) => {
      const hour = parseHour('2026-11-20T15');
      const ledger: Committed[] = [
        { hour, type: 'purchase', epoch: 2, revision: 1, rows: 21 },
        { hour, type: 'purchase', epoch: 10, revision: 1, rows: 101 },
        { hour, type: 'purchase', epoch: 9, revision: 30, rows: 930 },
        { hour, type: 'reloaded', epoch: 1, revision: 2, rows: 12, rejected: 1 },
        { hour, type: 'reloaded', epoch: 1, revision: 10, rows: 13 },
        { hour, type: 'carried', epoch: 1, rows: 7, rejected: 2 },
        { hour, type: 'carried', epoch: 2, rows: 7, rejected: 2, carries: [1, 1] },
        { hour, type: 'vanished', epoch: 1, rows: 3 },
        { hour, type: 'vanished', epoch: 2, rows: 0 },
      ];
      await fill(engines, ledger, []);
      const found = (await engines.query(COUNTS)).map(([type, , , , rows, rejected, quarantined, epoch]) => [
        type,
        rows,
        rejected,
        quarantined,
        epoch,
      ]);
      assert.deepEqual(byText(found), [
        'carried 7 2  2',
        'purchase 101 0  10',
        'reloaded 13 0  1',
        'vanished 0 0  2',
      ]);
    }));

  it('count quarantined lines of the newest epoch; an hour whose quarantine was replayed has no such row', () =>
    inBoth(async (engines) => {
      const [still, replayed, clean] = ['2026-11-20T14', '2026-11-20T15', '2026-11-20T16'].map(parseHour) as [
        FolderHour,
        FolderHour,
        FolderHour,
      ];
      await fill(
        engines,
        [],
        [
          hourRow(still, 1, 9),
          hourRow(still, 2, 3),
          hourRow(replayed, 1, 4),
          hourRow(replayed, 2, 0),
          hourRow(clean, 1, 0),
        ],
      );
      assert.deepEqual(byText(await engines.query(COUNTS)), [
        ` ${still}:00:00Z 2026-11-20T23:00:00 2026-11-20   3 2 ${loadedAt(2, 0)}`,
      ]);
    }));

  it('show the rejects of the load that counts, once; those of a carried type stay, those that a reload accepted go', () =>
    inBoth(async (engines) => {
      const hour = parseHour('2026-11-20T15');
      const loads = (type: string): Committed => ({ hour, type, epoch: 1, rejected: 2 });
      const ledger: Committed[] = [
        loads('kept'),
        loads('carried'),
        { ...loads('carried'), epoch: 2, carries: [1, 1] },
        { ...loads('carried'), epoch: 3, carries: [1, 1] },
        loads('mended'),
        { ...loads('mended'), revision: 2, rejected: 0 },
      ];
      const rejects = ['kept', 'carried', 'mended'].flatMap((type) => [
        rejectRow(loads(type), 1),
        rejectRow(loads(type), 2),
      ]);
      await fill(
        engines,
        ledger,
        [],
        [...rejects, rejectRow({ hour: addHours(hour, 1), type: 'kept', epoch: 1 }, 3)],
      );
      const found = (await engines.query(REJECTS)).map(([type, , epoch, revision, id]) => [
        type,
        epoch,
        revision,
        id,
      ]);
      assert.deepEqual(byText(found), [
        'carried 1 1 carried-1',
        'carried 1 1 carried-2',
        'kept 1 1 kept-1',
        'kept 1 1 kept-2',
      ]);
    }));

  it('and the ledger of an hour, are equal and name the winner, whatever was committed in whatever order', () =>
    inBoth(async (engines) => {
      const first = parseHour('2026-11-20T13');
      const commit = fc.record({
        hour: fc.integer({ min: 0, max: 3 }).map((offset) => addHours(first, offset)),
        type: fc.constantFrom('a', 'B', 'order/created', '한글'),
        epoch: fc.integer({ min: 1, max: 12 }),
        revision: fc.integer({ min: 1, max: 12 }),
        rows: fc.nat(3),
        rejected: fc.nat(2),
      });
      const unique = {
        minLength: 0,
        maxLength: 40,
        selector: ({ hour, type, epoch, revision }: Committed) => [hour, type, epoch, revision].join(),
      };
      const quarantine = fc.uniqueArray(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 12 }), fc.nat(2)), {
        maxLength: 12,
        selector: ([offset, epoch]) => `${String(offset)} ${String(epoch)}`,
      });
      await fc.assert(
        fc.asyncProperty(fc.uniqueArray(commit, unique), quarantine, async (ledger, hours) => {
          const rejects = ledger.flatMap((entry) =>
            Array.from({ length: entry.rejected }, (_, line) => rejectRow(entry, line)),
          );
          await fill(
            engines,
            ledger,
            hours.map(([offset, epoch, lines]) => hourRow(addHours(first, offset), epoch, lines)),
            rejects,
          );

          const winners = ledger.filter((entry) => !ledger.some((other) => supersedes(other, entry)));
          const typed = (await engines.query(COUNTS)).filter(([type]) => type !== null);
          assert.deepEqual(
            byText(
              typed.map(([type, hour, , , rows, rejected, , epoch]) => [type, hour, rows, rejected, epoch]),
            ),
            byText(
              winners.map(({ type, hour, rows, rejected, epoch }) => [
                type,
                hourTimestamp(hour),
                rows,
                rejected,
                epoch,
              ]),
            ),
          );

          const shown = await engines.query(REJECTS);
          assert.equal(
            shown.length,
            winners.reduce((sum, { rejected }) => sum + rejected, 0),
          );

          const ofHour = await engines.query((names) => ledgerOfHour(names, first), { ordered: true });
          assert.equal(ofHour.length, ledger.filter(({ hour }) => hour === first).length);
          const ofAll = await engines.query(
            (names) => ledgerOfHours(names, { first, last: addHours(first, 1) }),
            { ordered: true },
          );
          assert.equal(
            ofAll.length,
            ledger.filter(({ hour }) => hour === first || hour === addHours(first, 1)).length,
          );
        }),
        { numRuns: 30 },
      );
    }));
});
