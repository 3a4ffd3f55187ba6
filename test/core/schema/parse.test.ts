import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { parseLogType } from '../../../workloads/core/schema/parse.ts';
import { FIELD, problems, valid, assertRefused } from './schema-files.ts';

const SCHEMAS = new URL('../../../schemas/', import.meta.url);

describe('parseLogType', () => {
  it('fills in every default', () => {
    const { version, ...logType } = valid({ fields: [FIELD] });
    assert.match(version, /^[0-9a-f]{8}$/);
    assert.deepEqual(logType, {
      type: 't',
      table: 't',
      lane: 'standard',
      fields: [{ name: 'a', type: 'STRING', mode: 'NULLABLE' }],
      columns: [],
      unknownFields: 'reject',
      onMisfit: { action: 'setAside', limit: 0.05 },
      partition: { by: 'DAY', requireFilter: false },
      clustering: [],
    });
  });

  it('the type is the file’s name unless it says another', () => {
    assert.equal(valid({ fields: [FIELD] }, 'a/b/Purchase_2.json').type, 'Purchase_2');
    const { type, table } = valid({ type: 'order/created', fields: [FIELD] }, 'order_created.json');
    assert.deepEqual([type, table], ['order/created', 'order_created']);
  });

  it('both of BigQuery’s spellings of types parse to one: bq show --schema prints either', () => {
    const printed = [
      { name: 'i', type: 'INTEGER', mode: 'REQUIRED' },
      { name: 'f', type: 'FLOAT', mode: 'NULLABLE', description: 'x' },
      { name: 'b', type: 'BOOLEAN', mode: 'NULLABLE' },
      {
        name: 'r',
        type: 'RECORD',
        mode: 'REPEATED',
        fields: [{ name: 'i', type: 'INTEGER', mode: 'NULLABLE' }],
      },
    ];
    const renamed = JSON.parse(
      JSON.stringify(printed)
        .replaceAll('INTEGER', 'INT64')
        .replaceAll('FLOAT', 'FLOAT64')
        .replaceAll('BOOLEAN', 'BOOL')
        .replaceAll('RECORD', 'STRUCT'),
    ) as object;
    const [legacy, standard] = [valid({ fields: printed }), valid({ fields: renamed })];
    assert.deepEqual(standard, legacy);
    assert.deepEqual(legacy.fields, printed);
  });

  it('every type, mode and option parses', () => {
    const types = [
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
      'JSON',
    ];
    const { fields } = valid({
      $schema: './log-type.schema.json',
      fields: types.map((type) => ({ name: `f_${type}`, type })),
    });
    assert.deepEqual(
      fields.map(({ type }) => type),
      types,
    );
    for (const [text, onMisfit] of [
      ['fail', { action: 'fail' }],
      ['setAside', { action: 'setAside', limit: 1 }],
      ['setAside:0%', { action: 'setAside', limit: 0 }],
      ['setAside:0.5%', { action: 'setAside', limit: 0.005 }],
      ['setAside:100%', { action: 'setAside', limit: 1 }],
    ] as const) {
      assert.deepEqual(valid({ fields: [FIELD], onMisfit: text }).onMisfit, onMisfit);
    }
  });

  it('a BOM at the beginning of the file is no problem', () => {
    assert.ok('logType' in parseLogType('t.json', `\ufeff${JSON.stringify({ fields: [FIELD] })}`));
  });

  it('a file that is not JSON is refused', () => {
    for (const text of ['', '{', '{"fields":[],}', '// x\n{}', '\ufeff\ufeff{}']) {
      const [problem] = problems(text);
      assert.match(problem!, /^\$ \| a JSON document \| /, text);
    }
    for (const text of ['[]', '1', 'null', '"a"', JSON.stringify([FIELD])]) {
      assert.match(problems(text)[0]!, /^\$ \| object \| /, text);
    }
  });

  it('an unknown property is refused at its place, with the known ones', () => {
    assertRefused(
      { fields: [FIELD], lanes: 'fast' },
      '$.lanes',
      '$schema, type, description, lane, fields, columns, unknownFields',
      '"lanes"',
    );
    assertRefused(
      { fields: [{ ...FIELD, policyTags: {} }] },
      '$.fields[0].policyTags',
      'name, type, mode, description, fields, coerce',
      '"policyTags"',
    );
    assertRefused(
      { fields: [FIELD], partition: { hours: 1 } },
      '$.partition.hours',
      'by, expirationDays, requireFilter',
      '"hours"',
    );
  });

  it('wrong values are refused with path, expected and found', () => {
    assertRefused({}, '$.fields', 'to be present', 'nothing');
    assertRefused({ fields: [] }, '$.fields', 'fewer than 1', '[]');
    assertRefused({ fields: [FIELD], lane: 'slow' }, '$.lane', 'fast, standard', '"slow"');
    assertRefused(
      { fields: [FIELD], unknownFields: 'ignore' },
      '$.unknownFields',
      'reject, keep',
      '"ignore"',
    );
    assertRefused({ fields: [FIELD], type: '' }, '$.type', 'fewer than 1', '""');
    assertRefused({ fields: [{ name: 'a' }] }, '$.fields[0].type', 'to be present', 'nothing');
    assertRefused(
      { fields: [{ ...FIELD, mode: 'OPTIONAL' }] },
      '$.fields[0].mode',
      'NULLABLE, REQUIRED, REPEATED',
      '"OPTIONAL"',
    );
    assertRefused({ fields: [FIELD], partition: { by: 'MONTH' } }, '$.partition.by', 'DAY, HOUR', '"MONTH"');
    for (const onMisfit of [
      'ignore',
      'setAside:',
      'setAside:5',
      'setAside:101%',
      'setAside:-1%',
      'fail:5%',
      'setAside:5 %',
    ]) {
      assertRefused({ fields: [FIELD], onMisfit }, '$.onMisfit', 'text that matches', `"${onMisfit}"`);
    }
  });

  it('all problems of a file are told at once', () => {
    assert.equal(
      problems({
        lane: 'slow',
        fields: [
          { name: '+1', type: 'TEXT' },
          { name: 'b', type: 'RECORD' },
        ],
      }).length,
      4,
    );
  });

  for (const [type, reason] of [
    ['BIGNUMERIC', 'DuckDB has no 76-digit decimal'],
    ['GEOGRAPHY', 'BigQuery rewrites shapes'],
    ['RANGE', 'use two fields'],
    ['INTERVAL', 'BigQuery normalises it'],
  ] as const) {
    it(`${type} is refused with the reason`, () => {
      assertRefused({ fields: [{ name: 'a', type }] }, '$.fields[0].type', `another type: `, `"${type}"`);
      assertRefused({ fields: [{ name: 'a', type }] }, '$.fields[0].type', reason, `"${type}"`);
    });
  }

  it('other types are refused with the list of those there are', () => {
    for (const type of ['TEXT', 'string', 'DECIMAL', 'TIMESTAMPTZ', '']) {
      assertRefused(
        { fields: [{ name: 'a', type }] },
        '$.fields[0].type',
        'one of STRING, BYTES, INTEGER',
        `"${type}"`,
      );
    }
  });

  it('a RECORD needs fields, and nothing else may have them', () => {
    for (const type of ['RECORD', 'STRUCT']) {
      assertRefused({ fields: [{ name: 'a', type }] }, '$.fields[0].fields', 'to be present', 'nothing');
      assertRefused(
        { fields: [{ name: 'a', type, fields: [] }] },
        '$.fields[0].fields',
        'fewer than 1',
        '[]',
      );
    }
    for (const type of ['STRING', 'JSON']) {
      assertRefused(
        { fields: [{ name: 'a', type, fields: [FIELD] }] },
        '$.fields[0].fields',
        'no "fields", or the type RECORD',
        JSON.stringify([FIELD]),
      );
    }
  });

  it('the version changes with what decides a row’s fate and form, not with the rest', () => {
    const base = {
      fields: [FIELD, { name: 'ts', type: 'INTEGER' }],
      columns: { t: { from: 'ts', as: 'TIMESTAMP', unit: 's' } },
    };
    const version = (change: object): string => valid({ ...base, ...change }).version;
    const same = [
      { description: 'x' },
      { lane: 'fast' },
      { onMisfit: 'fail' },
      { clustering: ['a'] },
      { partition: { expirationDays: 3 } },
      { type: 'other' },
      { unknownFields: 'reject' },
      {
        fields: [
          { type: 'STRING', mode: 'NULLABLE', description: 'd', name: 'a', coerce: false },
          { name: 'ts', type: 'INT64' },
        ],
      },
      { columns: { t: { unit: 's', as: 'TIMESTAMP', from: 'ts', description: 'd' } } },
    ];
    for (const change of same) assert.equal(version(change), version({}), JSON.stringify(change));
    const different = [
      { unknownFields: 'keep' },
      { columns: {} },
      { columns: { t: { from: 'ts', as: 'TIMESTAMP', unit: 'ms' } } },
      { columns: { u: { from: 'ts', as: 'TIMESTAMP', unit: 's' } } },
      { fields: [...base.fields, { name: 'b', type: 'STRING' }] },
      { fields: [...base.fields].reverse() },
      { fields: [{ ...FIELD, mode: 'REQUIRED' }, base.fields[1]] },
      { fields: [{ ...FIELD, coerce: true }, base.fields[1]] },
      { fields: [{ ...FIELD, type: 'JSON' }, base.fields[1]] },
      { fields: [{ name: 'a', type: 'RECORD', fields: [FIELD] }, base.fields[1]] },
      { fields: [{ name: 'a', type: 'RECORD', fields: [{ ...FIELD, mode: 'REQUIRED' }] }, base.fields[1]] },
    ];
    const versions = new Set([version({}), ...different.map(version)]);
    assert.equal(versions.size, different.length + 1);
  });

  it('all 14 schemas of the project parse', () => {
    const files = readdirSync(SCHEMAS).filter(
      (name) => name.endsWith('.json') && name !== 'log-type.schema.json',
    );
    assert.equal(files.length, 14);
    for (const file of files) {
      const parsed = parseLogType(file, readFileSync(new URL(file, SCHEMAS), 'utf8'));
      assert.ok('logType' in parsed, JSON.stringify(parsed));
    }
  });
});
