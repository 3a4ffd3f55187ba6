import assert from 'node:assert/strict';
import { FORMS } from './forms.ts';
import { assertAccepted, assertMisfits, misfitsOf, typeOfX } from './verdict.ts';

describe('RowCheck: accepted forms', () => {
  for (const { type, coerce, accepted, range = [], refused } of FORMS) {
    const logType = typeOfX(type, coerce ? { coerce } : {});
    const name = `${type}${coerce ? ' with coerce' : ''}`;

    it(`${name} accepts what BigQuery stores unchanged`, () => {
      for (const value of [...accepted, 'null'])
        assertAccepted(logType, `{"x":${value}}`, ` {\t"x" : ${value} }\r`);
      assertAccepted(logType, '{}');
    });

    it(`${name} refuses everything else, whole and with the place`, () => {
      for (const value of range) assertMisfits(logType, `{"x":${value}}`, 'range x');
      for (const value of refused) assertMisfits(logType, `{"x":${value}}`, 'type x');
    });
  }

  it('a refused value is told with field, expected, found and byte offset', () => {
    assert.deepEqual(misfitsOf(typeOfX('INTEGER'), '{"x": "seven"}'), [
      {
        reason: 'type',
        field: 'x',
        expected: 'INTEGER: a whole number within ±(2^53-1), or a quoted one within int64',
        found: '"seven"',
        byteOffset: 6,
      },
    ]);
  });

  it('a long value is told by its beginning, cut between characters', () => {
    const [misfit] = misfitsOf(typeOfX('INTEGER'), `{"x":"a${'한'.repeat(40)}"}`);
    assert.equal(misfit?.found, `"a${'한'.repeat(26)}…`);
  });

  it('a lone surrogate in a string is a misfit, a pair is not', () => {
    const logType = typeOfX('STRING');
    for (const text of [
      '\\ud83c',
      '\\udfae',
      '\\udfae\\ud83c',
      '\\ud83c\\ud83c\\udfae',
      '\\ud83ca',
      '\\ud83c\\n',
      'a\\uDFAE',
      '\\ud83c🎮',
    ]) {
      assertMisfits(logType, `{"x":"${text}"}`, 'lone_surrogate x');
    }
    assertAccepted(logType, '{"x":"\\ud83c\\udfae\\uD83C\\uDFAE"}', '{"x":"\\\\ud83c"}');
  });
});
