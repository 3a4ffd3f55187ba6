import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { DirectoryStore } from '../../workloads/adapters/directory/directory-store.ts';
import { parseHour } from '../../workloads/core/hour.ts';
import { parseLogType } from '../../workloads/core/schema/parse.ts';
import { tableNameProblem } from '../../workloads/core/schema/names.ts';
import { Scratch } from '../../workloads/core/scratch/scratch.ts';
import {
  inferSchemas,
  type InferContext,
  type InferResult,
  type InferredType,
} from '../../workloads/schemas/infer.ts';
import { tableNames } from '../../workloads/schemas/infer/table-names.ts';

const HOUR = parseHour('2026-11-20T00');
const KEY_FIELD = { name: 'log_type', type: 'STRING', mode: 'REQUIRED' };

describe('inferSchemas', () => {
  let folder = '';
  let scratch: Scratch;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'logferry-infer-'));
    scratch = await Scratch.create(folder);
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function put(name: string, content: string | Uint8Array, hour = '2026/11/20/00'): Promise<void> {
    await mkdir(join(folder, 'source', hour), { recursive: true });
    await writeFile(join(folder, 'source', hour, name), content);
  }

  async function infer(options: Partial<InferContext> = {}, hours = [HOUR]): Promise<InferResult> {
    const source = new DirectoryStore(join(folder, 'source'));
    const signal = new AbortController().signal;
    const result = await inferSchemas({ source, typeKey: 'log_type', scratch, signal, ...options }, hours);
    const rows = result.types.reduce((sum, type) => sum + type.rows, 0);
    const skipped = Object.entries(result.skipped).filter(([reason]) => !reason.startsWith('object_'));
    assert.equal(
      rows + skipped.reduce((sum, [, count]) => sum + count, 0),
      result.lines,
      'rows + skipped = lines',
    );
    for (const { table, type, document } of result.types) {
      const parsed = parseLogType(`schemas/${table}.json`, JSON.stringify(document));
      assert.ok('logType' in parsed, JSON.stringify(parsed));
      assert.equal(parsed.logType.type, type);
    }
    return result;
  }

  async function inferLines(
    lines: readonly string[],
    options: Partial<InferContext> = {},
  ): Promise<InferResult> {
    await put('a.json', lines.join('\n'));
    return infer(options);
  }

  async function inferOne(
    lines: readonly string[],
    options: Partial<InferContext> = {},
  ): Promise<InferredType> {
    const { types } = await inferLines(lines, options);
    assert.equal(types.length, 1);
    return types[0]!;
  }

  /** The fields inferred from the given values of one key, each in a row of its own, without the type key's field. */
  async function fieldOf(...values: string[]): Promise<{ field: unknown; unsure: readonly string[] }> {
    const { document, unsure } = await inferOne(values.map((value) => `{"log_type":"t","x":${value}}`));
    const { fields } = document as { fields: unknown[] };
    assert.deepEqual(fields[0], KEY_FIELD);
    return { field: fields[1], unsure: unsure.filter((note) => !note.startsWith('only ')) };
  }

  describe('a whole document', () => {
    it('is what an expert writes, in the order of the rows', async () => {
      const lines = Array.from(
        { length: 60 },
        (_, index) =>
          `{"ts":${1_795_132_800_000 + index},"log_type":"purchase","상품":"사과","name":"사과 ${index}","amount":${index}.50,` +
          `"gift":${index % 2 === 0},"coupon":${index % 3 === 0 ? 'null' : '"봄"'},` +
          `"items":[{"sku":"가-${index}","count":1}],"buyer":{"id":${index},"born":"1999-02-28"},"tags":["하나","둘"]}`,
      );
      const { types, lines: count } = await inferLines(lines);
      assert.equal(count, 60);
      assert.deepEqual(types, [
        {
          type: 'purchase',
          table: 'purchase',
          rows: 60,
          document: {
            $schema: './log-type.schema.json',
            fields: [
              KEY_FIELD,
              {
                name: 'ts',
                type: 'INTEGER',
                mode: 'REQUIRED',
                description: 'epoch milliseconds, UTC (inferred)',
              },
              { name: 'name', type: 'STRING', mode: 'REQUIRED' },
              { name: 'amount', type: 'NUMERIC', mode: 'REQUIRED' },
              { name: 'gift', type: 'BOOLEAN', mode: 'REQUIRED' },
              { name: 'coupon', type: 'STRING' },
              {
                name: 'items',
                type: 'RECORD',
                mode: 'REPEATED',
                fields: [
                  { name: 'sku', type: 'STRING', mode: 'REQUIRED' },
                  { name: 'count', type: 'INTEGER', mode: 'REQUIRED' },
                ],
              },
              {
                name: 'buyer',
                type: 'RECORD',
                mode: 'REQUIRED',
                fields: [
                  { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
                  { name: 'born', type: 'DATE', mode: 'REQUIRED' },
                ],
              },
              { name: 'tags', type: 'STRING', mode: 'REPEATED' },
            ],
            columns: { ts_time: { from: 'ts', as: 'TIMESTAMP', unit: 'ms' } },
            unknownFields: 'keep',
          },
          unsure: [
            'unknown_fields: no column may have the name of "상품"; they are kept there as JSON',
            'amount: NUMERIC: at most 4 digits behind the point, taken for money; make it FLOAT if it is measured',
          ],
        },
      ]);
      assert.deepEqual(Object.keys(types[0]!.document), ['$schema', 'fields', 'columns', 'unknownFields']);
    });

    it('names the type where it differs from the table', async () => {
      const { type, table, document } = await inferOne(['{"log_type":"order/created","n":1}']);
      assert.deepEqual([type, table], ['order/created', 'order_created']);
      assert.deepEqual(Object.keys(document), ['$schema', 'type', 'fields']);
      assert.equal((document as { type: string }).type, 'order/created');
    });

    it('reads all objects of all hours, and sorts the types by table', async () => {
      await put('b.json', '{"log_type":"b"}\n{"log_type":"a"}\n');
      await put('c.json.gz', gzipSync('{"log_type":"a"}'), '2026/11/20/01');
      const { types, lines } = await infer({}, [HOUR, parseHour('2026-11-20T01'), HOUR]);
      assert.equal(lines, 3);
      assert.deepEqual(
        types.map(({ table, rows }) => [table, rows]),
        [
          ['a', 2],
          ['b', 1],
        ],
      );
    });

    it('says so where few rows were seen', async () => {
      const { unsure } = await inferOne(['{"log_type":"t"}']);
      assert.deepEqual(unsure, ['only 1 row seen: infer again from more hours before relying on it']);
      const lines = Array.from({ length: 10 }, () => '{"log_type":"t"}');
      assert.deepEqual((await inferOne(lines)).unsure, []);
    });

    it('is empty for an hour without objects', async () => {
      assert.deepEqual(await infer(), { types: [], lines: 0, skipped: {} });
    });
  });

  describe('numbers', () => {
    const cases: [string, string[], object, RegExp?][] = [
      ['integers', ['1', '-9007199254740991', '0'], { type: 'INTEGER' }],
      ['money', ['1', '1.10', '-12345678901.1234'], { type: 'NUMERIC' }, /taken for money/],
      ['a fifth digit', ['1.12345'], { type: 'FLOAT' }],
      ['an exponent', ['1e3'], { type: 'FLOAT' }],
      ['sixteen significant digits', ['123456789012345.6'], { type: 'FLOAT' }],
      ['beyond 2^53', ['9007199254740992', '1'], { type: 'JSON' }, /^x: JSON: 1 integer beyond ±\(2\^53-1\)/],
      ['uint64', ['18446744073709551615'], { type: 'JSON' }, /beyond/],
      ['beyond uint64', ['18446744073709551617'], { type: 'FLOAT' }, /will be rounded/],
      ['-0', ['1', '-0'], { type: 'FLOAT' }, /-0 was seen/],
      ['-0.0', ['1', '-0.0'], { type: 'FLOAT' }],
      ['a decimal that no double keeps', ['0.1000000000000000055511151231257827'], { type: 'FLOAT' }],
      [
        'beyond 2^53 in an array',
        ['[9007199254740993]', '[]'],
        { type: 'JSON' },
        /of its elements: 1 integer beyond/,
      ],
    ];
    for (const [name, values, expected, note] of cases) {
      it(name, async () => {
        const { field, unsure } = await fieldOf(...values);
        assert.deepEqual(field, { name: 'x', ...expected });
        if (note === undefined) assert.deepEqual(unsure, []);
        else assert.match(unsure.join('\n'), note);
      });
    }
  });

  describe('strings', () => {
    const cases: [string, string[], string, RegExp?][] = [
      ['text', ['"가나다"', '""', '"1"'], 'STRING'],
      [
        'TIMESTAMP',
        ['"2026-11-20T00:00:00Z"', '"2026-11-20 09:00:00.123456+09:00"', '"2024-02-29 00:00:00 UTC"'],
        'TIMESTAMP',
      ],
      [
        'the first and last instant',
        ['"0001-01-01T00:00:00Z"', '"9999-12-31T23:59:59.999999Z"'],
        'TIMESTAMP',
      ],
      ['an offset out of the range', ['"0001-01-01T00:00:00+09:00"'], 'STRING'],
      ['no leap year', ['"2026-02-29"'], 'STRING'],
      ['nanoseconds', ['"2026-11-20T00:00:00.123456789Z"'], 'STRING'],
      ['DATE', ['"2026-11-20"', '"2024-02-29"'], 'DATE'],
      ['TIME', ['"23:59:59"', '"00:00:00.5"'], 'TIME'],
      ['DATETIME', ['"2026-11-20T00:00:00"', '"2026-11-20 00:00:00.1"'], 'DATETIME'],
      ['two forms', ['"2026-11-20"', '"2026-11-20T00:00:00Z"'], 'STRING', /1 TIMESTAMP, 1 DATE/],
      [
        'a form and blanks',
        ['"2026-11-20"', '"2026-11-21"', '""'],
        'STRING',
        /3 strings of differing form: 2 DATE, 1 empty/,
      ],
      ['one date among words', ['"2026-11-20"', '"가"', '"나"'], 'STRING'],
      ['quoted integers beyond 2^53', ['"9007199254740993"'], 'STRING', /INTEGER takes them/],
    ];
    for (const [name, values, type, note] of cases) {
      it(name, async () => {
        const { field, unsure } = await fieldOf(...values);
        assert.deepEqual(field, { name: 'x', type });
        if (note === undefined) assert.deepEqual(unsure, []);
        else assert.match(unsure.join('\n'), note);
      });
    }
  });

  describe('what only JSON accepts', () => {
    const map = `{${Array.from({ length: 201 }, (_, index) => `"user_${index}":1`).join(',')}}`;
    const cases: [string, string[], string][] = [
      ['only null', ['null', 'null'], 'only null was seen; give it the type it has when it is set'],
      ['mixed kinds', ['1', '"1"', 'true', '2'], 'its kind varies: 1 string, 2 numbers, 1 boolean'],
      ['array and object', ['[]', '{}'], 'its kind varies: 1 object, 1 array'],
      [
        'only empty arrays',
        ['[]'],
        'only empty arrays were seen; make it REPEATED once you know what it holds',
      ],
      [
        'only empty objects',
        ['{}', 'null'],
        'only empty objects were seen; make it a RECORD once you know its keys',
      ],
      [
        'null in an array',
        ['[1,null]'],
        'null stands inside its arrays, which a REPEATED field does not take',
      ],
      ['arrays in an array', ['[[1]]'], 'arrays stand inside its arrays, which BigQuery has no type for'],
      ['mixed elements', ['[1]', '["a"]'], 'of its elements: its kind varies: 1 string, 1 number'],
      [
        'an array that is also null',
        ['[1]', 'null'],
        'an array in some rows and null in 1; a REPEATED field takes no null, only an empty array or no key',
      ],
      ['an illegal key', ['{"+1":3}', '{"heart":1}'], 'its key "+1" cannot be a column name'],
      ['a Korean key', ['{"색":"red"}'], 'its key "색" cannot be a column name'],
      [
        'an illegal key in elements',
        ['[{"a b":3}]'],
        'of its elements: its key "a b" cannot be a column name',
      ],
      [
        'twins',
        ['{"Id":1}', '{"id":1}'],
        'its keys Id and id differ by case only, which BigQuery takes for one column',
      ],
      ['a map', [map], 'it has more than 200 different keys, like a map'],
    ];
    for (const [name, values, reason] of cases) {
      it(name, async () => {
        const { field, unsure } = await fieldOf(...values);
        assert.deepEqual(field, { name: 'x', type: 'JSON' });
        assert.deepEqual(unsure, [`x: JSON: ${reason}`]);
      });
    }

    it('an empty object beside others is a RECORD, reserved names inside one are none', async () => {
      const { field } = await fieldOf('{}', 'null', '{"folder_hour":1}');
      assert.deepEqual(field, {
        name: 'x',
        type: 'RECORD',
        fields: [{ name: 'folder_hour', type: 'INTEGER' }],
      });
    });

    it('what nests deeper than the limit', async () => {
      const lines = ['{"log_type":"t","a":{"b":{"c":{"d":1}},"n":1}}'];
      const { document, unsure } = await inferOne(lines, { maxDepth: 2 });
      const c = { name: 'c', type: 'JSON' };
      assert.deepEqual((document as { fields: unknown[] }).fields[1], {
        name: 'a',
        type: 'RECORD',
        fields: [
          { name: 'b', type: 'RECORD', fields: [c] },
          { name: 'n', type: 'INTEGER' },
        ],
      });
      assert.ok(unsure.includes('a.b.c: JSON: it nests deeper than 2 levels of RECORD'));
    });

    it("what nests deeper than BigQuery's own limit, whatever was asked", async () => {
      const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
      const { unsure } = await inferOne([`{"log_type":"t","x":${deep(16)}}`], { maxDepth: 100 });
      assert.ok(unsure.some((note) => /^x(\.a){15}: JSON: it nests deeper than 15/.test(note)));
      assert.equal((await inferOne([`{"log_type":"t","x":${deep(15)}}`])).unsure.length, 1);
    });
  });

  describe('modes', () => {
    const row = (more: string): string => `{"log_type":"t","x":1${more}}`;
    const modeOfX = async (lines: string[]): Promise<unknown> =>
      ((await inferOne(lines)).document as { fields: { mode?: string }[] }).fields[1]?.mode;

    it('REQUIRED needs fifty rows', async () => {
      assert.equal(await modeOfX(Array.from({ length: 49 }, () => row(''))), undefined);
      assert.equal(await modeOfX(Array.from({ length: 50 }, () => row(''))), 'REQUIRED');
    });

    it('missing once or null once is NULLABLE', async () => {
      const lines = Array.from({ length: 60 }, () => row(''));
      assert.equal(await modeOfX([...lines, '{"log_type":"t"}']), undefined);
      assert.equal(await modeOfX([...lines, '{"log_type":"t","x":null}']), undefined);
    });

    it('inside a RECORD it needs fifty of its objects', async () => {
      const lines = Array.from({ length: 60 }, (_, index) => row(index < 49 ? ',"r":{"a":1}' : ''));
      const { document } = await inferOne(lines);
      const { fields } = document as { fields: unknown[] };
      assert.deepEqual(fields[2], { name: 'r', type: 'RECORD', fields: [{ name: 'a', type: 'INTEGER' }] });
    });
  });

  describe('epoch fields', () => {
    const infers = async (members: string): Promise<Record<string, unknown>> =>
      (await inferOne([`{"log_type":"t",${members}}`])).document as Record<string, unknown>;

    for (const [unit, value, word] of [
      ['s', 1_795_132_800, 'seconds'],
      ['ms', 1_795_132_800_000, 'milliseconds'],
      ['us', 1_795_132_800_000_000, 'microseconds'],
    ] as const) {
      it(`in ${unit}`, async () => {
        const document = await infers(`"created_at":${value}`);
        const description = `epoch ${word}, UTC (inferred)`;
        assert.deepEqual(document.fields, [KEY_FIELD, { name: 'created_at', type: 'INTEGER', description }]);
        assert.deepEqual(document.columns, {
          created_at_time: { from: 'created_at', as: 'TIMESTAMP', unit },
        });
      });
    }

    it('by their names in other spellings', async () => {
      const names = ['eventTime', 'sentTs', 'ts_ms', 'UpdatedAtUtc', 'date', 'timeStamp'];
      const document = await infers(names.map((name) => `"${name}":1795132800`).join(','));
      assert.deepEqual(
        Object.keys(document.columns as object),
        names.map((name) => `${name}_time`),
      );
    });

    it('not by another name, out of the years 2000 to 2100, in an array, or in two units', async () => {
      for (const members of [
        '"user_id":1795132800',
        '"ts":0',
        '"ts":4102444801',
        '"ts":[1795132800]',
        '"duration":1795132800',
      ]) {
        assert.equal((await infers(members)).columns, undefined, members);
      }
      const { document } = await inferOne([
        '{"log_type":"t","ts":1795132800}',
        '{"log_type":"t","ts":1795132800000}',
      ]);
      assert.equal((document as { columns?: unknown }).columns, undefined);
    });

    it('have no column where its name is taken, or below the top level', async () => {
      assert.equal((await infers('"ts":1795132800,"TS_Time":"a"')).columns, undefined);
      const document = await infers('"meta":{"ts":1795132800}');
      assert.equal(document.columns, undefined);
      const description = 'epoch seconds, UTC (inferred)';
      assert.deepEqual((document.fields as unknown[])[1], {
        name: 'meta',
        type: 'RECORD',
        fields: [{ name: 'ts', type: 'INTEGER', description }],
      });
    });
  });

  describe('keys without a column', () => {
    it('are kept: illegal and reserved ones', async () => {
      const { document, unsure } = await inferOne([
        '{"@timestamp":"a","folder_hour":1,"n":1,"log_type":"t"}',
      ]);
      assert.deepEqual(document, {
        $schema: './log-type.schema.json',
        fields: [KEY_FIELD, { name: 'n', type: 'INTEGER' }],
        unknownFields: 'keep',
      });
      const note =
        'unknown_fields: no column may have the name of "@timestamp", "folder_hour"; they are kept there as JSON';
      assert.ok(unsure.includes(note));
    });

    it('of twins it is the rarer one, and never the type key', async () => {
      const { document, unsure } = await inferOne([
        '{"userid":1,"LOG_TYPE":"z","log_type":"t"}',
        '{"userId":1,"LOG_TYPE":"z","log_type":"t"}',
        '{"userId":1,"LOG_TYPE":"z","log_type":"t"}',
      ]);
      const { fields, unknownFields } = document as { fields: unknown[]; unknownFields: string };
      assert.deepEqual(fields, [KEY_FIELD, { name: 'userId', type: 'INTEGER' }]);
      assert.equal(unknownFields, 'keep');
      assert.ok(
        unsure.includes('userId: differs from userid by case only; the rarer key goes to unknown_fields'),
      );
    });

    it('a type key that is no column name', async () => {
      await put('a.json', '{"@type":"t","n":1}\n{"@type":"u"}');
      const { types, skipped } = await infer({ typeKey: '@type' });
      assert.deepEqual(types[0]?.document, {
        $schema: './log-type.schema.json',
        fields: [{ name: 'n', type: 'INTEGER' }],
        unknownFields: 'keep',
      });
      assert.equal(types.length, 1);
      assert.deepEqual(skipped, { no_column: 1 });
    });

    it('more keys than columns', async () => {
      const members = Array.from({ length: 1_100 }, (_, index) => `"k${index}":1`).join(',');
      const { document, unsure } = await inferOne([`{"log_type":"t",${members}}`]);
      assert.equal((document as { fields: unknown[] }).fields.length, 1_000);
      assert.ok(unsure.some((note) => note.startsWith('unknown_fields: more keys than columns')));
    });
  });

  describe('lines that give no row', () => {
    it('are counted by reason', async () => {
      const bad = Buffer.concat([
        Buffer.from('{"log_type":"t","x":"'),
        Buffer.from([0xff]),
        Buffer.from('"}\n'),
      ]);
      const text = [
        '{"log_type":"good"}',
        '',
        ' \r',
        '{"log_type":"t",}',
        'hello',
        '[1]',
        '42',
        '{"log_type":"t"} x',
        '{"log_type":"t","x":01}',
        '{"type":"t"}',
        '{"log_type":7}',
        '{"log_type":null}',
        '{"log_type":""}',
        `{"log_type":"${'가'.repeat(257)}"}`,
        '{"log_type":"t","x":"\\ud800"}',
        '{"log_type":"t","x":{"\\udfff":1}}',
        '{"log_type":"t","x":1,"\\u0078":2}',
        '{"log_type":"t","x":[{"a":{"b":1,"b":1}}]}',
        '{"log_type":"t","x":1e400}',
        `{"log_type":"t","x":${'['.repeat(501)}${']'.repeat(501)}}`,
        '{"log_type":"t","x":"\u0000"}',
      ].join('\n');
      await put('a.json', Buffer.concat([Buffer.from(text + '\n'), bad]));
      const { types, skipped, lines } = await infer();
      assert.deepEqual(
        types.map(({ type }) => type),
        ['good'],
      );
      assert.equal(lines, 22);
      assert.deepEqual(skipped, {
        blank: 2,
        syntax: 4,
        not_object: 2,
        no_type: 1,
        type_not_string: 2,
        type_name: 2,
        lone_surrogate: 2,
        duplicate_key: 2,
        number_out_of_range: 1,
        too_deep: 1,
        raw_nul: 1,
        not_utf8: 1,
      });
    });

    it('leave no trace in the schema, but in what their type is unsure of', async () => {
      const { document, rows, unsure } = await inferOne([
        '{"log_type":"t","x":1}',
        '{"log_type":"t","x":"a","x":"b"}',
        '{"log_type":"t","x":"\\ud800"}',
        '{"x":"broken","log_type":"t"',
      ]);
      assert.equal(rows, 1);
      assert.deepEqual((document as { fields: unknown[] }).fields, [
        KEY_FIELD,
        { name: 'x', type: 'INTEGER' },
      ]);
      assert.ok(unsure.includes('1 row left out (duplicate_key): no schema accepts it'));
      assert.ok(unsure.includes('1 row left out (lone_surrogate): no schema accepts it'));
    });

    it('the whole object where it does not decode', async () => {
      const broken = gzipSync('{"log_type":"broken","x":1}\n'.repeat(1_000));
      await put('a.json.gz', broken.subarray(0, broken.length - 4));
      await put('b.json', '{"log_type":"t"}');
      await put('c.json.gz', Buffer.concat([broken.subarray(0, 20), Buffer.alloc(40, 0xff)]));
      await put('d.json', '{"log_type":"t"}');
      const { types, lines, skipped } = await infer();
      assert.deepEqual([lines, types.map(({ type, rows }) => [type, rows])], [2, [['t', 2]]]);
      assert.deepEqual(skipped, { object_truncated: 1, object_corrupt: 1 });
    });

    it('rows with a number that only FLOAT holds, where others have text', async () => {
      const { types, skipped } = await inferLines([
        '{"log_type":"t","x":-0}',
        '{"log_type":"t","x":"a"}',
        '{"log_type":"t","x":2}',
      ]);
      const [type] = types;
      assert.deepEqual((type?.document as { fields: unknown[] }).fields[1], { name: 'x', type: 'JSON' });
      assert.deepEqual([type?.rows, skipped], [2, { inexact_number: 1 }]);
      assert.ok(
        type?.unsure.some((note) => note.startsWith("x: 1 number that BigQuery's JSON type would change")),
      );
    });
  });

  it('reads a line of several MiB, and a type in escapes', async () => {
    const text = '한글'.repeat(500_000);
    const { types } = await inferLines([`{"x":"${text}","log_type":"\\uad6c\\ub9e4","n":${'7'.repeat(16)}}`]);
    assert.deepEqual(types[0]?.type, '구매');
    assert.match(types[0].table, /^type_[0-9a-f]{8}$/);
  });

  it('memory stays bounded where types nest wide', async () => {
    const wide = (depth: number): string =>
      depth === 0
        ? '1'
        : `{${Array.from({ length: 40 }, (_, index) => `"k${index}":${wide(depth - 1)}`).join(',')}}`;
    const { document } = await inferOne([`{"log_type":"t","x":${wide(3)}}`]);
    const count = (fields: { fields?: unknown[] }[]): number =>
      fields.reduce(
        (sum, { fields: inner }) => sum + 1 + count((inner ?? []) as { fields?: unknown[] }[]),
        0,
      );
    assert.ok(count((document as { fields: [] }).fields) <= 5_000);
  });

  it('the type key keeps its column where other types leave no room for more', async () => {
    const row = (type: string): string =>
      `{"log_type":"${type}",${Array.from({ length: 900 }, (_, index) => `"k${index}":1`).join(',')}}`;
    const { types } = await inferLines(Array.from({ length: 60 }, (_, index) => row(`t${index}`)));
    const fields = types.map(({ document }) => (document as { fields: unknown[] }).fields);
    for (const [first] of fields) assert.deepEqual(first, KEY_FIELD);
    assert.equal(fields.flat().length, 50_000 + types.length);
  });

  it('tells a thousand types apart', async () => {
    const { types, skipped } = await inferLines(
      Array.from({ length: 1_002 }, (_, index) => `{"log_type":"t${index}"}`),
    );
    assert.equal(types.length, 1_000);
    assert.deepEqual(skipped, { too_many_types: 2 });
  });

  it('ends when it is interrupted', async () => {
    await put('a.json', '{"log_type":"t"}');
    await assert.rejects(infer({ signal: AbortSignal.abort('SIGINT') }), /Interrupted by SIGINT/);
  });
});

describe('tableNames', () => {
  const nameOf = (type: string): string => tableNames([type]).get(type)!;

  it('keeps legal names and mends others', () => {
    assert.equal(nameOf('Purchase_2'), 'Purchase_2');
    assert.equal(nameOf('order/created'), 'order_created');
    assert.equal(nameOf('2fa-login'), '_2fa_login');
    assert.match(nameOf('구매'), /^type_[0-9a-f]{8}$/);
    assert.match(nameOf('order_생성'), /^order_[0-9a-f]{8}$/);
    assert.match(nameOf('--'), /^type_[0-9a-f]{8}$/);
    assert.notEqual(nameOf('구매'), nameOf('환불'));
  });

  it('marks all but one of those that collide; a legal name stays', () => {
    const tables = tableNames(['order/created', 'order_created', 'Order-Created']);
    assert.equal(tables.get('order_created'), 'order_created');
    assert.match(tables.get('order/created')!, /^order_created_[0-9a-f]{8}$/);
    assert.match(tables.get('Order-Created')!, /^Order_Created_[0-9a-f]{8}$/);
  });

  it('gives each type a legal table of its own, whatever their order', () => {
    const type = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.stringMatching(/^[aA/_1-]{1,3}$/),
    );
    fc.assert(
      fc.property(fc.uniqueArray(type), (types) => {
        const tables = tableNames(types);
        assert.equal(new Set([...tables.values()].map((table) => table.toLowerCase())).size, types.length);
        for (const table of tables.values()) assert.equal(tableNameProblem(table), undefined);
        assert.deepEqual(tableNames(types.toReversed()), tables);
      }),
    );
    assert.equal(tableNameProblem(nameOf('x'.repeat(200))), undefined);
    assert.equal(tableNameProblem(nameOf('a_temp_2026112000_1')), undefined);
  });
});
