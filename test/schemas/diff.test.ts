import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { LogType } from '../../workloads/core/schema/log-type.ts';
import { parseLogType } from '../../workloads/core/schema/parse.ts';
import { diffSchemas } from '../../workloads/schemas/diff.ts';

const KEY_FIELD = { name: 'log_type', type: 'STRING', mode: 'REQUIRED' };

function logType(document: object, table = 't'): LogType {
  const parsed = parseLogType(`${table}.json`, JSON.stringify({ fields: [KEY_FIELD], ...document }));
  assert.ok('logType' in parsed, JSON.stringify(parsed));
  return parsed.logType;
}

const withFields = (...fields: object[]): object => ({ fields: [KEY_FIELD, ...fields] });

/** Each case: name, before, after, and the changes as [path, kind, what]. */
const CASES: [string, object, object, [string, string, string][]][] = [
  ['nothing', {}, {}, []],
  [
    'new fields',
    {},
    withFields(
      { name: 'a', type: 'STRING' },
      { name: 'b', type: 'DATE', mode: 'REPEATED' },
      { name: 'c', type: 'BOOL', mode: 'REQUIRED' },
    ),
    [
      ['$.fields.a', 'additive', 'new NULLABLE STRING'],
      ['$.fields.b', 'additive', 'new REPEATED DATE'],
      ['$.fields.c', 'breaking', 'new REQUIRED BOOLEAN'],
    ],
  ],
  [
    'a new record is one change, whatever is required inside',
    {},
    withFields({ name: 'r', type: 'RECORD', fields: [{ name: 'x', type: 'STRING', mode: 'REQUIRED' }] }),
    [['$.fields.r', 'additive', 'new NULLABLE RECORD']],
  ],
  [
    'a removed field',
    withFields({ name: 'a', type: 'JSON' }),
    {},
    [['$.fields.a', 'breaking', 'NULLABLE JSON removed']],
  ],
  [
    'nested fields',
    withFields({
      name: 'items',
      type: 'RECORD',
      mode: 'REPEATED',
      fields: [{ name: 'sku', type: 'STRING', mode: 'REQUIRED' }],
    }),
    withFields({
      name: 'items',
      type: 'RECORD',
      mode: 'REPEATED',
      fields: [
        { name: 'sku', type: 'STRING' },
        { name: 'price', type: 'NUMERIC' },
      ],
    }),
    [
      ['$.fields.items.price', 'additive', 'new NULLABLE NUMERIC'],
      ['$.fields.items.sku', 'additive', 'was REQUIRED, is NULLABLE'],
    ],
  ],
  [
    'a type changed, and what else differs with it',
    withFields({ name: 'a', type: 'INTEGER', mode: 'REQUIRED', description: 'x' }),
    withFields({ name: 'a', type: 'STRING' }),
    [['$.fields.a', 'breaking', 'was REQUIRED INTEGER, is NULLABLE STRING']],
  ],
  [
    'a type in its other spelling',
    withFields({ name: 'a', type: 'INT64' }),
    withFields({ name: 'a', type: 'INTEGER' }),
    [],
  ],
  [
    'tightened',
    withFields({ name: 'a', type: 'STRING' }),
    withFields({ name: 'a', type: 'STRING', mode: 'REQUIRED' }),
    [['$.fields.a', 'breaking', 'was NULLABLE, is REQUIRED']],
  ],
  [
    'REPEATED and back',
    withFields({ name: 'a', type: 'STRING' }, { name: 'b', type: 'STRING', mode: 'REPEATED' }),
    withFields({ name: 'a', type: 'STRING', mode: 'REPEATED' }, { name: 'b', type: 'STRING' }),
    [
      ['$.fields.a', 'breaking', 'was NULLABLE, is REPEATED'],
      ['$.fields.b', 'breaking', 'was REPEATED, is NULLABLE'],
    ],
  ],
  [
    'coerce',
    withFields({ name: 'a', type: 'STRING' }, { name: 'b', type: 'STRING', coerce: true }),
    withFields({ name: 'a', type: 'STRING', coerce: true }, { name: 'b', type: 'STRING' }),
    [
      ['$.fields.a', 'additive', 'now accepts converted forms (coerce)'],
      ['$.fields.b', 'breaking', 'no longer accepts converted forms (coerce)'],
    ],
  ],
  [
    'order and descriptions',
    withFields({ name: 'a', type: 'STRING' }, { name: 'b', type: 'STRING', description: '상품' }),
    { ...withFields({ name: 'b', type: 'STRING' }, { name: 'a', type: 'STRING' }), description: '구매' },
    [
      ['$.description', 'cosmetic', 'description changed'],
      ['$.fields', 'cosmetic', 'listed in another order'],
      ['$.fields.b', 'cosmetic', 'description changed'],
    ],
  ],
  [
    'derived columns',
    {
      ...withFields({ name: 'ts', type: 'INTEGER' }),
      columns: {
        gone: { from: 'ts', as: 'TIMESTAMP', unit: 's' },
        other: { from: 'ts', as: 'TIMESTAMP', unit: 's' },
      },
    },
    {
      ...withFields({ name: 'ts', type: 'INTEGER' }),
      columns: {
        other: { from: 'ts', as: 'TIMESTAMP', unit: 'ms', description: 'x' },
        kst: { from: 'other', as: 'DATETIME', timeZone: 'Asia/Seoul' },
      },
    },
    [
      ['$.columns.gone', 'breaking', 'derived TIMESTAMP column removed'],
      ['$.columns.kst', 'additive', 'new derived column: DATETIME from other (Asia/Seoul)'],
      ['$.columns.other', 'breaking', 'was TIMESTAMP from ts (s), is TIMESTAMP from ts (ms)'],
      ['$.columns.other', 'cosmetic', 'description changed'],
    ],
  ],
  [
    'options without effect on rows',
    {},
    { lane: 'fast', onMisfit: 'fail', clustering: ['log_type'] },
    [
      ['$.clustering', 'cosmetic', 'was none, is log_type'],
      ['$.lane', 'cosmetic', 'was standard, is fast'],
      ['$.onMisfit', 'cosmetic', 'was setAside up to 5%, is fail'],
    ],
  ],
  ['the type', {}, { type: 'a/b' }, [['$.type', 'breaking', 'was "t", is "a/b"']]],
  [
    'unknown fields kept',
    {},
    { unknownFields: 'keep' },
    [['$.unknownFields', 'additive', 'was reject, is keep']],
  ],
  [
    'unknown fields rejected',
    { unknownFields: 'keep' },
    {},
    [['$.unknownFields', 'breaking', 'was keep, is reject']],
  ],
  [
    'partitions',
    { partition: { by: 'DAY' } },
    { partition: { by: 'HOUR', expirationDays: 30, requireFilter: true } },
    [
      ['$.partition.by', 'breaking', 'was DAY, is HOUR'],
      ['$.partition.expirationDays', 'breaking', 'was never, is after 30 days'],
      ['$.partition.requireFilter', 'breaking', 'was false, is true'],
    ],
  ],
  [
    'partitions that stay longer',
    { partition: { expirationDays: 30, requireFilter: true } },
    { partition: { expirationDays: 60 } },
    [
      ['$.partition.expirationDays', 'additive', 'was after 30 days, is after 60 days'],
      ['$.partition.requireFilter', 'additive', 'was true, is false'],
    ],
  ],
];

describe('diffSchemas', () => {
  for (const [name, before, after, expected] of CASES) {
    it(name, () => {
      const changes = diffSchemas([logType(before)], [logType(after)]);
      assert.deepEqual(
        changes,
        expected.map(([path, kind, what]) => ({ table: 't', path, kind, what })),
      );
    });
  }

  it('new and removed types, sorted by table', () => {
    const changes = diffSchemas(
      [logType({}, 'b'), logType({ type: '구매' }, 'c')],
      [logType({}, 'b'), logType({}, 'a')],
    );
    assert.deepEqual(changes, [
      { table: 'a', path: '$', kind: 'additive', what: 'new type "a"' },
      { table: 'c', path: '$', kind: 'breaking', what: 'type "구매" removed' },
    ]);
  });

  it('does not depend on the order of the types, and equal sets do not differ', () => {
    const types = CASES.flatMap(([, before, after], index) => [
      logType(before, `t${index}`),
      logType(after, `u${index}`),
    ]);
    fc.assert(
      fc.property(fc.shuffledSubarray(types), fc.shuffledSubarray(types), (before, after) => {
        assert.deepEqual(diffSchemas(before, after), diffSchemas(before.toReversed(), after.toReversed()));
        assert.deepEqual(diffSchemas(before, before), []);
      }),
    );
  });
});
