import assert from 'node:assert/strict';
import { MAX_SHAPES } from '../../../../workloads/core/rows/fast/key-shapes.ts';
import { logTypeOf, typeOfX } from '../verdict.ts';
import { assertLeft, assertProved, assertWrong, Checks, judgeOf } from './proof.ts';

const json = typeOfX('JSON');
const zeros = (count: number): string => '0'.repeat(count);
const nines = (count: number): string => '9'.repeat(count);

/** A value by itself, as an element and as a member. */
function rows(...values: string[]): string[] {
  return values.flatMap((value) => [`{"x":${value}}`, `{"x":[${value}]}`, `{"x":{"a":${value}}}`]);
}

describe('the fast check: numbers of JSON columns', () => {
  it('integers of up to 18 digits, and what else int64 and uint64 hold', () => {
    assertProved(
      json,
      ...rows(
        '0',
        '1',
        '-1',
        '10',
        nines(18),
        `-${nines(18)}`,
        '9223372036854775807',
        '18446744073709551615',
      ),
    );
    assertProved(json, ...rows('-9223372036854775808', `1${zeros(20)}`));
    assertWrong(
      json,
      ...rows('-0', '18446744073709551616', '-9223372036854775809', '00', '01', '-01', '-', '+1', '1-'),
    );
  });

  it('decimals of up to 15 digits, and longer ones that a double gives back', () => {
    assertProved(
      json,
      ...rows('0.0', '-0.0', '1.10', '0.1', '-12345678.1234567', `0.${nines(14)}`, `1.${nines(14)}`),
    );
    assertProved(json, ...rows('0.30000000000000004', '0.1234567890123456', `${nines(14)}.5`));
    assertWrong(
      json,
      ...rows('1.00000000000000000001', `0.${nines(17)}`, `1.${nines(15)}9`, '9007199254740993.5'),
    );
    assertWrong(json, ...rows('.5', '5.', '-.5', '1.5.5', '01.5', '1.x', '1..5'));
  });

  it('exponents as the reference judges them', () => {
    assertProved(
      json,
      ...rows('1e3', '1E3', '1e+5', '1.5E-7', '0e0', '1e23', '5e-324', '0.5e1', '123456789012345e5'),
    );
    assertWrong(
      json,
      ...rows(
        '1e400',
        '1e-400',
        '-1e400',
        '1e',
        '1e+',
        '1e-',
        '1ee3',
        '1e 3',
        '1e}3',
        '1e++3',
        '1.e3',
        '1e3.5',
        '1e/',
        '1e:',
      ),
    );
  });

  it('no number of more than 800 bytes', () => {
    const long = (bytes: number): string => `0.${zeros(bytes - 2)}`;
    assertProved(json, ...rows(long(800)));
    assertWrong(json, ...rows(`1${nines(799)}`, `1${nines(800)}`, `1.${nines(799)}`, long(801)));
  });
});

describe('the fast check: values of JSON columns', () => {
  it('every kind of value, nested', () => {
    assertProved(
      json,
      ...rows(
        'null',
        'true',
        'false',
        '""',
        '"a\\n"',
        '[]',
        '{}',
        '[ ]',
        '{ }',
        '[[],{}]',
        '{"a":{"b":[{"c":null}]}}',
      ),
    );
    assertWrong(
      json,
      ...rows(
        'nul',
        'nulx',
        'tru',
        'truE',
        'falsE',
        'fals',
        'x',
        "'a'",
        '"a',
        ',',
        ':',
        ']',
        '}',
        '[',
        '{',
        '"\\ud800"',
        '"\\x"',
      ),
    );
  });

  it('commas between elements and members, and nowhere else', () => {
    assertProved(json, ...rows('[1,2]', '[1,[2,3],4]', '{"a":1,"b":2}', '{"a":[1],"b":{"c":2},"d":3}'));
    assertWrong(
      json,
      ...rows('[1,]', '[,1]', '[1,,2]', '[1 2]', '[1;2]', '[1}', '[}', '{"a":1]', '{]', '[1', '{"a":1'),
    );
    assertWrong(
      json,
      ...rows(
        '{"a":1,}',
        '{,"a":1}',
        '{"a":1,,"b":2}',
        '{"a":1 "b":2}',
        '{"a":1;"b":2}',
        '{"a":1{"b":2}',
        '{{"a":1}',
      ),
    );
    assertWrong(
      json,
      ...rows(
        '{"a"}',
        '{"a":}',
        '{"a",1}',
        '{"a";1}',
        '{"a" 1}',
        '{a:1}',
        '{xa":1}',
        "{'a':1}",
        '{"a:1}',
        '{1:1}',
        '{null:1}',
        '{"\\x":1}',
        '{"\t":1}',
      ),
    );
  });

  it('space wherever JSON allows it, but for the one between key and colon', () => {
    for (const space of [' ', '\t', '\r', '   ', ' \t\r ']) {
      const s = space;
      assertProved(json, `{"x":${s}[${s}1${s},${s}"a"${s},${s}[${s}]${s}]${s}}`);
      assertProved(json, `{"x":${s}{${s}"a":${s}1${s},${s}"b":${s}"c"${s},${s}"d":${s}{${s}}${s}}${s}}`);
      assertLeft(json, `{"x":{"a"${s}:1}}`);
    }
    for (const space of ['\u00a0', '\u0000', '\u000b', '\u000c', '\u001f', '\u2028', '!'])
      assertWrong(
        json,
        ...rows(
          `[${space}1]`,
          `[1${space}]`,
          `{${space}"a":1}`,
          `{"a":${space}1}`,
          `{"a":1${space}}`,
          `{"a":1,${space}"b":1}`,
          `[1,${space}1]`,
        ),
      );
  });

  it('500 levels and no more', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const nested = (depth: number): string => `{"x":${open.repeat(depth)}1${close.repeat(depth)}}`;
      assertProved(json, nested(500));
      assertWrong(json, nested(501));
    }
    // It is not read on from position 1, where brackets would close it.
    const bytes = Buffer.from(`x${']'.repeat(600)}${'['.repeat(501)}1${']'.repeat(501)}\n`);
    const judge = judgeOf(bytes);
    assert.equal(judge.skipJson(601, 1), -1);
  });
});

describe('the fast check: keys of JSON columns', () => {
  it('each once, whatever stands between', () => {
    assertProved(
      json,
      ...rows(
        '{"a":1,"b":{"a":1,"b":2},"c":[{"a":1},{"a":1}]}',
        '{"a":{"a":{"a":1}}}',
        '{"":1}',
        '{"":{"":1}}',
      ),
    );
    for (const key of ['', 'a', 'ab', 'abc', 'abcd', 'abcde', 'abcdefghijkl', '한글'])
      assertWrong(
        json,
        ...rows(
          `{"${key}":1,"${key}":2}`,
          `{"${key}":1,"z":2,"${key}":3}`,
          `{"y":1,"${key}":1,"z":{},"${key}":3}`,
        ),
      );
  });

  it('keys that differ in one byte are different ones, in every place and length', () => {
    for (let length = 1; length <= 14; length++) {
      const key = 'k'.repeat(length);
      for (let at = 0; at < length; at++) {
        const other = `${key.slice(0, at)}x${key.slice(at + 1)}`;
        const type = new Checks(json);
        const row = `{"x":{"${key}":1,"${other}":2}}`;
        // The second time the keys are known.
        for (let time = 0; time < 2; time++)
          assert.deepEqual(type.opinion(row), { proved: true, clean: true }, row);
        assert.deepEqual(type.opinion(`{"x":{"${key}":1,"${other}":2,"${key}":3}}`), {
          proved: false,
          clean: false,
        });
        assert.deepEqual(type.opinion(`{"x":{"${key}":1,"${other}":2,"${other}":3}}`), {
          proved: false,
          clean: false,
        });
      }
    }
  });

  it('orders that were met before do not blind it for keys that come twice', () => {
    const type = new Checks(json);
    const met = [
      '{"a":1,"b":2}',
      '{"b":1,"a":2}',
      '{"a":1,"c":2,"b":3}',
      '{"c":{"a":1},"a":2}',
      '[{"a":1},{"b":1}]',
      '{"a":1}',
    ];
    for (const value of [...met, ...met]) assert.ok(type.opinion(`{"x":${value}}`).proved, value);
    const twice = [
      '{"a":1,"a":2}',
      '{"a":1,"b":2,"a":3}',
      '{"b":1,"a":2,"b":3}',
      '{"a":1,"c":2,"b":3,"c":4}',
      '{"c":{"a":1},"a":2,"c":3}',
      '{"c":{"a":1,"a":2}}',
    ];
    for (const value of [...twice, ...twice])
      assert.deepEqual(type.opinion(`{"x":${value}}`), { proved: false, clean: false });
  });

  it('a value that is wrong behind keys that are known ends the row', () => {
    const type = new Checks(json);
    assert.ok(type.opinion('{"x":{"a":1,"b":2}}').proved);
    for (const wrong of ['-0', '{"a":}', '"\\ud800"', '[-0]'])
      assert.deepEqual(type.opinion(`{"x":{"a":${wrong},"b":2}}`), { proved: false, clean: false });
  });

  it('two columns remember for themselves', () => {
    const two = new Checks(
      logTypeOf([
        { name: 'x', type: 'JSON' },
        { name: 'y', type: 'JSON' },
      ]),
    );
    for (let time = 0; time < 3; time++) {
      assert.ok(two.opinion('{"x":{"a":1,"b":{"c":2}},"y":{"a":1,"b":{"c":2}}}').proved);
      assert.ok(two.opinion('{"y":{"b":{"d":1}},"x":{"b":[{"c":1}]}}').proved);
      assert.ok(!two.opinion('{"y":{"b":{"d":1,"d":2}},"x":{}}').proved);
    }
    // Sixteen keys that follow in turn are remembered, of each column: together they would soon fill the memory.
    const object = (key: string): string => `{"${key}":1,"b":2,"c":3}`;
    for (let row = 0; row < 4_000; row++)
      assert.ok(two.proves(`{"x":${object(`k${row % 9}`)},"y":${object(`l${row % 9}`)}}`), String(row));
  });

  it('keys with escapes are left, for they may spell another', () => {
    assertLeft(json, ...rows('{"\\u0061":1}', '{"a\\n":1}', '{"b":1,"\\u0061":2}', '{"\\\\":1}'));
    assertWrong(json, ...rows('{"a":1,"\\u0061":2}', '{"\\u0061":1,"a":2}', '{"\\ud800":1}'));
    assertProved(json, ...rows('{"a":"\\n","b":"\\u0061"}'));
  });

  it('200 keys in one object and no more', () => {
    const object = (keys: number): string =>
      `{${Array.from({ length: keys }, (_, key) => `"k${key}":1`).join(',')}}`;
    assertProved(json, `{"x":${object(200)}}`, `{"x":[${object(200)},${object(200)}]}`);
    assertLeft(json, `{"x":${object(201)}}`);
  });

  it('keys of 254 bytes and no more', () => {
    assertProved(json, ...rows(`{"${'k'.repeat(254)}":1}`));
    assertLeft(json, ...rows(`{"${'k'.repeat(255)}":1}`));
  });

  /** Which of 4,000 rows of three keys are left to the thorough check. */
  function leftOf(key: (row: number) => string, type = new Checks(json)): number[] {
    const all = Array.from({ length: 4_000 }, (_, row) => row);
    return all.filter((row) => !type.proves(`{"x":{"${key(row)}":1,"y":2,"z":3}}`));
  }

  it('rows of ever new keys: one is left each time that the memory is full', () => {
    // 1,365 rows of three keys leave room for one of 4,096.
    assert.equal(MAX_SHAPES, 4_096);
    assert.deepEqual(
      leftOf((row) => `k${row}`),
      [1_365, 2_731],
    );
  });

  it('unknown members have their room too', () => {
    const keep = new Checks(logTypeOf([{ name: 'a', type: 'STRING' }], { unknownFields: 'keep' }));
    assert.deepEqual(
      leftOf((row) => `k${row}`, keep),
      [1_365, 2_731],
    );
  });

  it('the memory is full at 4,096 keys, not at one more', () => {
    const type = new Checks(json);
    for (let row = 0; row < 1_365; row++) assert.ok(type.proves(`{"x":{"k${row}":1,"y":2,"z":3}}`));
    assert.equal(type.proves('{"x":{"k":1,"y":2}}'), false);
  });

  it('sixteen keys that follow in turn are all remembered, seventeen are not', () => {
    assert.deepEqual(
      leftOf((row) => `k${row % 16}`),
      [],
    );
    assert.deepEqual(
      leftOf((row) => `k${row % 17}`),
      [1_365, 2_731],
    );
  });
});
