import assert from 'node:assert/strict';
import { assertRefused, FIELD, problems, valid } from './schema-files.ts';

/** A field inside so many RECORDs. */
function nested(levels: number): object {
  return levels === 0 ? FIELD : { name: 'r', type: 'RECORD', fields: [nested(levels - 1)] };
}

describe('schema rules: names', () => {
  it('names of letters, digits and _ up to 128 characters', () => {
    for (const name of ['a', '_', '_1', 'A9_', 'x'.repeat(128)])
      valid({ fields: [{ name, type: 'STRING' }] });
    for (const name of ['', '1a', '+1', 'a-b', 'a.b', 'a b', '한', 'é', 'x'.repeat(129), 'a\n', '`']) {
      assertRefused(
        { fields: [{ name, type: 'STRING' }] },
        '$.fields[0].name',
        'text that matches ^[A-Za-z_]',
        JSON.stringify(name),
      );
    }
  });

  it('names that logferry adds are taken at the top level, not inside a RECORD', () => {
    for (const name of ['folder_hour', 'Loaded_At', 'unknown_fields']) {
      assertRefused(
        { fields: [{ name, type: 'STRING' }] },
        '$.fields[0].name',
        'a name that logferry does not add itself',
        `"${name}"`,
      );
      valid({ fields: [{ name: 'r', type: 'RECORD', fields: [{ name, type: 'STRING' }] }] });
    }
  });

  it('BigQuery’s reserved prefixes are refused at every level, whatever their case', () => {
    for (const name of [
      '_TABLE_SUFFIX',
      '_table_x',
      '_FILE_NAME',
      '_PARTITIONTIME',
      '_Partition',
      '_ROW_TIMESTAMP',
      '__ROOT__x',
      '_ColIdentifier',
    ]) {
      assertRefused(
        { fields: [{ name, type: 'STRING' }] },
        '$.fields[0].name',
        'reserved prefix',
        `"${name}"`,
      );
      const inside = { fields: [{ name: 'r', type: 'RECORD', fields: [{ name, type: 'STRING' }] }] };
      assertRefused(inside, '$.fields[0].fields[0].name', 'reserved prefix', `"${name}"`);
    }
    valid({
      fields: [
        { name: 'table_x', type: 'STRING' },
        { name: '_tables', type: 'STRING' },
      ],
    });
  });

  it('two names that differ by case only are refused in one RECORD, not in two', () => {
    const twins = [FIELD, { name: 'A', type: 'STRING' }];
    assertRefused(
      { fields: twins },
      '$.fields[1].name',
      'another name than $.fields[0] (case does not count)',
      '"A"',
    );
    assertRefused(
      { fields: [{ name: 'r', type: 'RECORD', fields: twins }] },
      '$.fields[0].fields[1].name',
      'another name than $.fields[0].fields[0]',
      '"A"',
    );
    valid({ fields: [FIELD, { name: 'r', type: 'RECORD', fields: [FIELD] }] });
  });

  it('a table’s name must be a name, and not look like a TEMP table', () => {
    for (const file of ['order-created.json', '1.json', 'a b.json', '한.json', `${'x'.repeat(129)}.json`]) {
      assert.match(problems({ fields: [FIELD] }, file)[0]!, /^\$ \| a file name of a letter or _/, file);
    }
    assert.match(problems({ fields: [FIELD] }, 'a_TEMP_2026112014_1.json')[0]!, /TEMP table/);
    assert.match(problems({ fields: [FIELD] }, 'a_temp_2026112014_b.json')[0]!, /TEMP table/);
    valid({ fields: [FIELD] }, 'a_temp_2026.json');
    valid({ fields: [FIELD] }, `${'x'.repeat(128)}.json`);
  });
});

describe('schema rules: fields', () => {
  it('15 levels of RECORD are accepted, 16 are not', () => {
    valid({ fields: [nested(15)] });
    const path = `$.fields[0]${'.fields[0]'.repeat(15)}`;
    assertRefused({ fields: [nested(16)] }, path, 'at most 15 levels of RECORD', '16');
    assertRefused({ fields: [nested(40)] }, path, 'at most 15 levels of RECORD', '16');
  });

  it('a JSON field cannot be REPEATED', () => {
    assertRefused(
      { fields: [{ name: 'a', type: 'JSON', mode: 'REPEATED' }] },
      '$.fields[0].mode',
      'NULLABLE: a JSON value can be an array',
      '"REPEATED"',
    );
  });

  it('coerce is for the types that have a converted form', () => {
    for (const type of ['STRING', 'INTEGER', 'INT64', 'FLOAT', 'BOOLEAN', 'BOOL', 'TIMESTAMP']) {
      assert.equal(valid({ fields: [{ name: 'a', type, coerce: true }] }).fields[0]?.coerce, true);
    }
    for (const type of ['NUMERIC', 'BYTES', 'DATE', 'TIME', 'DATETIME', 'JSON']) {
      assertRefused(
        { fields: [{ name: 'a', type, coerce: true }] },
        '$.fields[0].coerce',
        `${type} has no converted form`,
        'true',
      );
      valid({ fields: [{ name: 'a', type, coerce: false }] });
    }
    assertRefused(
      { fields: [{ name: 'a', type: 'RECORD', coerce: true, fields: [FIELD] }] },
      '$.fields[0].coerce',
      'RECORD has no',
      'true',
    );
  });
});

describe('schema rules: derived columns', () => {
  const fields = [
    { name: 'ts', type: 'INTEGER' },
    { name: 'at', type: 'TIMESTAMP' },
    { name: 'j', type: 'JSON' },
    { name: 's', type: 'STRING' },
    { name: 'r', type: 'RECORD', fields: [{ name: 'ts', type: 'INTEGER' }] },
    { name: 'l', type: 'RECORD', mode: 'REPEATED', fields: [{ name: 'ts', type: 'INTEGER' }] },
    { name: 'ns', type: 'INTEGER', mode: 'REPEATED' },
  ];
  const schema = (columns: object, more: object = {}): object => ({ fields, columns, ...more });
  const refused = (column: object, path: string, expected: string, found: string): void =>
    assertRefused(schema({ c: column }), `$.columns.c.${path}`, expected, found);

  it('the four conversions, from fields, RECORDs, columns above, folder_hour and unknown_fields', () => {
    const columns = {
      t: { from: 'ts', as: 'TIMESTAMP', unit: 'ms' },
      rt: { from: 'r.ts', as: 'TIMESTAMP', unit: 'us' },
      local: { from: 't', as: 'DATETIME', timeZone: 'Asia/Seoul' },
      day: { from: 'at', as: 'DATE', timeZone: 'UTC' },
      hour_day: { from: 'folder_hour', as: 'DATE', timeZone: 'Asia/Seoul' },
      code: { from: 'j', as: 'STRING', path: '$.error."a-b"[0].c' },
      kept: { from: 'unknown_fields', as: 'STRING', path: '$.x' },
    };
    const logType = valid(schema(columns, { unknownFields: 'keep' }));
    assert.deepEqual(
      logType.columns,
      Object.entries(columns).map(([name, column]) => ({ name, ...column })),
    );
  });

  it('an unknown source, one through REPEATED, and one further down are refused', () => {
    for (const from of ['nope', 'ns', 'l.ts', 'r.nope', 'ts.x', 'TS', 'c', 'loaded_at']) {
      refused({ from, as: 'TIMESTAMP', unit: 's' }, 'from', 'not inside a REPEATED one', `"${from}"`);
    }
    const later = schema({
      day: { from: 't', as: 'DATE', timeZone: 'UTC' },
      t: { from: 'ts', as: 'TIMESTAMP', unit: 's' },
    });
    assertRefused(later, '$.columns.day.from', 'a column above', '"t"');
    refused({ from: 'unknown_fields', as: 'STRING', path: '$.x' }, 'from', 'a field', '"unknown_fields"');
  });

  it('other conversions are refused with those there are', () => {
    for (const [from, as, found] of [
      ['s', 'TIMESTAMP', 'STRING to TIMESTAMP'],
      ['ts', 'DATE', 'INTEGER to DATE'],
      ['at', 'STRING', 'TIMESTAMP to STRING'],
      ['r', 'STRING', 'RECORD to STRING'],
    ] as const) {
      refused(
        { from, as },
        'as',
        'INTEGER to TIMESTAMP; TIMESTAMP to DATETIME; TIMESTAMP to DATE; JSON to STRING',
        `"${found}"`,
      );
    }
    refused({ from: 'ts', as: 'INTEGER' }, 'as', 'one of TIMESTAMP, DATETIME, DATE, STRING', '"INTEGER"');
  });

  it('a missing, a wrong and a further option are refused', () => {
    refused({ from: 'ts', as: 'TIMESTAMP' }, 'unit', 'exactly "unit"', '""');
    refused({ from: 'ts', as: 'TIMESTAMP', timeZone: 'UTC' }, 'unit', 'exactly "unit"', '"timeZone"');
    refused(
      { from: 'ts', as: 'TIMESTAMP', unit: 's', timeZone: 'UTC' },
      'unit',
      'exactly "unit"',
      '"unit+timeZone"',
    );
    refused({ from: 'ts', as: 'TIMESTAMP', unit: 'ns' }, 'unit', 'one of s, ms, us', '"ns"');
    refused({ from: 'at', as: 'DATETIME' }, 'timeZone', 'exactly "timeZone"', '""');
    refused({ from: 'j', as: 'STRING' }, 'path', 'exactly "path"', '""');
    refused({ as: 'STRING', path: '$.a' }, 'from', 'to be present', 'nothing');
    for (const path of [
      '',
      '$',
      'a',
      '$.',
      '$.a..b',
      '$[*]',
      "$.a'b",
      '$["a"]',
      '$.a[-1]',
      '$."a\'"',
      '$.a; DROP',
    ]) {
      refused({ from: 'j', as: 'STRING', path }, 'path', 'text that matches', JSON.stringify(path));
    }
  });

  it('a time zone that BigQuery does not know is refused', () => {
    for (const timeZone of [
      'Asia/Seoul',
      'UTC',
      'America/Argentina/Buenos_Aires',
      'Asia/Kolkata',
      'Etc/GMT+9',
      'America/Port-au-Prince',
      'US/Pacific',
    ]) {
      valid(schema({ c: { from: 'at', as: 'DATE', timeZone } }));
    }
    for (const timeZone of [
      '',
      'Seoul',
      'KST',
      'asia/seoul',
      'ASIA/SEOUL',
      'Asia/SEOUL',
      'Utc',
      'AET',
      '+09:00',
      'Asia/Nowhere',
      'UTC+9',
      "Asia/Seoul'",
    ]) {
      refused(
        { from: 'at', as: 'DATE', timeZone },
        'timeZone',
        'an IANA time zone such as Asia/Seoul',
        `"${timeZone}"`,
      );
    }
  });

  it('a column must have a name that no field or other column has', () => {
    const column = { from: 'ts', as: 'TIMESTAMP', unit: 's' };
    assertRefused(schema({ S: column }), '$.columns.S', 'a name that no field has', '"S"');
    assertRefused(schema({ x: column, X: column }), '$.columns.X', 'a name that no field has', '"X"');
    assertRefused(
      schema({ loaded_at: column }),
      '$.columns.loaded_at',
      'a name that logferry does not add',
      '"loaded_at"',
    );
    assertRefused(schema({ _TABLE_x: column }), '$.columns._TABLE_x', 'reserved prefix', '"_TABLE_x"');
    assertRefused(schema({ 'a-b': column }), '$.columns.a-b', 'text that matches', '"a-b"');
  });
});

describe('schema rules: partition and clustering', () => {
  it('partitions by HOUR need an expiration of at most 416 days', () => {
    const schema = (partition: object): object => ({ fields: [FIELD], partition });
    assertRefused(schema({ by: 'HOUR' }), '$.partition.expirationDays', 'at most 416 days', 'nothing');
    assertRefused(
      schema({ by: 'HOUR', expirationDays: 417 }),
      '$.partition.expirationDays',
      'at most 416 days',
      '417',
    );
    assertRefused(schema({ expirationDays: 10_001 }), '$.partition.expirationDays', '<= 10000', '10001');
    assert.equal(valid(schema({ expirationDays: 10_000 })).partition.expirationDays, 10_000);
    assertRefused(schema({ expirationDays: 0 }), '$.partition.expirationDays', '>= 1', '0');
    assertRefused(schema({ expirationDays: 1.5 }), '$.partition.expirationDays', 'integer', '1.5');
    assert.deepEqual(valid(schema({ by: 'HOUR', expirationDays: 416, requireFilter: true })).partition, {
      by: 'HOUR',
      expirationDays: 416,
      requireFilter: true,
    });
    assert.deepEqual(valid(schema({ expirationDays: 3650 })).partition, {
      by: 'DAY',
      expirationDays: 3650,
      requireFilter: false,
    });
  });

  it('clustering takes up to three top-level columns of a type that BigQuery can cluster by', () => {
    const fields = [
      'STRING',
      'INTEGER',
      'NUMERIC',
      'BOOLEAN',
      'TIMESTAMP',
      'DATE',
      'DATETIME',
      'FLOAT',
      'BYTES',
      'TIME',
      'JSON',
    ].map((type) => ({ name: type, type }));
    const all = [
      ...fields,
      { name: 'l', type: 'STRING', mode: 'REPEATED' },
      { name: 'r', type: 'RECORD', fields: [FIELD] },
    ];
    const schema = (...clustering: string[]): object => ({
      fields: all,
      clustering,
      columns: { day: { from: 'TIMESTAMP', as: 'DATE', timeZone: 'UTC' } },
    });
    for (const name of ['STRING', 'INTEGER', 'NUMERIC', 'BOOLEAN', 'TIMESTAMP', 'DATE', 'DATETIME', 'day'])
      valid(schema(name));
    for (const name of ['FLOAT', 'BYTES', 'TIME', 'JSON'])
      assertRefused(schema(name), '$.clustering[0]', 'a top-level column of type', `"${name} ${name}"`);
    assertRefused(schema('DATE', 'l'), '$.clustering[1]', 'not REPEATED', '"l STRING"');
    assertRefused(schema('nope'), '$.clustering[0]', 'a top-level column', '"nope"');
    assertRefused(schema('r.a'), '$.clustering[0]', 'text that matches', '"r.a"');
    assertRefused(schema('folder_hour'), '$.clustering[0]', 'a top-level column', '"folder_hour"');
    assertRefused(schema('DATE', 'DATE'), '$.clustering', 'duplicate', '["DATE","DATE"]');
    assertRefused(
      schema('DATE', 'day', 'STRING', 'INTEGER'),
      '$.clustering',
      'more than 3',
      '["DATE","day","STRING","INTEGER"]',
    );
  });
});

describe('schema rules: size', () => {
  const wide = (count: number): object[] =>
    Array.from({ length: count }, (_, index) => ({ name: `f${index}`, type: 'STRING' }));

  it('10,000 columns in all, nested ones and logferry’s own two included, and not one more', () => {
    const half = { name: 'r', type: 'RECORD', fields: wide(4999) };
    valid({ fields: [half, ...wide(4998)] });
    assertRefused({ fields: [half, ...wide(4999)] }, '$.fields', 'at most 10000 columns in all', '10001');
  });
});
