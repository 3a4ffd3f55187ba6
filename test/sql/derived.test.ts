import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import { loadedFields, tableFields, type LogType } from '../../workloads/core/schema/log-type.ts';
import { epochRange } from '../../workloads/core/rows/temporal.ts';
import { commitStatements, type Commit } from '../../workloads/core/sql/commit.ts';
import type { Names } from '../../workloads/core/sql/names.ts';
import { commitsOf, everyKind, logTypeOf } from '../support/sql-samples.ts';
import { tempFolder } from '../support/temp.ts';
import { TwoEngines, type Written } from '../support/two-engines.ts';
import { zetasqlTests, type Stored } from '../support/zetasql.ts';
import type { Normal } from '../support/zetasql-values.ts';

/** Types whose every column one line of a test can hold: an epoch field and what is made of it, in Seoul and elsewhere. */
function epochType(unit: 's' | 'ms' | 'us', timeZone = 'Asia/Seoul'): LogType {
  return logTypeOf(`epoch_${unit}`, {
    fields: [{ name: 'ts', type: 'INTEGER' }],
    columns: {
      at: { from: 'ts', as: 'TIMESTAMP', unit },
      local: { from: 'at', as: 'DATETIME', timeZone },
      day: { from: 'at', as: 'DATE', timeZone },
    },
  });
}

const insertOf =
  (commit: Commit): Written =>
  (names) =>
    commitStatements(names, commit).find(({ sql }) =>
      sql.startsWith(`INSERT INTO ${names.raw(commit.entry.table)}`),
    )!;

describe('What a commit inserts, in BigQuery’s reference evaluator and in DuckDB', () => {
  const { it, zetasql } = zetasqlTests();
  const folder = tempFolder();
  let databases = 0;

  const inBoth = (work: (engines: TwoEngines) => Promise<void>): Promise<void> =>
    TwoEngines.with(join(folder, String(databases++)), zetasql(), work);

  /** Loads rows into TEMPs and commits them in both engines: the equal rows of the table, by column. */
  async function commitRows(
    engines: TwoEngines,
    logType: LogType,
    ...temps: (readonly Stored[])[]
  ): Promise<Record<string, Normal>[]> {
    const commit = {
      ...commitsOf(logType)['one TEMP']!,
      temps: temps.map((_rows, index) => `${logType.table}_TEMP_${String(index)}`),
    };
    const table = (names: Names): string => names.raw(logType.table);
    const fields = tableFields(logType);
    await engines.session.prepareTable(logType);
    await engines.fill(table, fields, []);
    for (const [index, rows] of temps.entries())
      await engines.fillTemp(commit.temps[index]!, loadedFields(logType), rows);
    const inserted = await engines.modify(insertOf(commit), table);
    return inserted.map((row) => Object.fromEntries(fields.map(({ name }, index) => [name, row[index]!])));
  }

  /** The values of some columns for each row, in the order of the rows' key. */
  const pick = (rows: Record<string, Normal>[], ...names: string[]): Normal[][] =>
    rows.map((row) => names.map((name) => row[name]!));

  it('keeps every kind of value, nested, repeated, and NULL', () =>
    inBoth(async (engines) => {
      const full: Stored = {
        nullable_string: '한글 😀 \n "quoted" \\ \u0000 @x \'',
        nullable_bytes: 'AP8iXA==',
        nullable_integer: '-9223372036854775808',
        nullable_float: '-1.5e-300',
        nullable_numeric: '-99999999999999999999999999999.999999999',
        nullable_boolean: 'false',
        nullable_timestamp: '2024-02-29T14:59:59.999999Z',
        nullable_date: '0001-01-01',
        nullable_time: '23:59:59.000001',
        nullable_datetime: '9999-12-31 23:59:59.999999',
        repeated_string: ['', 'a'],
        repeated_numeric: ['0.000000001', '-0.5'],
        repeated_timestamp: ['1969-12-31T23:59:59.999999Z'],
        repeated_boolean: ['true', 'false'],
        payload: '{"b":[1,{"a":null}],"@timestamp":"2026-11-20"}',
        t: { t: { ts: '1774796400000' } },
        order: { from: '2026-12-31T15:00:00Z', select: '{"a":[{"b c":"deep"}]}' },
        rows: [
          { group: ['a', 'b'], all: '1' },
          { group: [], all: null },
        ],
        epoch_s: '0',
        unknown_fields: '{"extra":false,"other":1}',
      };
      const rows = await commitRows(engines, everyKind(), [full, {}]);
      assert.deepEqual(
        pick(rows, 'nullable_numeric', 'nullable_integer', 'nullable_string', 'nullable_datetime', 'rows'),
        [
          [
            '-99999999999999999999999999999.999999999',
            '-9223372036854775808',
            full.nullable_string,
            '9999-12-31T23:59:59.999999',
            [
              { group: ['a', 'b'], all: '1' },
              { group: [], all: null },
            ],
          ],
          [null, null, null, null, []],
        ],
      );
      assert.deepEqual(
        pick(
          rows,
          'hour_kst',
          'nested_at',
          'nested_day',
          'limit',
          'stamp',
          'extra',
          'at_s',
          'folder_hour',
          'loaded_at',
        ),
        [
          [
            '2026-11-21T00:00:00',
            '2026-03-29T15:00:00Z',
            '2027-01-01',
            'deep',
            '2026-11-20',
            'false',
            '1970-01-01T00:00:00Z',
            '2026-11-20T15:00:00Z',
            '2026-11-20T16:20:00.123Z',
          ],
          [
            '2026-11-21T00:00:00',
            null,
            null,
            null,
            null,
            null,
            null,
            '2026-11-20T15:00:00Z',
            '2026-11-20T16:20:00.123Z',
          ],
        ],
      );
    }));

  it('takes every row of several TEMPs, twins too', () =>
    inBoth(async (engines) => {
      const rows = await commitRows(
        engines,
        epochType('s'),
        [{ ts: '1' }, { ts: '1' }],
        [{ ts: '1' }, { ts: '2' }],
        [],
      );
      assert.deepEqual(pick(rows, 'ts').flat().sort(), ['1', '1', '1', '2']);
    }));

  const SECONDS: Readonly<Record<string, readonly [at: string, local: string, day: string]>> = {
    '1795186799': ['2026-11-20T14:59:59', '2026-11-20T23:59:59', '2026-11-20'],
    '1795186800': ['2026-11-20T15:00:00', '2026-11-21T00:00:00', '2026-11-21'],
    '1709218799': ['2024-02-29T14:59:59', '2024-02-29T23:59:59', '2024-02-29'],
    '1709218800': ['2024-02-29T15:00:00', '2024-03-01T00:00:00', '2024-03-01'],
    '1798729200': ['2026-12-31T15:00:00', '2027-01-01T00:00:00', '2027-01-01'],
    '0': ['1970-01-01T00:00:00', '1970-01-01T09:00:00', '1970-01-01'],
    '-1': ['1969-12-31T23:59:59', '1970-01-01T08:59:59', '1970-01-01'],
    // Seoul kept summer time in 1988, and half an hour less until August 1961.
    '580910400': ['1988-05-29T12:00:00', '1988-05-29T22:00:00', '1988-05-29'],
    '-264933000': ['1961-08-09T15:30:00', '1961-08-10T00:30:00', '1961-08-10'],
    '-264933001': ['1961-08-09T15:29:59', '1961-08-09T23:59:59', '1961-08-09'],
  };

  for (const [unit, digits] of [
    ['s', 0],
    ['ms', 3],
    ['us', 6],
  ] as const) {
    it(`makes ${unit} since 1970 an instant and a Korean day: midnight, leap day, year end, 0, negative, NULL`, () =>
      inBoth(async (engines) => {
        const zeros = '0'.repeat(digits);
        const stored = Object.keys(SECONDS).map((second) => ({
          ts: second === '0' ? '0' : `${second}${zeros}`,
        }));
        const rows = await commitRows(engines, epochType(unit), [...stored, { ts: null }]);
        const found = new Map(rows.map((row) => [row.ts, pick([row], 'at', 'local', 'day')[0]]));
        for (const [second, [at, local, day]] of Object.entries(SECONDS)) {
          assert.deepEqual(found.get(second === '0' ? '0' : `${second}${zeros}`), [`${at}Z`, local, day]);
        }
        assert.deepEqual(found.get(null), [null, null, null]);
      }));
  }

  it('keeps the last microsecond before Korean midnight on its day', () =>
    inBoth(async (engines) => {
      const rows = await commitRows(engines, epochType('us'), [{ ts: '1795186799999999' }, { ts: '-1' }]);
      assert.deepEqual(
        new Map(rows.map((row) => [row.ts, pick([row], 'at', 'local', 'day')[0]])),
        new Map([
          ['1795186799999999', ['2026-11-20T14:59:59.999999Z', '2026-11-20T23:59:59.999999', '2026-11-20']],
          ['-1', ['1969-12-31T23:59:59.999999Z', '1970-01-01T08:59:59.999999', '1970-01-01']],
        ]),
      );
    }));

  it('agrees on every epoch that the row check lets pass, in Seoul', () =>
    inBoth(async (engines) => {
      for (const unit of ['s', 'ms', 'us'] as const) {
        const epoch = fc.oneof(
          fc.bigInt(epochRange(unit)),
          fc.constantFrom(...Object.values(epochRange(unit))),
        );
        await fc.assert(
          fc.asyncProperty(fc.array(epoch, { minLength: 40, maxLength: 80 }), async (epochs) => {
            await commitRows(
              engines,
              epochType(unit),
              epochs.map((ts) => ({ ts: String(ts) })),
            );
          }),
          { numRuns: 4 },
        );
      }
    }));

  // Elsewhere the engines carry different versions of the time zone database, which differ before 1970 and in the newest rules.
  it('agrees on time zones with summer time and with odd offsets since 1970', () =>
    inBoth(async (engines) => {
      const zones = [
        'UTC',
        'America/New_York',
        'Europe/Berlin',
        'Asia/Kolkata',
        'Asia/Kathmandu',
        'Australia/Lord_Howe',
        'Pacific/Apia',
      ];
      const edges = [
        '2026-03-08T06:59:59.999999Z',
        '2026-03-08T07:00:00Z',
        '2026-11-01T05:59:59Z',
        '2026-11-01T06:00:00Z',
        '2011-12-30T09:59:59Z',
      ];
      const instants = fc.sample(
        fc.date({ min: new Date('1971-01-01'), max: new Date('2025-12-31'), noInvalidDate: true }),
        60,
      );
      const stored = [...edges, ...instants.map((instant) => instant.toISOString())].map((at) => ({ at }));
      for (const timeZone of zones) {
        const logType = logTypeOf('zoned', {
          fields: [{ name: 'at', type: 'TIMESTAMP' }],
          columns: {
            local: { from: 'at', as: 'DATETIME', timeZone },
            day: { from: 'at', as: 'DATE', timeZone },
          },
        });
        await commitRows(engines, logType, stored);
      }
    }));
});
