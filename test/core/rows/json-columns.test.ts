import assert from 'node:assert/strict';
import { assertAccepted, assertMisfits, logTypeOf, misfitsOf, typeOfX } from './verdict.ts';

const json = typeOfX('JSON');
const nested = (depth: number, open = '[', close = ']'): string => open.repeat(depth) + close.repeat(depth);

describe('RowCheck: JSON columns', () => {
  it('accepts integers of int64 and uint64, and decimals that a double gives back digit for digit', () => {
    for (const number of [
      ...[
        '0',
        '-1',
        '9007199254740993',
        '9223372036854775807',
        '-9223372036854775808',
        '9223372036854775808',
        '18446744073709551615',
      ],
      ...[
        '0.1',
        '1.10',
        '1.0',
        '1e3',
        '1.5E-7',
        '0.30000000000000004',
        '5e-324',
        '1.7976931348623157e308',
        '2.2250738585072014e-308',
      ],
      ...['0.1234567890123456', '100000000000000000000', '1e23', '-0.0', '0e400', '0.000', '1e+5'],
    ]) {
      assertAccepted(json, `{"x":${number}}`, `{"x":[{"a":${number}}]}`);
    }
  });

  it('refuses numbers that BigQuery’s JSON type would change', () => {
    for (const number of [
      ...[
        '-0',
        '18446744073709551616',
        '-9223372036854775809',
        '36893488147419103233',
        '1e400',
        '-1e400',
        '1e-400',
        '4.9406564584124654e-324',
      ],
      ...[
        '1.00000000000000000001',
        '0.1000000000000000055',
        '0.300000000000000040000001',
        '9'.repeat(900),
        `0.${'1'.repeat(900)}`,
      ],
    ]) {
      assertMisfits(json, `{"x":${number}}`, 'range x');
      assertMisfits(json, `{"x":[{"a":${number}}]}`, 'range x[0].a');
    }
  });

  it('refuses lone surrogates and keys that come twice, each with its path', () => {
    assertMisfits(
      json,
      '{"x":{"a":["ok","\\udc00"],"b":1,"b":2}}',
      'lone_surrogate x.a[1]',
      'duplicate_key x.b',
    );
  });

  it('tells a path of at most 256 characters, with what is left out in its middle', () => {
    const logType = typeOfX('JSON');
    const fieldOf = (...keys: string[]): string => {
      const row = `{"x":${keys.map((key) => `{${JSON.stringify(key)}:`).join('')}1e400${'}'.repeat(keys.length + 1)}`;
      const misfits = misfitsOf(logType, row);
      assert.equal(misfits.length, 1);
      return misfits[0]!.field;
    };
    const a = 'a'.repeat(200);
    // `x`, two dots: 256 in all, and 257.
    assert.equal(fieldOf(a, 'b'.repeat(53)), `x.${a}.${'b'.repeat(53)}`);
    assert.equal(fieldOf(a, 'b'.repeat(54)), `x.${'a'.repeat(125)}…${'a'.repeat(73)}.${'b'.repeat(54)}`);
    assert.equal(fieldOf(a, a, a), `x.${'a'.repeat(125)}…${'a'.repeat(128)}`);
    // Pairs that lie across each cut, and right beside it.
    assert.equal(fieldOf(`${'a'.repeat(124)}😀`, a), `x.${'a'.repeat(124)}…${'a'.repeat(128)}`);
    assert.equal(fieldOf(`${'a'.repeat(123)}😀`, a), `x.${'a'.repeat(123)}😀…${'a'.repeat(128)}`);
    assert.equal(fieldOf(a, `😀${'b'.repeat(127)}`), `x.${'a'.repeat(125)}…${'b'.repeat(127)}`);
    assert.equal(fieldOf(a, `😀${'b'.repeat(126)}`), `x.${'a'.repeat(125)}…😀${'b'.repeat(126)}`);
  });

  it('a hundred misfits below long keys take no more than their bound', () => {
    const levels = 480;
    const opening = Array.from({ length: levels }, (_, level) => `{"${String(level).padStart(250, 'k')}":`);
    const row = `{"x":${opening.join('')}[${Array(101).fill('1e400').join(',')}]${'}'.repeat(levels + 1)}`;
    const misfits = misfitsOf(typeOfX('JSON'), row);
    assert.equal(misfits.length, 100);
    assert.equal(misfits[99]!.field, `x.${'k'.repeat(125)}…${'k'.repeat(121)}479[99]`);
    assert.ok(JSON.stringify(misfits).length < 50_000, `${JSON.stringify(misfits).length} characters`);
  });

  it('nesting: 500 levels are accepted, 501 are a misfit', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const value = (depth: number): string => open.repeat(depth) + '1' + close.repeat(depth);
      assertAccepted(json, `{"x":${value(500)}}`);
      assertMisfits(json, `{"x":${value(501)}}`, 'too_deep ');
    }
    const row = `{"x":${nested(501)}}`;
    assert.deepEqual(misfitsOf(json, row), [
      {
        reason: 'too_deep',
        field: '',
        expected: 'at most 500 levels of nesting',
        found: `${row.slice(505, 585)}…`,
        byteOffset: 505,
      },
    ]);
  });

  it('nesting: a kept unknown key is one level deeper, for unknown_fields is an object itself', () => {
    const keep = logTypeOf([{ name: 'x', type: 'INTEGER' }], { unknownFields: 'keep' });
    assertAccepted(keep, `{"y":${nested(499)}}`);
    assertMisfits(keep, `{"y":${nested(500)}}`, 'too_deep ');
  });

  it('nesting: a value of the wrong type ends in a misfit too, not in a stack overflow', () => {
    for (const depth of [1_024, 100_000]) {
      assertMisfits(typeOfX('STRING'), `{"x":${nested(depth)}}`, 'too_deep ');
      assertMisfits(typeOfX('STRING'), `{"y":${nested(depth)}}`, 'too_deep ');
    }
  });
});
