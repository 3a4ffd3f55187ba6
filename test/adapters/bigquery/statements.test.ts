import assert from 'node:assert/strict';
import { tempFields } from '../../../workloads/adapters/bigquery/fields.ts';
import { bigqueryNames as namesOf } from '../../../workloads/adapters/bigquery/names.ts';
import { script } from '../../../workloads/adapters/bigquery/parameters.ts';
import type { Statement } from '../../../workloads/core/ports/warehouse.ts';
import { tableFields, type Field, type LogType } from '../../../workloads/core/schema/log-type.ts';
import { commitStatements } from '../../../workloads/core/sql/commit.ts';
import { bigqueryNames, tablesOf } from '../../support/bigquery-names.ts';
import { commitsOf, everyKind, logTypeOf, ownTypes } from '../../support/sql-samples.ts';
import { zetasqlTests } from '../../support/zetasql.ts';

const ENDPOINTS = { raw: 'raw', temp: 'load_temp', ops: 'ops', location: 'US', url: '' };
const names = namesOf({ project: 'my-project', ...ENDPOINTS });

/** The statements of a script, as BigQuery takes them apart; each with the parameters that it names. */
function taken({ sql, params }: Statement): Statement[] {
  const text = /'(?:[^'\\]|\\.)*'/g;
  return sql
    .split(/;\n/)
    .filter((each) => each !== '')
    .map((each) => {
      const used = [...each.replaceAll(text, '').matchAll(/@([a-z_0-9]+)/g)].map(([, name]) => name!);
      return { sql: each, params: Object.fromEntries(used.map((name) => [name, params[name]!])) };
    });
}

describe('what is sent to BigQuery', () => {
  const { it, zetasql } = zetasqlTests();

  it('names tables as Pulumi’s views do', async () => {
    for (const kind of ['raw', 'temp', 'ops', 'column'] as const)
      assert.equal(names[kind]('purchase'), bigqueryNames[kind]('purchase'));
    await Promise.resolve();
  });

  it('is a script of which Google’s analyser takes every statement, for every commit of every type', async () => {
    let analysed = 0;
    for (const logType of [...(await ownTypes()), everyKind()]) {
      for (const [shape, commit] of Object.entries(commitsOf(logType))) {
        const tables = tablesOf(logType, commit.temps, commit.rejectsTemp);
        const statements = taken(script(commitStatements(names, commit)));
        assert.equal(statements[0]!.sql, 'BEGIN TRANSACTION');
        assert.equal(statements.at(-1)!.sql, 'COMMIT TRANSACTION');
        for (const statement of statements) {
          for (const [name, value] of Object.entries(statement.params))
            assert.notEqual(value, undefined, name);
          await zetasql()
            .analyse(statement, tables)
            .catch((error: unknown) => {
              throw new Error(`${logType.table}, ${shape}: ${statement.sql}`, { cause: error });
            });
          analysed++;
        }
      }
    }
    // 52 statements of a commit's eight shapes, and BEGIN and COMMIT of each.
    assert.equal(analysed, 15 * (52 + 2 * 8));
  });

  describe('the records of TEMP', () => {
    const inner = (...members: string[]) =>
      members.map((name) => ({ name, type: name === 'n' ? 'INTEGER' : 'STRING' }));
    const of = (...members: string[]): LogType =>
      logTypeOf('ordered', {
        fields: [
          { name: 'rec', type: 'RECORD', fields: inner(...members) },
          { name: 'recs', type: 'RECORD', mode: 'REPEATED', fields: inner(...members) },
        ],
      });
    // The table has the order in which members were added, and one that the schema has not any more.
    const deployed = tableFields(of('b', 'gone', 'n', 'a'));
    const schema = of('a', 'b', 'n');
    const commit = commitsOf(schema)['one TEMP']!;
    const insert = commitStatements(names, commit).find(({ sql }) =>
      sql.startsWith('INSERT INTO `my-project.raw.'),
    )!;
    const tables = (temp: readonly Field[]) =>
      new Map([
        [names.raw('ordered'), deployed],
        [names.temp(commit.temps[0]!), temp],
      ]);

    it('in the schema’s own order could not be inserted, or would change places', async () => {
      await assert.rejects(zetasql().analyse(insert, tables(schema.fields)), /STRUCT<.*cannot be inserted/);
    });

    it('in the table’s order arrive member by member', async () => {
      const temp = tempFields(schema.fields, deployed);
      const record = { b: 'B', gone: null, n: 7n, a: 'A' };
      const stored = { rec: record, recs: [record, { ...record, a: null }] };
      const content = new Map([[names.temp(commit.temps[0]!), [stored]]]);
      const { columns, rows } = await zetasql().modify(insert, tables(temp), content as never);
      assert.deepEqual(columns.map(({ name }) => name).slice(0, 2), ['rec', 'recs']);
      const expected = await zetasql().query(
        { sql: `SELECT rec, recs FROM ${names.temp(commit.temps[0]!)}`, params: {} },
        tables(temp),
        content as never,
      );
      assert.deepEqual(
        rows.map((row) => row.slice(0, 2)),
        expected.rows,
      );
      assert.match(
        JSON.stringify(rows, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
        /"B".*"7".*"A"/,
      );
    });
  });
});
