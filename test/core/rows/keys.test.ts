import assert from 'node:assert/strict';
import { RowCheck } from '../../../workloads/core/rows/row-check.ts';
import { assertAccepted, assertMisfits, logTypeOf, misfitsOf, typeOfX, verdictOf } from './verdict.ts';

const nested = [
  { name: 'x', type: 'INTEGER' },
  { name: 'a', type: 'RECORD', fields: [{ name: 'n', type: 'INTEGER' }] },
  { name: 'l', type: 'RECORD', mode: 'REPEATED', fields: [{ name: 'n', type: 'INTEGER' }] },
];

describe('RowCheck: keys', () => {
  const reject = logTypeOf(nested);
  const keep = logTypeOf(nested, { unknownFields: 'keep' });

  it('an unknown key is a misfit at every level', () => {
    assert.deepEqual(misfitsOf(reject, '{"x":1,"y":{"z":1}}'), [
      {
        reason: 'unknown_field',
        field: 'y',
        expected: 'only keys that the schema lists',
        found: '{"z":1}',
        byteOffset: 11,
      },
    ]);
    assertMisfits(reject, '{"a":{"y":1},"l":[{},{"y":1}]}', 'unknown_field a.y', 'unknown_field l[1].y');
  });

  it('a key that differs by case only is unknown, and the field is missing', () => {
    assertMisfits(typeOfX('INTEGER', { mode: 'REQUIRED' }), '{"X":1}', 'unknown_field X', 'required x');
  });

  it('an escaped key is the key that it spells', () => {
    assertAccepted(reject, '{"\\u0078":1,"\\u0061":{"\\u006e":1}}');
    assertMisfits(reject, '{"\\u0078":"a"}', 'type x');
    assertMisfits(reject, '{"x":1,"\\u0078":2}', 'duplicate_key x');
    const longest = 'k'.repeat(128);
    const escaped = '\\u006b'.repeat(128);
    assertAccepted(logTypeOf([{ name: longest, type: 'INTEGER' }]), `{"${longest}":1}`, `{"${escaped}":1}`);
  });

  it('keys of every order are found, and __proto__ is a key like any other', () => {
    assertAccepted(reject, '{"l":[],"a":{},"x":1}', '{"a":null,"x":null}');
    assertMisfits(
      reject,
      '{"__proto__":1,"constructor":2,"":3}',
      'unknown_field __proto__',
      'unknown_field constructor',
      'unknown_field ',
    );
  });

  it('a declared key that comes twice is a misfit, even with equal values', () => {
    assertMisfits(reject, '{"x":1,"x":1}', 'duplicate_key x');
    assertMisfits(reject, '{"x":1,"x":1,"x":"a"}', 'duplicate_key x', 'duplicate_key x', 'type x');
    assertMisfits(reject, '{"l":[{"n":1,"n":2},{"n":1}]}', 'duplicate_key l[0].n');
  });

  it('a key inside a JSON column that comes twice is a misfit: BigQuery keeps one of them', () => {
    const json = typeOfX('JSON');
    assertMisfits(
      json,
      '{"x":{"a":1,"b":{"c":1,"c":2},"\\u0061":3}}',
      'duplicate_key x.b.c',
      'duplicate_key x.a',
    );
    assertAccepted(
      json,
      '{"x":[{"a":1},{"a":1}],"x2":1}'.replace(',"x2":1', ''),
      '{"x":{"a":1,"A":1,"a ":1}}',
    );
  });

  it('long keys that come twice are found, however they are spelled, and different ones are told apart', () => {
    const json = typeOfX('JSON');
    for (const length of [250, 256, 257, 300, 65_535, 65_536, 70_000, 200_000]) {
      for (const letter of ['k', '한', '🎮']) {
        const key = letter.repeat(Math.ceil(length / letter.length));
        const escaped = Array.from(key, (char, index) => (index % 7 === 0 ? escape(char) : char)).join('');
        const member = `"${key}":1`;
        assert.equal(
          misfitsOf(json, `{"x":{${member},${member}}}`)[0]?.reason,
          'duplicate_key',
          `${length} ${letter}`,
        );
        assert.equal(
          misfitsOf(json, `{"x":{${member},"${escaped}":1}}`)[0]?.reason,
          'duplicate_key',
          `${length} ${letter}, escaped`,
        );
        assertAccepted(json, `{"x":{${member},"${key}1":1,"1${key}":1}}`);
      }
    }
  });

  it('lone surrogates in keys of a JSON column and in kept keys are misfits', () => {
    assertMisfits(typeOfX('JSON'), '{"x":{"\\ud800":1,"\\ud83c\\udfae":1}}', 'lone_surrogate x.\ufffd');
    assertMisfits(keep, '{"\\udfae":1}', 'lone_surrogate \ufffd');
    assertMisfits(reject, '{"\\udfae":1}', 'unknown_field \ufffd');
  });

  it('unknown keys are kept with their paths where the schema says so', () => {
    const row = '{"y":[1.10, null],"a":{"n":1,"z":"b"},"l":[{},{"w":{}}]}';
    const { misfits, unknown } = verdictOf(new RowCheck(keep), row);
    assert.deepEqual(misfits, []);
    assert.deepEqual(
      unknown.map(({ prefix, keyStart, keyEnd, valueStart, valueEnd }) => [
        prefix,
        row.slice(keyStart, keyEnd),
        row.slice(valueStart, valueEnd),
      ]),
      [
        ['', '"y"', '[1.10, null]'],
        ['a.', '"z"', '"b"'],
        ['l[1].', '"w"', '{}'],
      ],
    );
  });

  it('two kept keys that would meet in unknown_fields are a misfit: one of them would be lost', () => {
    assertMisfits(keep, '{"y":1,"y":2}', 'duplicate_key y');
    assertMisfits(keep, '{"a":{"z":1},"a.z":2}', 'duplicate_key a.z');
    assertMisfits(keep, '{"l[0].z":1,"l":[{"z":2}]}', 'duplicate_key l[0].z');
    assertAccepted(keep, '{"a":{"z":1},"z":2,"l":[{"z":1},{"z":1}]}');
    const long = 'k'.repeat(255);
    assert.equal(misfitsOf(keep, `{"a":{"${long}":1},"a.${long}":2}`)[0]?.reason, 'duplicate_key');
  });

  it('kept values must be what BigQuery’s JSON type keeps', () => {
    assertMisfits(
      keep,
      '{"y":{"b":1e400,"c":"\\ud800","d":{"e":1,"e":2}}}',
      'range y.b',
      'lone_surrogate y.c',
      'duplicate_key y.d.e',
    );
  });

  it('a row of more keys than can be told apart is a misfit', () => {
    const members = Array.from({ length: 100_001 }, (_, index) => `"k${index}":1`).join(',');
    assertMisfits(typeOfX('JSON'), `{"x":{${members}}}`, 'duplicate_key x.k100000');
    const { misfits, unknown } = verdictOf(new RowCheck(keep), `{${members},"z":1}`);
    assert.deepEqual(misfits.map(({ reason, expected }) => [reason, expected])[0], [
      'duplicate_key',
      'at most 100000 keys in one object and those around it',
    ]);
    assert.ok(unknown.length <= 100_000);
  });

  it('nesting does not multiply the keys that are held; siblings do not add up', () => {
    const members = (count: number): string =>
      Array.from({ length: count }, (_, index) => `"k${index}":1`).join(',');
    const half = members(50_000);
    const nested = `{${half},"n":{${half},"n":{${half}}}}`;
    assert.equal(misfitsOf(typeOfX('JSON'), `{"x":${nested}}`)[0]?.reason, 'duplicate_key');
    const siblings = `[{${half}},{${half}},{${half}}]`;
    assertAccepted(typeOfX('JSON'), `{"x":${siblings}}`);
  });
});

function escape(char: string): string {
  return Array.from(
    { length: char.length },
    (_, index) => `\\u${char.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}
