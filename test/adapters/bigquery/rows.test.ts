import assert from 'node:assert/strict';
import { rowsOf } from '../../../workloads/adapters/bigquery/rows.ts';

const one = (type: string, value: string | null, mode = 'NULLABLE'): unknown =>
  rowsOf([{ name: 'x', type, mode }], [{ f: [{ v: value }] }])[0]!.x;

describe('a row of an answer', () => {
  const CASES: readonly [type: string, text: string | null, value: unknown][] = [
    ['INTEGER', '-7', -7],
    ['INT64', '9007199254740991', 9007199254740991],
    ['INTEGER', '9007199254740993', '9007199254740993'],
    ['FLOAT', '1.5', 1.5],
    ['FLOAT64', '-Infinity', -Infinity],
    ['NUMERIC', '1.10', '1.10'],
    ['BOOLEAN', 'true', 'true'],
    ['STRING', '', ''],
    ['TIMESTAMP', '1795183200000000', '2026-11-20T14:00:00Z'],
    ['TIMESTAMP', '1795183200000001', '2026-11-20T14:00:00.000001Z'],
    ['TIMESTAMP', '1795183200500000', '2026-11-20T14:00:00.5Z'],
    ['TIMESTAMP', '-1', '1969-12-31T23:59:59.999999Z'],
    ['TIMESTAMP', '-62135596800000000', '0001-01-01T00:00:00Z'],
    ['TIMESTAMP', '253402300799999999', '9999-12-31T23:59:59.999999Z'],
    ['DATE', '2026-11-20', '2026-11-20'],
    ['JSON', '{"a":1.10}', '{"a":1.10}'],
    ...['INTEGER', 'TIMESTAMP', 'STRING', 'JSON'].map((type): [string, null, null] => [type, null, null]),
  ];
  for (const [type, text, value] of CASES)
    it(`${type} ${String(text)} -> ${String(value)}`, () => assert.equal(one(type, text), value));

  it('gives arrays and records as JSON', () => {
    const inner = [
      { name: 'n', type: 'INTEGER' },
      { name: 'at', type: 'TIMESTAMP' },
      { name: 's', type: 'STRING', mode: 'REPEATED' },
    ];
    const fields = [
      { name: 'list', type: 'INTEGER', mode: 'REPEATED' },
      { name: 'rec', type: 'RECORD', fields: inner },
      { name: 'recs', type: 'STRUCT', mode: 'REPEATED', fields: inner },
    ];
    const record = { f: [{ v: '1' }, { v: '0' }, { v: [{ v: 'a' }] }] };
    assert.deepEqual(
      rowsOf(fields, [
        { f: [{ v: [{ v: '1' }, { v: '2' }] }, { v: record }, { v: [{ v: record }] }] },
        { f: [{ v: [] }, { v: null }, { v: [] }] },
      ]),
      [
        {
          list: '[1,2]',
          rec: '{"n":1,"at":"1970-01-01T00:00:00Z","s":["a"]}',
          recs: '[{"n":1,"at":"1970-01-01T00:00:00Z","s":["a"]}]',
        },
        { list: '[]', rec: null, recs: '[]' },
      ],
    );
  });

  it('has every column, also one called __proto__', () => {
    const [row] = rowsOf([{ name: '__proto__', type: 'STRING' }], [{ f: [{ v: 'x' }] }]);
    assert.deepEqual(Object.entries(row!), [['__proto__', 'x']]);
  });
});
