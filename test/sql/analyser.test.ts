import assert from 'node:assert/strict';
import { addHours, parseHour } from '../../workloads/core/hour.ts';
import type { Manifest } from '../../workloads/core/manifest.ts';
import type { Statement } from '../../workloads/core/ports/warehouse.ts';
import { duckdbNames } from '../../workloads/adapters/duckdb/names.ts';
import { tableFields, type LogType } from '../../workloads/core/schema/log-type.ts';
import { commitStatements } from '../../workloads/core/sql/commit.ts';
import type { Names } from '../../workloads/core/sql/names.ts';
import {
  counts,
  insertHourLedger,
  ledgerOfHour,
  ledgerOfHours,
  tableCounts,
  tempCount,
} from '../../workloads/core/sql/queries.ts';
import { OPS_VIEWS } from '../../workloads/core/sql/views.ts';
import { bigqueryNames, opsTables, tablesOf, type Tables } from '../support/bigquery-names.ts';
import { commitsOf, everyKind, fieldsOf, logTypeOf, ownTypes } from '../support/sql-samples.ts';
import { COUNTS_COLUMNS, REJECTS_COLUMNS } from '../support/view-columns.ts';
import { spellColumns, zetasqlTests } from '../support/zetasql.ts';

const HOUR = parseHour('2026-11-20T15');
const MANIFEST = {
  hour: HOUR,
  epoch: 3,
  lines: 9,
  blank: 1,
  staged: 6,
  quarantined: 2,
  sources: [],
} as unknown as Manifest;
const HOURS = { first: HOUR, last: addHours(HOUR, 11) };
const TEMP = 'purchase_TEMP_2026112015_2_0badcafe_1';

const views = (names: Names): Statement[] =>
  Object.values(OPS_VIEWS).map((sql) => ({ sql: sql(names), params: {} }));

/** Every statement that is not part of a commit. */
const queries = (names: Names): Statement[] => [
  ...views(names),
  ledgerOfHour(names, HOUR),
  ledgerOfHours(names, HOURS),
  tableCounts(names, 'purchase', HOURS),
  tempCount(names, TEMP),
  counts(names),
  insertHourLedger(names, MANIFEST, '2026-11-20T16:20:00.123Z'),
];

describe('Google’s analyser', () => {
  const { it, zetasql } = zetasqlTests();

  /** The answer's columns; what the analyser says against a statement comes with the statement. */
  async function analyse(statement: Statement, tables: Tables, what = ''): Promise<string[]> {
    try {
      return spellColumns(await zetasql().analyse(statement, tables));
    } catch (error) {
      throw new Error(`${what}: ${(error as Error).message}\n${statement.sql}`, { cause: error });
    }
  }

  /** @returns How many statements there were. */
  async function analyseCommits(logType: LogType): Promise<number> {
    let analysed = 0;
    for (const [shape, commit] of Object.entries(commitsOf(logType))) {
      const tables = tablesOf(logType, commit.temps, commit.rejectsTemp);
      for (const statement of commitStatements(bigqueryNames, commit)) {
        await analyse(statement, tables, `${logType.table}, ${shape}`);
        analysed++;
      }
    }
    return analysed;
  }

  /** One TEMP 7, several 7, rejects 9, only rejects 8, empty 6, carried 5, a lost schema 6, a lost table 4. */
  const STATEMENTS_A_TYPE = 52;

  it('takes every statement of every shape of commit of the 14 log types in schemas/', async () => {
    const types = await ownTypes();
    assert.equal(types.length, 14);
    let analysed = 0;
    for (const logType of types) analysed += await analyseCommits(logType);
    assert.equal(analysed, 14 * STATEMENTS_A_TYPE);
  });

  it('takes every kind of field and conversion, columns of columns, and names that are words of SQL', async () => {
    assert.equal(await analyseCommits(everyKind()), STATEMENTS_A_TYPE);
  });

  it('takes a type without derived columns, and one whose columns all hang on each other', async () => {
    await analyseCommits(logTypeOf('plain', { fields: [{ name: 'a', type: 'STRING' }] }));
    const chained = logTypeOf('chained', {
      fields: [{ name: 'ts', type: 'INTEGER' }],
      columns: {
        at: { from: 'ts', as: 'TIMESTAMP', unit: 'us' },
        kst: { from: 'at', as: 'DATETIME', timeZone: 'Asia/Seoul' },
        day: { from: 'at', as: 'DATE', timeZone: 'Asia/Seoul' },
      },
    });
    await analyseCommits(chained);
  });

  it('gives what is inserted the type of the column that it goes into, without any conversion', async () => {
    const logType = everyKind();
    const { 'several TEMPs': commit } = commitsOf(logType);
    const tables = tablesOf(logType, commit!.temps, null);
    const insert = commitStatements(bigqueryNames, commit!).find(({ sql }) =>
      sql.startsWith('INSERT INTO `my-project.raw.'),
    )!;
    const select = { ...insert, sql: insert.sql.slice(insert.sql.indexOf('\n') + 1) };
    const types = (columns: readonly string[]): string[] =>
      columns.map((column) => column.slice(column.indexOf(' ') + 1));
    const table = await analyse(
      { sql: `SELECT * FROM ${bigqueryNames.raw(logType.table)}`, params: {} },
      tables,
    );
    assert.deepEqual(types(await analyse(select, tables)), types(table));
    assert.equal(table.length, tableFields(logType).length);
  });

  it('takes the queries', async () => {
    const logType = (await ownTypes()).find(({ table }) => table === 'purchase')!;
    const tables = new Map([
      ...tablesOf(logType, [TEMP], null),
      [bigqueryNames.ops('counts'), fieldsOf(await zetasql().analyse(views(bigqueryNames)[0]!, opsTables()))],
    ]);
    for (const statement of queries(bigqueryNames)) await analyse(statement, tables);
    assert.deepEqual(await analyse(counts(bigqueryNames), tables), [
      'log_type STRING',
      'folder_hour TIMESTAMP',
      'row_count INT64',
      'rejected INT64',
      'quarantined INT64',
      'epoch INT64',
    ]);
    assert.deepEqual(await analyse(tableCounts(bigqueryNames, 'purchase', HOURS), tables), [
      'folder_hour TIMESTAMP',
      'row_count INT64',
    ]);
  });

  it('finds the columns and types of the views that others build on', async () => {
    const [countsView, rejectsView] = views(bigqueryNames);
    assert.deepEqual(await analyse(countsView!, opsTables()), COUNTS_COLUMNS);
    assert.deepEqual(await analyse(rejectsView!, opsTables()), REJECTS_COLUMNS);
  });

  it('would refuse the shared SQL with DuckDB’s names', async () => {
    const logType = everyKind();
    const statements = Object.values(commitsOf(logType)).flatMap((commit) =>
      commitStatements(duckdbNames, commit),
    );
    const named = [...statements, ...queries(duckdbNames)].filter(({ sql }) => sql.includes('"'));
    assert.ok(named.length > STATEMENTS_A_TYPE / 2);
    for (const statement of named) {
      await assert.rejects(
        zetasql().analyse(statement, opsTables()),
        /Syntax error|not found/,
        statement.sql,
      );
    }
  });

  const DUCKDB_ONLY: Readonly<Record<string, RegExp>> = {
    'SELECT epoch::VARCHAR FROM ledger': /Syntax error/,
    'SELECT * EXCLUDE (epoch) FROM ledger': /Syntax error/,
    'FROM ledger': /Syntax error/,
    'SELECT CAST(epoch AS BIGINT) FROM ledger': /Type not found: BIGINT/,
    'SELECT CAST(epoch AS VARCHAR) FROM ledger': /Type not found: VARCHAR/,
    'SELECT timezone(@zone, folder_hour) FROM ledger': /Function not found: timezone/,
    'SELECT epoch_ms(epoch) FROM ledger': /Function not found: epoch_ms/,
    'SELECT row_count AS rows FROM ledger': /Syntax error: Unexpected keyword ROWS/,
    'SELECT nothing FROM ledger': /Unrecognized name: nothing/,
    'SELECT 1 FROM ledger WHERE folder_hour = $zone': /Unexpected macro/,
    'SELECT 1 FROM ledger WHERE log_type = @undeclared': /Query parameter 'undeclared' not found/,
    'SELECT 1 FROM ledger WHERE epoch = @zone': /No matching signature for operator =/,
    'DELETE FROM ledger': /DELETE must have a WHERE clause/,
  };

  for (const [sql, message] of Object.entries(DUCKDB_ONLY)) {
    it(`would refuse: ${sql}`, async () => {
      const statement = {
        sql: sql.replace('ledger', bigqueryNames.ops('ledger')),
        params: { zone: 'Asia/Seoul' },
      };
      await assert.rejects(zetasql().analyse(statement, opsTables()), message);
    });
  }
});

describe('The shared SQL', () => {
  const text = /'(?:[^'\\]|\\.)*'/g;
  const names: Names = {
    raw: (table) => table,
    temp: (table) => table,
    ops: (table) => table,
    column: (name) => name,
  };

  async function statements(): Promise<Statement[]> {
    const types = [...(await ownTypes()), everyKind()];
    return [
      ...types.flatMap((logType) =>
        Object.values(commitsOf(logType)).flatMap((commit) => commitStatements(names, commit)),
      ),
      ...queries(names),
    ];
  }

  it('has no double quote outside a text: in GoogleSQL "epoch" is a text, and the analyser would take it for one', async () => {
    for (const { sql } of await statements()) assert.doesNotMatch(sql.replaceAll(text, ''), /"/);
  });

  it('has every parameter that it is given, and is given every parameter that it has', async () => {
    for (const { sql, params } of await statements()) {
      const used = [...sql.replaceAll(text, '').matchAll(/@([a-z_]+)/g)].map((match) => match[1]!);
      assert.deepEqual([...new Set(used)].sort(), Object.keys(params).sort(), sql);
    }
  });

  it('gives every parameter as text or NULL, for the emulator of BigQuery takes nothing else', async () => {
    for (const { params, sql } of await statements()) {
      for (const value of Object.values(params)) assert.ok(value === null || typeof value === 'string', sql);
    }
  });

  it('calls only functions that BigQuery documents: the analyser knows more than BigQuery has', async () => {
    const called = new Set<string>();
    for (const { sql } of await statements()) {
      for (const [, name] of sql.replaceAll(text, '').matchAll(/\b([A-Z][A-Z_]+)\(/g)) called.add(name!);
    }
    assert.deepEqual([...called].sort(), [
      'CAST',
      'COUNT',
      'DATETIME',
      'ERROR',
      'IF',
      'JSON_VALUE',
      'ROW_NUMBER',
      'TIMESTAMP_MICROS',
      'TIMESTAMP_MILLIS',
      'TIMESTAMP_SECONDS',
    ]);
  });
});
