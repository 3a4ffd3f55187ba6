import assert from 'node:assert/strict';
import { join } from 'node:path';
import { parseHour } from '../../workloads/core/hour.ts';
import type { Manifest } from '../../workloads/core/manifest.ts';
import { tableFields } from '../../workloads/core/schema/log-type.ts';
import { commitStatements, type Commit, type LedgerEntry } from '../../workloads/core/sql/commit.ts';
import { controlTable, type Names } from '../../workloads/core/sql/names.ts';
import {
  ALL_REJECTS,
  CONTROL,
  HOUR_LEDGER,
  LEDGER,
  REJECTS_INDEX,
} from '../../workloads/core/sql/ops-tables.ts';
import { insertHourLedger, tableCounts, tempCount } from '../../workloads/core/sql/queries.ts';
import { commitsOf, entryOf, logTypeOf } from '../support/sql-samples.ts';
import { tempFolder } from '../support/temp.ts';
import { TwoEngines, type Written } from '../support/two-engines.ts';
import { zetasqlTests, type Stored } from '../support/zetasql.ts';

const PURCHASE = logTypeOf('purchase', { fields: [{ name: 'amount', type: 'NUMERIC' }] });
const HOUR = parseHour('2026-11-20T15');
const LOADED_AT = '2026-11-20T16:20:00.123Z';

const ledger = (names: Names): string => names.ops('ledger');
const rejects = (names: Names): string => names.ops('all_rejects');
const hourLedger = (names: Names): string => names.ops('hour_ledger');
const control = (names: Names): string => names.ops(controlTable('purchase'));
const raw = (names: Names): string => names.raw('purchase');

/** The statements of a commit that contain a text. */
const part =
  (commit: Commit, text: string): Written =>
  (names) => {
    const found = commitStatements(names, commit).filter(({ sql }) => sql.includes(text));
    assert.equal(found.length, 1, text);
    return found[0]!;
  };

const EXACTLY_ONE = 'must hold exactly one row';
const NEWER = 'the same or a higher epoch';
const TABLE_COUNT = 'the table does not hold the rows';
const REJECT_COUNT = 'the rejects table does not hold';

function ledgerRow(changes: Partial<Record<keyof typeof COLUMNS, string>> = {}): Stored {
  return { ...COLUMNS, ...changes };
}

const COLUMNS = {
  log_type: 'purchase',
  table_name: 'purchase',
  folder_hour: '2026-11-20T15:00:00Z',
  epoch: '2',
  revision: '1',
  state: 'loaded',
  schema_version: PURCHASE.version,
  staged: '3',
  row_count: '2',
  rejected: '1',
  load_epoch: '2',
  load_revision: '1',
  content: 'c'.repeat(64),
  manifest: 'd'.repeat(64),
  loaded_at: LOADED_AT,
};

const rows = (hour: string, count: number): Stored[] =>
  Array.from({ length: count }, () => ({ amount: '1.5', folder_hour: hour, loaded_at: LOADED_AT }));

describe('A commit’s statements, in BigQuery’s reference evaluator and in DuckDB', () => {
  const { it, zetasql } = zetasqlTests();
  const folder = tempFolder();
  let databases = 0;

  const inBoth = (work: (engines: TwoEngines) => Promise<void>): Promise<void> =>
    TwoEngines.with(join(folder, String(databases++)), zetasql(), async (engines) => {
      await engines.session.prepareTable(PURCHASE);
      await engines.fill(ledger, LEDGER, []);
      await engines.fill(hourLedger, HOUR_LEDGER, []);
      await engines.fill(rejects, ALL_REJECTS, []);
      await work(engines);
    });

  const commit = (changes: Partial<LedgerEntry> = {}): Commit => ({
    ...commitsOf(PURCHASE).rejects!,
    entry: entryOf(PURCHASE, changes),
  });

  it('the fence holds with exactly one control row of this attempt, and says so with none or two', () =>
    inBoth(async (engines) => {
      const { attempt } = commit();
      const seen: (string | true)[] = [];
      for (const attempts of [[attempt], [], ['another'], [attempt, attempt], [attempt, 'another']]) {
        await engines.fill(
          control,
          CONTROL,
          attempts.map((text) => ({ log_type: 'purchase', attempt: text })),
        );
        seen.push(await engines.holds(part(commit(), EXACTLY_ONE)));
      }
      const refused = 'logferry fenced: the control table of this type must hold exactly one row';
      assert.deepEqual(seen, [true, refused, refused, refused, true]);
    }));

  it('a lower or equal epoch and revision is fenced, a higher one passes; other hours and types do not matter', () =>
    inBoth(async (engines) => {
      await engines.fill(ledger, LEDGER, [
        ledgerRow({ epoch: '9', revision: '2' }),
        ledgerRow({ epoch: '3', revision: '30' }),
        ledgerRow({ epoch: '50', folder_hour: '2026-11-20T14:00:00Z' }),
        ledgerRow({ epoch: '50', log_type: 'Purchase' }),
      ]);
      const passes = async (epoch: number, revision: number): Promise<boolean> =>
        (await engines.holds(part(commit({ epoch, revision }), NEWER))) === true;
      const found: boolean[] = [];
      for (const [epoch, revision] of [
        [9, 1],
        [9, 2],
        [9, 3],
        [8, 40],
        [10, 1],
        [100, 1],
      ] as const)
        found.push(await passes(epoch, revision));
      assert.deepEqual(found, [false, false, true, false, true, true]);
    }));

  it('the rows of the hour, and of no other, are counted against what was loaded', () =>
    inBoth(async (engines) => {
      await engines.fill(raw, tableFields(PURCHASE), [
        ...rows('2026-11-20T15:00:00Z', 2),
        ...rows('2026-11-20T14:00:00Z', 1),
        ...rows('2026-11-20T16:00:00Z', 4),
      ]);
      const counted = async (first: string, last: string): Promise<readonly unknown[]> =>
        engines.query((names) =>
          tableCounts(names, 'purchase', { first: parseHour(first), last: parseHour(last) }),
        );
      const [at14, at15, at16] = [
        ['2026-11-20T14:00:00Z', '1'],
        ['2026-11-20T15:00:00Z', '2'],
        ['2026-11-20T16:00:00Z', '4'],
      ];
      assert.deepEqual(await counted('2026-11-20T15', '2026-11-20T15'), [at15]);
      assert.deepEqual(await counted('2026-11-20T14', '2026-11-20T15'), [at14, at15]);
      assert.deepEqual(await counted('2026-11-20T15', '2026-11-21T00'), [at15, at16]);
      assert.deepEqual(await counted('2026-11-21T00', '2026-11-21T00'), []);
      assert.equal(await engines.holds(part(commit({ rows: 2 }), TABLE_COUNT)), true);
      for (const expected of [0, 1, 3]) {
        const refusal = await engines.holds(part(commit({ rows: expected }), TABLE_COUNT));
        assert.equal(refusal, 'logferry miscount: the table does not hold the rows that were loaded');
      }
    }));

  it('rejects are taken from their index with every value, and counted by hour, epoch and revision', () =>
    inBoth(async (engines) => {
      const index: Stored[] = [1, 2].map((line) => ({
        id: `id-${String(line)}`,
        object: 'purchase/2026/11/20/15/part.ndjson.gz',
        etag: 'AAAAAA==',
        line: String(line),
        byteOffset: String(line * 1000),
        length: '10',
        binOffset: '0',
        type: 'purchase',
        reason: 'type',
        field: line === 1 ? 'amount' : null,
        expected: line === 1 ? 'NUMERIC' : null,
        found: line === 1 ? '"한 \\"x\\""' : null,
        misfits: line === 1 ? '[{"field":"amount"}]' : null,
        head: '{"amount":\n"x"}',
      }));
      const changed = commit({ rejected: 2 });
      await engines.fillTemp(changed.rejectsTemp!, REJECTS_INDEX, index);
      assert.deepEqual(await engines.query((names) => tempCount(names, changed.rejectsTemp!)), [['2']]);
      const inserted = await engines.modify(part(changed, '.id, t.object'), rejects);
      assert.deepEqual(
        inserted.map((row) => row.slice(0, 8)),
        [
          [
            'purchase',
            '2026-11-20T15:00:00Z',
            '2',
            '1',
            'id-1',
            'purchase/2026/11/20/15/part.ndjson.gz',
            '1',
            '1000',
          ],
          [
            'purchase',
            '2026-11-20T15:00:00Z',
            '2',
            '1',
            'id-2',
            'purchase/2026/11/20/15/part.ndjson.gz',
            '2',
            '2000',
          ],
        ],
      );
      const stored = inserted.map((row) =>
        Object.fromEntries(ALL_REJECTS.map(({ name }, column) => [name, row[column] as string | null])),
      );
      await engines.fill(rejects, ALL_REJECTS, [
        ...stored,
        { ...stored[0]!, epoch: '1' },
        { ...stored[0]!, revision: '2' },
      ]);
      assert.equal(await engines.holds(part(changed, REJECT_COUNT)), true);
      const refusal = await engines.holds(part(commit({ rejected: 4 }), REJECT_COUNT));
      assert.equal(refusal, 'logferry miscount: the rejects table does not hold the rejected rows');
    }));

  it('the ledger row says what was committed, with and without rejects', () =>
    inBoth(async (engines) => {
      for (const rejectsBin of [null, 'rejects/2026/11/20/15/2-1.bin.gz']) {
        await engines.fill(ledger, LEDGER, []);
        const inserted = await engines.modify(
          part(commit({ rejectsBin, state: 'carried', loadEpoch: 1 }), '@table_name'),
          ledger,
        );
        const [row] = inserted.map((values) =>
          Object.fromEntries(LEDGER.map(({ name }, index) => [name, values[index]])),
        );
        assert.deepEqual(row, { ...COLUMNS, state: 'carried', load_epoch: '1', rejects_bin: rejectsBin });
      }
    }));

  it('the fence row is marked by the attempt, and only the one of the type', () =>
    inBoth(async (engines) => {
      await engines.fill(control, CONTROL, [
        { log_type: 'purchase', attempt: 'seed' },
        { log_type: 'Purchase', attempt: 'seed' },
      ]);
      const changed = commit();
      const update = part(changed, 'SET attempt');
      assert.deepEqual(await engines.modify(update, control), [['purchase', changed.attempt]]);
    }));

  it('the hour, and no other, is deleted, whatever the time inside the rows', () =>
    inBoth(async (engines) => {
      const hours = [
        '2026-11-20T14:00:00Z',
        '2026-11-20T16:00:00Z',
        '2026-11-21T15:00:00Z',
        '2025-11-20T15:00:00Z',
      ];
      await engines.fill(raw, tableFields(PURCHASE), [
        ...rows('2026-11-20T15:00:00Z', 3),
        ...hours.flatMap((hour) => rows(hour, 1)),
      ]);
      const remove = part(commit(), 'DELETE FROM');
      assert.equal(await engines.deleted(remove, raw), 3);
      const left = await engines.session.query({
        sql: `SELECT folder_hour FROM ${engines.session.names.raw('purchase')}`,
        params: {},
      });
      assert.deepEqual(left.map((row) => row.folder_hour).sort(), [...hours].sort());
    }));

  it('what an hour held is written once for each epoch', () =>
    inBoth(async (engines) => {
      const manifest = {
        hour: HOUR,
        epoch: 3,
        lines: 9,
        blank: 1,
        staged: 6,
        quarantined: 2,
        sources: [{ damaged: 'bad CRC' }, {}],
      } as unknown as Manifest;
      const insert: Written = (names) => insertHourLedger(names, manifest, LOADED_AT);
      const written = ['2026-11-20T15:00:00Z', '3', '9', '1', '6', '2', '1', LOADED_AT];
      const row = Object.fromEntries(HOUR_LEDGER.map(({ name }, index) => [name, written[index]!]));
      await engines.fill(hourLedger, HOUR_LEDGER, []);
      assert.deepEqual(await engines.modify(insert, hourLedger), [written]);
      const others = [
        { ...row, epoch: '2' },
        { ...row, folder_hour: '2026-11-20T14:00:00Z' },
      ];
      for (const [present, expected] of [
        [others, [written]],
        [[row, ...others], []],
      ] as const) {
        await engines.fill(hourLedger, HOUR_LEDGER, present);
        assert.deepEqual(await engines.modify(insert, hourLedger), expected);
      }
    }));
});
