import assert from 'node:assert/strict';
import { RowCheck } from '../../../workloads/core/rows/row-check.ts';
import { assertAccepted, assertMisfits, logTypeOf, misfitsOf, typeOfX, verdictOf } from './verdict.ts';

const SCALARS = [
  'STRING',
  'BYTES',
  'INTEGER',
  'FLOAT',
  'NUMERIC',
  'BOOLEAN',
  'TIMESTAMP',
  'DATE',
  'TIME',
  'DATETIME',
];

describe('RowCheck: modes', () => {
  for (const type of [...SCALARS, 'JSON', 'RECORD']) {
    const more = type === 'RECORD' ? { fields: [{ name: 'y', type: 'STRING' }] } : {};

    it(`${type}: null and a missing key are both accepted where it is NULLABLE, neither where it is REQUIRED`, () => {
      assertAccepted(typeOfX(type, more), '{}', '{"x":null}');
      assertMisfits(typeOfX(type, { ...more, mode: 'REQUIRED' }), '{}', 'required x');
      assertMisfits(typeOfX(type, { ...more, mode: 'REQUIRED' }), '{"x":null}', 'required x');
    });

    if (type === 'JSON') continue;
    it(`${type}: REPEATED takes an array, empty or missing, never null and none inside`, () => {
      const logType = typeOfX(type, { ...more, mode: 'REPEATED' });
      assertAccepted(logType, '{}', '{"x":[]}', '{"x": [ ] }');
      assertMisfits(logType, '{"x":null}', 'type x');
      assertMisfits(logType, '{"x":[null]}', 'null_in_array x[0]');
      assertMisfits(logType, '{"x":{}}', 'type x');
      assertMisfits(logType, '{"x":"a"}', 'type x');
      assertMisfits(logType, '{"x":[[]]}', 'type x[0]');
    });
  }

  it('JSON takes null inside arrays and objects: it is its own type', () => {
    assertAccepted(typeOfX('JSON', { mode: 'REQUIRED' }), '{"x":[null]}', '{"x":{"a":null}}');
  });

  it('a missing field is placed at the object that lacks it, a null one at the null', () => {
    const logType = logTypeOf([
      { name: 'n', type: 'INTEGER', mode: 'REQUIRED' },
      { name: 'r', type: 'RECORD', fields: [{ name: 'm', type: 'STRING', mode: 'REQUIRED' }] },
    ]);
    assert.deepEqual(misfitsOf(logType, '{"n":null,"r":{}}'), [
      {
        reason: 'required',
        field: 'n',
        expected: 'INTEGER: not null (REQUIRED)',
        found: 'null',
        byteOffset: 5,
      },
      {
        reason: 'required',
        field: 'r.m',
        expected: 'STRING: to be present (REQUIRED)',
        found: '',
        byteOffset: 14,
      },
    ]);
    assertAccepted(logType, '{"n":1}', '{"n":1,"r":null}');
  });

  it('all misfits of a row are reported, each at its own place', () => {
    const logType = logTypeOf([
      { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
      { name: 'at', type: 'DATE' },
      {
        name: 'items',
        type: 'RECORD',
        mode: 'REPEATED',
        fields: [
          { name: 'price', type: 'NUMERIC', mode: 'REQUIRED' },
          { name: 'tags', type: 'STRING', mode: 'REPEATED' },
        ],
      },
    ]);
    const row =
      '{"at":"2026-02-30","items":[{"price":1,"tags":["a",2,null]},7,{"price":"x","z":0}],"at":null}';
    assert.deepEqual(
      misfitsOf(logType, row).map(({ reason, field, found, byteOffset }) => [
        reason,
        field,
        found,
        byteOffset,
      ]),
      [
        ['type', 'at', '"2026-02-30"', row.indexOf('"2026')],
        ['type', 'items[0].tags[1]', '2', row.indexOf('2,null')],
        ['null_in_array', 'items[0].tags[2]', 'null', row.indexOf('null]')],
        ['type', 'items[1]', '7', row.indexOf('7,')],
        ['type', 'items[2].price', '"x"', row.indexOf('"x"')],
        ['unknown_field', 'items[2].z', '0', row.indexOf('0}]')],
        ['duplicate_key', 'at', '"at"', row.lastIndexOf('"at"')],
        ['required', 'id', '', 0],
      ],
    );
  });

  it('of a row with a hundred thousand wrong elements the first hundred are reported', () => {
    const misfits = misfitsOf(
      typeOfX('INTEGER', { mode: 'REPEATED' }),
      `{"x":[${'"a",'.repeat(99_999)}"a"]}`,
    );
    assert.equal(misfits.length, 100);
    assert.equal(misfits[99]?.field, 'x[99]');
  });

  it('a syntax error is reported alone, wherever it stands', () => {
    const logType = logTypeOf([{ name: 'x', type: 'INTEGER', mode: 'REQUIRED' }]);
    assert.deepEqual(misfitsOf(logType, '{"x":"a","z":1,}'), [
      { reason: 'syntax', field: '', expected: 'JSON: a key in double quotes', found: '}', byteOffset: 15 },
    ]);
    assert.deepEqual(misfitsOf(logType, '{"x":"a"'), [
      {
        reason: 'syntax',
        field: '',
        expected: 'JSON: a comma or } after a member',
        found: 'the end of the row',
        byteOffset: 8,
      },
    ]);
    for (const row of [
      '',
      ' ',
      '{"x":1}}',
      '{"x":1} {"x":1}',
      '{"x":007}',
      '{"x":1.}',
      '{"x":.5}',
      '{"x":+1}',
      '{"x":-}',
      '{"x":1e}',
    ]) {
      assertMisfits(logType, row, 'syntax ');
    }
    for (const row of [
      '{x:1}',
      "{'x':1}",
      '{"x":NaN}',
      '{"x":nul}',
      '{"x":"\\x"}',
      '{"x":"\\u12g4"}',
      '{"x":"a\tb"}',
      '\ufeff{"x":1}',
      '{"x":1,}',
    ]) {
      assertMisfits(logType, row, 'syntax ');
    }
  });

  it('a row that is JSON but no object is a misfit of the whole row', () => {
    for (const row of ['[]', '1', '"a"', 'true', 'null']) assertMisfits(typeOfX('STRING'), row, 'type ');
  });

  it('a verdict does not depend on the rows before it', () => {
    const check = new RowCheck(
      logTypeOf([
        { name: 'x', type: 'INTEGER', mode: 'REQUIRED' },
        { name: 'j', type: 'JSON' },
      ]),
    );
    const count = (row: string): number => verdictOf(check, row).misfits.length;
    const rows: [string, number][] = [
      ['{"x":1}', 0],
      ['{"x":1,"j":[[', 1],
      ['{"x":1}', 0],
      ['{"x":"a","x":2,"y":1}', 3],
      ['{"x":1,"j":{}}', 0],
      ['{}', 1],
    ];
    for (const [row, misfits] of [...rows, ...rows]) assert.equal(count(row), misfits, row);
  });
});
