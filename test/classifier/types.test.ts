import assert from 'node:assert/strict';
import { MAX_LINE_DEPTH } from '../../workloads/classifier/type-scanner.ts';
import { HourBench, lineOf, schemasOf } from '../support/hour-bench.ts';
import { tempFolder } from '../support/temp.ts';

/** What becomes of single lines: the type that each is staged under, or the reason for its quarantine. */
async function fates(
  lines: readonly string[],
  { types = ['a', 'b'], typeKey = 'log_type' } = {},
): Promise<string[]> {
  const hour = new HourBench(tempFolder());
  lines.forEach((line, index) => hour.put(`${String(index).padStart(4, '0')}.json`, line));
  const { manifest } = await hour.classify({ schemas: schemasOf(...types), typeKey });
  const fate = new Map(
    hour.quarantined(manifest).map(({ object, reason }) => [object.slice(-9, -5), reason]),
  );
  const staged = new Map(
    types.map((type) => [type, hour.staged(manifest, type).toString().split('\n').slice(0, -1)]),
  );
  return lines.map((line, index) => {
    const reason = fate.get(String(index).padStart(4, '0'));
    return reason ?? types.find((type) => staged.get(type)!.includes(line)) ?? 'blank';
  });
}

async function assertFates(
  expected: Readonly<Record<string, string>>,
  options?: { types?: string[]; typeKey?: string },
): Promise<void> {
  const lines = Object.keys(expected);
  const found = await fates(lines, options);
  assert.deepEqual(Object.fromEntries(lines.map((line, index) => [line, found[index]])), expected);
}

const nested = (levels: number): string => `{"log_type":"a","x":${'['.repeat(levels)}${']'.repeat(levels)}}`;

describe('the type of a line', () => {
  it('the type key escaped, the type escaped', () =>
    assertFates({
      '{"\\u006cog_type":"a"}': 'a',
      '{"\\u006C\\u006f\\u0067\\u005f\\u0074\\u0079\\u0070\\u0065":"a"}': 'a',
      '{"log_type":"\\u0061"}': 'a',
      '{"log_type":"\\u0062","x":1}': 'b',
      '{"log\\_type":"a"}': 'no_type',
      '{"log_type":"\\a"}': 'unknown_type',
      '{"log_type":"\\u0041"}': 'unknown_type',
    }));

  it('the key nested deeper, inside strings, in arrays, as a value, in another case is not the type key', () =>
    assertFates({
      '{"x":{"log_type":"a"}}': 'no_type',
      '{"x":[{"log_type":"a"}]}': 'no_type',
      '{"x":"\\"log_type\\":\\"a\\""}': 'no_type',
      '{"x":"log_type","y":"a"}': 'no_type',
      '{"log_type ":"a"}': 'no_type',
      '{"Log_Type":"a"}': 'no_type',
      '{}': 'no_type',
      '{"x":{"log_type":"b"},"log_type":"a"}': 'a',
      '{"log_type":"a","x":{"log_type":"b"},"y":[{"log_type":"b"}]}': 'a',
      '{"x":"}","y":"{\\\\","z":["]"],"log_type":"a"}': 'a',
    }));

  it('type not a string, unknown, empty', () =>
    assertFates({
      '{"log_type":null}': 'type_not_string',
      '{"log_type":1}': 'type_not_string',
      '{"log_type":true}': 'type_not_string',
      '{"log_type":["a"]}': 'type_not_string',
      '{"log_type":{"a":"a"}}': 'type_not_string',
      '{"log_type":a}': 'type_not_string',
      '{"log_type":"c"}': 'unknown_type',
      '{"log_type":"A"}': 'unknown_type',
      '{"log_type":" a"}': 'unknown_type',
      '{"log_type":"aa"}': 'unknown_type',
      '{"log_type":""}': 'unknown_type',
    }));

  it('duplicate type keys: the last one counts', () =>
    assertFates({
      '{"log_type":"a","log_type":"b"}': 'b',
      '{"log_type":"b","log_type":"a"}': 'a',
      '{"log_type":"b","\\u006cog_type":"a"}': 'a',
      '{"log_type":1,"log_type":"a"}': 'a',
      '{"log_type":"a","log_type":null}': 'type_not_string',
      '{"log_type":"a","x":1,"log_type":"?"}': 'unknown_type',
    }));

  it('duplicate type keys are counted, the raw line is kept', async () => {
    const hour = new HourBench(tempFolder(), 'a', 'b');
    const twice = '{"log_type":"b","log_type":"a"}\n';
    hour.put('x.json', `${twice}{"log_type":"a","log_type":"a","log_type":"a"}\n${lineOf('a')}\n`);
    const { manifest } = await hour.classify();
    assert.equal(manifest.duplicateTypeKeys, 2);
    assert.ok(hour.staged(manifest, 'a').toString().startsWith(twice));
  });

  it('not one balanced object', () =>
    assertFates({
      '{"log_type":"a"': 'not_object',
      '{"log_type":"a","x":[1}': 'not_object',
      '{"log_type":"a","x":{]}': 'not_object',
      '{]': 'not_object',
      '{"log_type":"a"]': 'not_object',
      '{"log_type":"a"}}': 'not_object',
      '{"log_type":"a"} x': 'not_object',
      '{"log_type":"a"},': 'not_object',
      '{"log_type":"a"}{"log_type":"a"}': 'not_object',
      '{"log_type":"a",}': 'not_object',
      '{,"log_type":"a"}': 'not_object',
      '{"log_type" "a"}': 'not_object',
      '{"log_type":}': 'not_object',
      '{"log_type":"a" "x":1}': 'not_object',
      '{log_type:"a"}': 'not_object',
      '{"log_type":"a","x":"}': 'not_object',
      '{"log_type":"a\\"}': 'not_object',
      '{"log_type': 'not_object',
      '{"log_type":"a","x":[[]}': 'not_object',
      '[{"log_type":"a"}]': 'not_object',
      '"log_type"': 'not_object',
      '1': 'not_object',
      null: 'not_object',
      '{': 'not_object',
      '}': 'not_object',
    }));

  it('deep nesting up to the cap is staged, above it too_deep', () =>
    assertFates({
      [nested(500)]: 'a',
      [nested(MAX_LINE_DEPTH)]: 'a',
      [nested(MAX_LINE_DEPTH + 1)]: 'too_deep',
      [nested(100_000)]: 'too_deep',
      [`{"log_type":"a","x":${'{"y":'.repeat(MAX_LINE_DEPTH)}1${'}'.repeat(MAX_LINE_DEPTH)}}`]: 'a',
      [`{"log_type":"a","x":${'['.repeat(100_000)}`]: 'too_deep',
    }));

  it('types of wild names: longer than any, prefixes of each other, Korean, emoji, quotes, prototype names', () => {
    const types = [
      'x'.repeat(256),
      '😀'.repeat(200),
      'a',
      'ab',
      '구매',
      'a"b',
      'a\\b',
      '__proto__',
      'constructor',
      'toString',
      'order/created',
    ];
    const lines = types.flatMap((type) => [
      [JSON.stringify({ log_type: type }), type],
      [
        `{"n":1,"log_type":"${Array.from({ length: type.length }, (_, at) => `\\u${type.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"}`,
        type,
      ],
    ]);
    return assertFates(Object.fromEntries(lines) as Record<string, string>, { types });
  });

  it('a type key with a quote or a backslash is compared by its meaning', async () => {
    await assertFates(
      { '{"a\\\\b":"a"}': 'a', '{"a\\b":"a"}': 'no_type', '{"a\\u005cb":"a"}': 'a' },
      { typeKey: 'a\\b' },
    );
    await assertFates({ '{"종류":"b"}': 'b', '{"\\uc885\\ub958":"b"}': 'b' }, { typeKey: '종류' });
  });
});

describe('the types of an hour', () => {
  it('a type that first appears mid-file is staged in source order', async () => {
    const hour = new HourBench(tempFolder(), 'a', 'b');
    const lines = Array.from({ length: 20_000 }, (_, n) =>
      lineOf(n === 12_345 || n > 19_990 ? 'b' : 'a', { n }),
    );
    hour.put('x.json', lines.join('\n'));
    const { manifest } = await hour.classify();
    for (const type of ['a', 'b']) {
      const expected = lines
        .filter((line) => line.includes(`"log_type":"${type}"`))
        .map((line) => `${line}\n`);
      assert.equal(hour.staged(manifest, type).toString(), expected.join(''));
    }
  });

  it('1,000 types in one hour, all of them interleaved over two objects', async () => {
    const types = Array.from({ length: 1_000 }, (_, n) => `t${n}`);
    const hour = new HourBench(tempFolder(), ...types);
    for (const file of ['1.json', '2.json']) {
      hour.put(
        file,
        [1, 2, 3].map((round) => types.map((type) => `${lineOf(type, { file, round })}\n`).join('')).join(''),
      );
    }
    const { manifest } = await hour.classify({ compression: { kind: 'none', level: 1 } });
    assert.equal(manifest.types.length, 1_000);
    for (const type of types) {
      const expected = ['1.json', '2.json'].flatMap((file) =>
        [1, 2, 3].map((round) => `${lineOf(type, { file, round })}\n`),
      );
      assert.equal(hour.staged(manifest, type).toString(), expected.join(''));
    }
  });

  it('a file of one type only: the other types are listed with 0 rows', async () => {
    const hour = new HourBench(tempFolder(), 'a', 'b', 'c');
    hour.put('x.json', `${lineOf('b')}\n`);
    const { manifest } = await hour.classify();
    assert.deepEqual(
      manifest.types.map(({ type, rows, objects }) => [type, rows, objects.length]),
      [
        ['a', 0, 0],
        ['b', 1, 1],
        ['c', 0, 0],
      ],
    );
  });
});
