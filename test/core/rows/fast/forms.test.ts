import { logTypeOf, typeOfX } from '../verdict.ts';
import { FORMS } from '../forms.ts';
import { assertLeft, assertProved, assertWrong } from './proof.ts';

/** Accepted forms of docs/schemas.md that are rare enough to be left to the thorough check, by type. */
const LEFT: Readonly<Record<string, readonly string[]>> = {
  STRING: ['7', '-7', '0', '9007199254740991', '-9007199254740991', 'true', 'false'],
  BOOLEAN: ['"true"', '"FALSE"', '"True"', '"\\u0074rue"'],
  INTEGER: [
    ...['9007199254740991', '-9007199254740991', '"9223372036854775807"', '"-9223372036854775808"'],
    ...['"\\u0031"', '1.0', '-1.000', '0.0', '9007199254740991.0'],
  ],
  FLOAT: [
    ...['1.7976931348623157e308', '5e-324', '2.2250738585072011e-308', '0e400', `0.${'0'.repeat(400)}`],
    ...['"1.5"', '"-1e3"', '"NaN"', '"Infinity"', '"-Infinity"', '"0"'],
  ],
  NUMERIC: ['1e3', '1.5e-8', '1e28', '999999999999999000', '0e29', '100000000000000.000000000'],
  DATE: ['"\\u0032026-11-20"'],
  TIMESTAMP: ['"2026-11-20T14:00:00\\u005a"', '"0001-01-02T00:00:00+14:00"', '"9999-12-30T23:59:59-14:00"'],
};

/** A value as rows have it: alone, among others, with space about it, inside a RECORD, in an array. */
function rowsOf(value: string): string[] {
  return [
    `{"x":${value}}`,
    `{"x":${value},"y":1}`,
    `{"y":1,"x":${value}}`,
    ` { "x" : ${value} , "y":1 } `,
    `{"r":{"x":${value}}}`,
  ];
}

describe('the fast check: forms of values', () => {
  for (const { type, coerce, accepted, refused, range = [] } of FORMS) {
    const x = { name: 'x', type, ...(coerce ? { coerce } : {}) };
    const logType = logTypeOf([
      x,
      { name: 'y', type: 'INTEGER' },
      { name: 'r', type: 'RECORD', fields: [x] },
    ]);
    const left = LEFT[type] ?? [];
    const what = `${type}${coerce ? ' with coerce' : ''}`;

    it(`${what}: proves what is accepted, wherever it stands, and leaves the rare forms`, () => {
      for (const value of accepted) {
        if (left.includes(value)) assertLeft(logType, ...rowsOf(value));
        else assertProved(logType, ...rowsOf(value));
      }
    });

    it(`${what}: proves nothing that is refused`, () => {
      for (const value of [...refused, ...range]) assertWrong(logType, ...rowsOf(value));
      for (const value of accepted.filter((form) => form.startsWith('"')))
        assertWrong(logType, ...rowsOf(`x${value.slice(1)}`), ...rowsOf(`${value.slice(0, -1)}x`));
    });

    it(`${what}: arrays of it`, () => {
      if (type === 'JSON') return;
      const repeated = typeOfX(type, { mode: 'REPEATED', ...(coerce ? { coerce } : {}) });
      const proved = accepted.filter((value) => !left.includes(value));
      assertProved(
        repeated,
        '{"x":[]}',
        '{"x":[ ]}',
        `{"x":[${proved.join(',')}]}`,
        `{"x": [ ${proved.join(' , ')} ]}`,
      );
      for (const value of proved) {
        assertProved(repeated, `{"x":[${value}]}`);
        assertWrong(repeated, `{"x":${value}}`, `{"x":[${value},]}`, `{"x":[,${value}]}`, `{"x":[${value}}`);
        assertWrong(
          repeated,
          `{"x":[${value},null]}`,
          `{"x":[[${value}]]}`,
          `{"x":[${value} ${value}]}`,
          `{"x":[null]}`,
        );
      }
      for (const value of [...refused, ...range]) assertWrong(repeated, `{"x":[${value}]}`);
    });

    it(`${what}: null, and no value at all`, () => {
      const more = coerce ? { coerce } : {};
      assertProved(typeOfX(type, more), '{"x":null}', '{"x": null}', '{"x":null }', '{}', '{ }');
      assertWrong(
        typeOfX(type),
        '{"x":nul}',
        '{"x":nuul}',
        '{"x":mull}',
        '{"x":nall}',
        '{"x":nulk}',
        '{"x":nulll}',
      );
      const required = typeOfX(type, { mode: 'REQUIRED', ...more });
      assertWrong(required, '{"x":null}', '{"x": null}', '{}', '{ }');
      const value = accepted.find((form) => !left.includes(form))!;
      assertProved(required, `{"x":${value}}`);
      if (type === 'JSON') return;
      assertWrong(typeOfX(type, { mode: 'REPEATED' }), '{"x":null}', '{"x": null}');
    });
  }
});
