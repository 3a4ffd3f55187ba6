import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { randomLogType, randomRow } from '../random-rows.ts';
import { logTypeOf } from '../verdict.ts';
import { Checks } from './proof.ts';

const scalars = {
  s: ['STRING', '"a\\u0041\\ud83c\\udfae한"'],
  i: ['INTEGER', '1700000001234'],
  q: ['INTEGER', '"-12345678901"'],
  f: ['FLOAT', '-12.5e-3'],
  n: ['NUMERIC', '-0.50'],
  m: ['NUMERIC', '"12345678901234567.125"'],
  o: ['BOOLEAN', 'false'],
  t: ['TIMESTAMP', '"2026-11-20T14:05:09.123456+09:30"'],
  u: ['TIMESTAMP', '"2024-02-29 23:59:59 UTC"'],
  d: ['DATE', '"2023-12-31"'],
  w: ['DATETIME', '"2026-11-20 14:05:09.5"'],
  c: ['TIME', '"14:05:09"'],
  b: ['BYTES', '"AA\\/BZg=="'],
  j: ['JSON', '{"k":[1.5,"x",null],"l":{"k":-12,"m":true}}'],
} as const;

const fields = Object.entries(scalars).map(([name, [type]]) => ({ name, type }));
const everything = logTypeOf([
  ...fields,
  { name: 'inner', type: 'RECORD', fields: [{ name: 'a', type: 'INTEGER', mode: 'REQUIRED' }] },
  { name: 'list', type: 'STRING', mode: 'REPEATED' },
]);
const members = Object.entries(scalars).map(([name, [, value]]) => `"${name}":${value}`);
const goodRow = Buffer.from(`{${members.join(',')},"inner":{"a":1},"list":["x","y"] }`);

/** Bytes that JSON and the types' forms are made of, and their neighbours. */
const BYTES = Buffer.from('"\\/{}[]:,.-+ \t09eEAgu=_\u0000\u001f\u007f');

describe('the fast check is sound', () => {
  it('proves a row that has all types', () => {
    assert.deepEqual(new Checks(everything).opinion(goodRow), { proved: true, clean: true });
  });

  it('proves no beginning of a row, also where the rest lies behind it', () => {
    const check = new Checks(everything);
    const end = goodRow.lastIndexOf('}') + 1;
    for (let length = 0; length < end; length++) {
      const row = goodRow.subarray(0, length);
      assert.equal(check.proves(row, '', goodRow.subarray(length).toString('latin1')), false, row.toString());
      assert.equal(check.proves(row, '', ''), false, row.toString());
      assert.equal(check.proves(row, '', '\n'), false, row.toString());
    }
  });

  it('proves no row that is cut off in front', () => {
    const check = new Checks(everything);
    for (let from = 1; from < goodRow.length; from++)
      assert.equal(check.proves(goodRow.subarray(from), goodRow.subarray(0, from).toString('latin1')), false);
  });

  it('a row with any one byte changed, taken out or put in is proved only where nothing is wrong with it', () => {
    const check = new Checks(everything);
    let proved = 0;
    const left: string[] = [];
    const judge = (before: Buffer, put: string, behind: Buffer): void => {
      const row = Buffer.concat([before, Buffer.from(put), behind]);
      if (!isUtf8(row)) return;
      const opinion = check.opinion(row);
      if (opinion.proved) proved++;
      else if (opinion.clean)
        left.push(row.toString('latin1', before.length - 3, before.length + put.length + 2));
    };
    for (let at = 0; at <= goodRow.length; at++) {
      const [before, behind] = [goodRow.subarray(0, at), goodRow.subarray(at)];
      judge(before, '', behind.subarray(1));
      for (const byte of BYTES) {
        judge(before, String.fromCharCode(byte), behind);
        judge(before, String.fromCharCode(byte), behind.subarray(1));
      }
    }
    assert.equal(proved, 1528);
    // An exponent in a NUMERIC, and space between a JSON column's key and its colon.
    const spaced = ['"k"', '"l"', '"k"', '"m"'].flatMap((key, at) =>
      [' ', '\t'].map((space) => `${key}${space}:${'[{-t'.charAt(at)}`),
    );
    assert.deepEqual(left, ['0.5e0,', '0.5E0,', ...spaced]);
  });

  it('rows of random schemas, and what becomes of them when bytes change', () => {
    let [proved, left] = [0, 0];
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const logType = randomLogType(gen);
        const check = new Checks(logType);
        for (let count = 0; count < 25; count++) {
          let row = Buffer.from(randomRow(gen, logType));
          const opinion = check.opinion(row);
          if (opinion.proved) proved++;
          else if (opinion.clean) left++;
          for (let change = gen(fc.nat, 3); change > 0; change--) {
            const at = gen(fc.nat, row.length);
            const put = Buffer.of(BYTES[gen(fc.nat, BYTES.length - 1)]!).subarray(gen(fc.nat, 1));
            row = Buffer.concat([row.subarray(0, at), put, row.subarray(at + gen(fc.nat, 2))]);
            if (isUtf8(row)) check.opinion(row);
          }
        }
      }),
      { numRuns: 400 },
    );
    // A check that proves nothing would be sound.
    assert.ok(proved > 1_000 && proved > left, `${proved} proved, ${left} left`);
  });
});
