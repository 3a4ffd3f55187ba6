import assert from 'node:assert/strict';
import { logTypeOf } from '../verdict.ts';
import { assertLeft, assertProved, assertWrong, Checks } from './proof.ts';

const type = logTypeOf([
  { name: 'a', type: 'STRING', mode: 'REQUIRED' },
  { name: 'number', type: 'INTEGER' },
  { name: 'longer_name_of_a_field', type: 'STRING', mode: 'REQUIRED' },
  { name: 'b', type: 'BOOLEAN' },
  {
    name: 'r',
    type: 'RECORD',
    fields: [
      { name: 'a', type: 'INTEGER', mode: 'REQUIRED' },
      {
        name: 'l',
        type: 'RECORD',
        mode: 'REPEATED',
        fields: [{ name: 'a', type: 'INTEGER', mode: 'REQUIRED' }],
      },
    ],
  },
]);
const a = '"a":"x"';
const long = '"longer_name_of_a_field":"y"';

/** All orders of some members. */
function orders(members: readonly string[]): string[][] {
  if (members.length === 0) return [[]];
  return members.flatMap((member, at) =>
    orders([...members.slice(0, at), ...members.slice(at + 1)]).map((rest) => [member, ...rest]),
  );
}

describe('the fast check: members', () => {
  it('in every order and choice, by one check, also after others', () => {
    const check = new Checks(type);
    const optional = ['"number":7', '"b":true', '"r":{"a":1}'];
    for (let choice = 0; choice < 8; choice++) {
      const chosen = optional.filter((_, at) => (choice & (1 << at)) !== 0);
      for (const members of orders([a, long, ...chosen]))
        assert.deepEqual(check.opinion(`{${members.join(',')}}`), { proved: true, clean: true });
    }
  });

  it('twice is wrong, in every order, also after others', () => {
    const check = new Checks(type);
    for (const twice of [a, long, '"number":7', '"r":{"a":1}']) {
      for (const members of orders([
        a,
        long,
        '"b":true',
        twice,
        ...(twice === a || twice === long ? [] : [twice]),
      ]))
        assert.deepEqual(check.opinion(`{${members.join(',')}}`), { proved: false, clean: false });
    }
  });

  it('REQUIRED ones are there, in each object', () => {
    assertProved(type, `{${a},${long}}`, `{${a},${long},"r":null}`, `{${a},${long},"r":{"a":1,"l":[]}}`);
    assertProved(type, `{${a},${long},"r":{"a":1,"l":[{"a":1},{"a":2}]}}`);
    assertWrong(type, `{${a}}`, `{${long}}`, '{}', `{${a},${long},"r":{}}`, `{${a},${long},"r":{"l":[]}}`);
    assertWrong(type, `{${a},${long},"r":{"a":1,"l":[{}]}}`, `{${a},${long},"r":{"a":1,"l":[{"a":1},{}]}}`);
    assertWrong(type, `{"a":null,${long}}`, `{${a},${long},"r":{"a":null}}`, `{"number":1,"b":true}`);
  });

  it('unknown keys are wrong where the type rejects them', () => {
    const one = logTypeOf([{ name: 'ab', type: 'INTEGER' }]);
    const keys = ['', 'a', 'b', 'aB', 'Ab', 'abc', 'xab', 'ab ', ' ab', 'ac', 'bb', '\\u0061', '__proto__'];
    for (const key of keys) assertWrong(one, `{"${key}":1}`, `{"ab":1,"${key}":1}`, `{"${key}":1,"ab":1}`);
  });

  it('keys that differ in one byte are others, in every place and length', () => {
    for (let length = 1; length <= 14; length++) {
      const name = 'k'.repeat(length);
      const fields = [{ name, type: 'INTEGER' }];
      assertProved(logTypeOf(fields), `{"${name}":1}`);
      for (let at = 0; at < length; at++) {
        const other = `${name.slice(0, at)}x${name.slice(at + 1)}`;
        assertWrong(logTypeOf(fields), `{"${other}":1}`, `{"${name}":1,"${other}":1}`);
        const both = new Checks(logTypeOf([...fields, { name: other, type: 'STRING' }]));
        for (let time = 0; time < 2; time++) {
          assert.ok(both.opinion(`{"${name}":1,"${other}":"1"}`).proved);
          assert.ok(both.opinion(`{"${other}":"1","${name}":1}`).proved);
          assert.ok(!both.opinion(`{"${other}":1}`).proved);
        }
      }
    }
  });

  it('an escaped key is left, and one that spells a field’s differently', () => {
    assertLeft(type, `{"\\u0061":"x",${long}}`, `{${a},"longer_name_of_a_fiel\\u0064":"y"}`);
    assertWrong(type, `{"\\u0061":"x",${a},${long}}`, `{${a},${long},"\\u0061":"x"}`);
  });

  it('space wherever JSON allows it', () => {
    for (const s of [' ', '\t', '\r', '   ', ' \t\r ']) {
      assertProved(type, `${s}{${s}"a"${s}:${s}"x"${s},${s}"number"${s}:${s}7${s},${s}${long}${s}}${s}`);
      assertProved(
        type,
        `{${a},${long},"r":${s}{${s}"a"${s}:${s}1${s},"l":${s}[${s}{${s}"a":1${s}}${s},${s}{"a":2}${s}]${s}}${s}}`,
      );
      assertProved(type, `{${a},${long}${s},"r":${s}null${s}}`, `{${a},${long},"r":${s}{"a":1,"l":[${s}]}}`);
    }
    for (const s of ['\u00a0', '\u0000', '\u000b', '\u000c', '\u001f', '\u2028', '!', '/']) {
      assertWrong(
        type,
        `${s}{${a},${long}}`,
        `{${s}${a},${long}}`,
        `{"a"${s}:"x",${long}}`,
        `{"a":${s}"x",${long}}`,
      );
      assertWrong(
        type,
        `{${a}${s},${long}}`,
        `{${a},${s}${long}}`,
        `{${a},${long}${s}}`,
        `{${a},${long}}${s}`,
      );
    }
  });

  it('one object and nothing else', () => {
    const rest = `${a},${long}`;
    assertWrong(
      type,
      '',
      ' ',
      '{',
      '}',
      rest,
      `{${rest}`,
      `${rest}}`,
      `[{${rest}}]`,
      `{${rest}}}`,
      `{{${rest}}`,
      `{${rest}]`,
    );
    assertWrong(
      type,
      `{${rest}},`,
      `{${rest}}{${rest}}`,
      `{${rest}} 1`,
      `{${rest},}`,
      `{,${rest}}`,
      `{${a},,${long}}`,
      `{${a};${long}}`,
    );
    assertWrong(
      type,
      `{${a} ${long}}`,
      `{"a","x",${long}}`,
      `{"a"="x",${long}}`,
      `{a:"x",${long}}`,
      `{'a':"x",${long}}`,
      `{"a:"x",${long}}`,
    );
    assertWrong(
      type,
      `{${a}{${long}}`,
      `{${rest},"r":{"a":1]}`,
      `{${rest},"r":[1]}`,
      `{${rest},"r":{"a":1,"l":{}}}`,
      `{${rest},"r":{,"a":1}}`,
    );
    assertWrong(
      type,
      `{${rest},"r":{"a":1,"l":[{"a":1}}}`,
      `{${rest},"r":{"a":1,"l":[{"a":1};{"a":1}]}}`,
      `{"a":"x" : "y",${long}}`,
      `null`,
    );
  });

  it('brackets of the right kind at both ends, also where nothing is between them', () => {
    const optional = logTypeOf([
      { name: 'r', type: 'RECORD', fields: [{ name: 'a', type: 'INTEGER' }] },
      { name: 'l', type: 'INTEGER', mode: 'REPEATED' },
    ]);
    assertProved(optional, '{}', '{"r":{}}', '{"l":[]}', '{"l":[1]}');
    for (const other of ['x', '(', '"', '}', ']', ',', ':', '1'])
      assertWrong(optional, `${other}}`, `{"r":${other}}}`, `{"l":${other}]}`, `{"l":${other}1]}`);
    assertWrong(optional, '[}', '{"r":[}}', '{"l":{]}');
    assertWrong(optional, '{]', '{"r":{]}', '{"l":[}}', '{"l":[1}}', '{"l":{1]}', '{"l":[1,2}}');
  });

  it('a key between quotes', () => {
    assertWrong(type, `{xa":"x",${long}}`, `{${a},xlonger_name_of_a_field":"y"}`, `{a":"x",${long}}`);
  });

  it('space behind the row is the row’s or not, and does not matter', () => {
    const check = new Checks(type);
    const row = `{${a},${long}}`;
    for (const behind of ['', ' ', '\r', '\r\n', '\n', ',', '}', ' \n{}']) {
      assert.equal(check.proves(row, '', behind), true);
      assert.equal(check.proves(`${row} `, '', `\n${behind}`), true);
      assert.equal(check.proves(`${row} `, '', ` ${behind}`), true);
    }
  });
});
