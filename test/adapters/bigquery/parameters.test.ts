import assert from 'node:assert/strict';
import fc from 'fast-check';
import { queryParameters, script } from '../../../workloads/adapters/bigquery/parameters.ts';
import type { Statement } from '../../../workloads/core/ports/warehouse.ts';

describe('parameters', () => {
  it('travel as text, each under its type', () => {
    const parameter = (name: string, type: string, value: string | null) => ({
      name,
      parameterType: { type },
      parameterValue: { value },
    });
    assert.deepEqual(queryParameters({ s: '1', i: -7, f: 0.5, big: 2 ** 60, none: null, empty: '' }), [
      parameter('s', 'STRING', '1'),
      parameter('i', 'INT64', '-7'),
      parameter('f', 'FLOAT64', '0.5'),
      parameter('big', 'FLOAT64', '1152921504606847000'),
      parameter('none', 'STRING', null),
      parameter('empty', 'STRING', ''),
    ]);
  });
});

describe('a script', () => {
  const statement = (sql: string, params: Statement['params'] = {}): Statement => ({ sql, params });

  it('is one transaction; the same value keeps its name, another one gets a name of its own', () => {
    assert.deepEqual(
      script([
        statement('DELETE FROM t WHERE h = @hour', { hour: '14' }),
        statement(
          "SELECT IF(@hour = '@expected' AND @expected = 1, 1, ERROR('it\\'s @hour')) FROM `a@hour`",
          {
            hour: '14',
            expected: '2',
          },
        ),
        statement('SELECT @expected, @expected_2', { expected: '3', expected_2: 'x' }),
        statement('SELECT @expected', { expected: null }),
      ]),
      {
        sql: `BEGIN TRANSACTION;
DELETE FROM t WHERE h = @hour;
SELECT IF(@hour = '@expected' AND @expected = 1, 1, ERROR('it\\'s @hour')) FROM \`a@hour\`;
SELECT @expected_2, @expected_2_2;
SELECT @expected_3;
COMMIT TRANSACTION;
`,
        params: { hour: '14', expected: '2', expected_2: '3', expected_2_2: 'x', expected_3: null },
      },
    );
  });

  it('of one statement is that statement: alone it is a transaction already', () => {
    const alone = statement('INSERT INTO t SELECT @a', { a: '1' });
    assert.equal(script([alone]), alone);
  });

  it('gives every statement the values that it was given, whatever they are called', () => {
    const name = fc.constantFrom('a', 'b', 'a_2', 'a_2_2', 'b_2', 'a_3');
    const params = fc.dictionary(name, fc.option(fc.constantFrom('x', 'y', '')), { noNullPrototype: true });
    fc.assert(
      fc.property(fc.array(params, { minLength: 2, maxLength: 6 }), (all) => {
        const statements = all.map((each) =>
          statement(
            `SELECT ${Object.keys(each)
              .map((key) => `@${key}`)
              .join()}`,
            each,
          ),
        );
        const whole = script(statements);
        const lines = whole.sql.split(';\n').slice(1, -2);
        assert.equal(lines.length, all.length);
        lines.forEach((line, index) => {
          const values = [...line.matchAll(/@(\w+)/g)].map(([, used]) => whole.params[used!]);
          assert.deepEqual(values, Object.values(all[index]!));
        });
      }),
    );
  });
});
