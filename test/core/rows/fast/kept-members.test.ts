import assert from 'node:assert/strict';
import { FastCheck } from '../../../../workloads/core/rows/fast/fast-check.ts';
import { logTypeOf } from '../verdict.ts';
import { assertLeft, assertProved, assertWrong, Checks, judgeOf } from './proof.ts';

const keep = logTypeOf(
  [
    { name: 'ab', type: 'INTEGER', mode: 'REQUIRED' },
    { name: 'r', type: 'RECORD', fields: [{ name: 'n', type: 'INTEGER' }] },
  ],
  { unknownFields: 'keep' },
);

describe('the fast check: unknown members that are kept', () => {
  it('before, between and behind the others, of every kind; where they stand is told', () => {
    for (const value of ['1', '-1.5', '"x"', 'null', 'true', '[1,{}]', '{"a":{"a":1}}'])
      assertProved(
        keep,
        `{"y":${value},"ab":1}`,
        `{"ab":1,"y":${value}}`,
        `{"ab":1,"y":${value},"r":{"n":1},"z":${value}}`,
      );
    assertProved(
      keep,
      ' { "y" : 1 , "ab" : 1 , "z" : [ ] } ',
      '{"":1,"ab":1,"한":2,"a":3,"b":4,"abc":5,"AB":6,"a b":7}',
    );
    assertProved(keep, '{"ab":1,"r":{"n":1}}', '{"ab":1}');
  });

  it('and of one row only', () => {
    const check = new Checks(keep);
    for (const row of ['{"y":1,"ab":1,"z":2}', '{"ab":1}', '{"y":1,"ab":1}', '{"z":{"b":2},"y":1,"ab":1}'])
      assert.deepEqual(check.opinion(row), { proved: true, clean: true }, row);
  });

  it('each key once', () => {
    for (const key of ['', 'y', 'yy', 'yyyy', '한글'])
      assertWrong(keep, `{"ab":1,"${key}":1,"${key}":2}`, `{"${key}":1,"ab":1,"z":1,"${key}":2}`);
    assertProved(keep, '{"ab":1,"y":1,"yy":2,"yyy":3,"x":{"y":1}}');
  });

  it('says of each where it ends, and of anything else and of the seventeenth that it has no end', () => {
    const bytes = Buffer.from(`{${Array.from({ length: 17 }, (_, index) => `"k${index}":1`).join(',')}}\n`);
    const judge = judgeOf(bytes);
    judge.begin(0);
    assert.equal(judge.skipKept(0), -1);
    let at = 1;
    for (let count = 0; count < 16; count++) {
      const end = judge.skipKept(at);
      assert.equal(bytes.toString('latin1', at, end), `"k${count}":1`);
      at = end + 1;
    }
    assert.equal(judge.skipKept(at), -1);
  });

  it('none before there was a row', () => {
    assert.deepEqual(new FastCheck(keep).unknown, []);
  });

  it('keys with escapes are left', () => {
    assertLeft(keep, '{"ab":1,"\\u0079":1}', '{"ab":1,"y\\n":1}', '{"\\u0061b":1}');
    assertWrong(keep, '{"ab":1,"y":1,"\\u0079":1}', '{"ab":1,"\\ud800":1}', '{"ab":1,"\\u0061b":1}');
  });

  it('values are what a JSON column takes, one level less deep', () => {
    assertWrong(
      keep,
      ...['-0', '1e400', '"\\ud800"', '{"a":1,"a":2}', '01', '', 'x', '[', '{'].map(
        (value) => `{"ab":1,"y":${value}}`,
      ),
    );
    assertProved(keep, `{"ab":1,"y":${'['.repeat(499)}${']'.repeat(499)}}`);
    assertWrong(keep, `{"ab":1,"y":${'['.repeat(500)}${']'.repeat(500)}}`);
  });

  it('those inside a RECORD are left', () => {
    assertLeft(keep, '{"ab":1,"r":{"y":1}}', '{"ab":1,"r":{"n":1,"y":1}}', '{"ab":1,"y":1,"r":{"y":1}}');
  });

  it('sixteen and no more', () => {
    const row = (count: number): string =>
      `{"ab":1${Array.from({ length: count }, (_, key) => `,"k${key}":1`).join('')}}`;
    assertProved(keep, row(16));
    assertLeft(keep, row(17));
  });

  it('the rest of the row is as it must be', () => {
    assertWrong(
      keep,
      '{"y":1}',
      '{"ab":1,"y":1',
      '{"ab":1,"y":1,}',
      '{"ab":1,"y"}',
      '{"ab":1,"y":}',
      '{"ab":1,"y",1}',
      '{"ab":1,"y;1}',
    );
    assertWrong(
      keep,
      '{"y":1,"ab":"x"}',
      '{"ab":1,y:1}',
      '{"ab":1,\'y\':1}',
      '{"ab":1 "y":1}',
      '{"ab":1,"y" 1}',
      '{"ab":1,"y":1,"ab":1}',
      '{"y":1 "ab":1}',
    );
  });
});
