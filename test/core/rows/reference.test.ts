import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RowCheck } from '../../../workloads/core/rows/row-check.ts';
import { referenceMisfits } from '../../support/reference-check.ts';
import { randomLogType, randomRow } from './random-rows.ts';
import { briefly, logTypeOf, typeOfX, verdictOf } from './verdict.ts';

const ROWS_A_SCHEMA = 25;

function found(check: RowCheck, row: string): string[] {
  return [...new Set(briefly(verdictOf(check, row).misfits))].sort();
}

describe('RowCheck and the reference checker', () => {
  it('agree on random schemas and rows made for them', () => {
    const seen = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const logType = randomLogType(gen);
        const check = new RowCheck(logType);
        for (let rows = 0; rows < ROWS_A_SCHEMA; rows++) {
          const row = randomRow(gen, logType);
          const misfits = found(check, row);
          seen[misfits.length === 0 ? 'accepted' : 'refused']++;
          assert.deepEqual(
            misfits,
            referenceMisfits(logType, row),
            `${JSON.stringify(logType.fields)}\n${row}`,
          );
        }
      }),
      { numRuns: 200 },
    );
    // A test of rows that are all refused, or all accepted, would show nothing.
    assert.ok(seen.accepted > 300 && seen.refused > 300, JSON.stringify(seen));
  });

  it('agree on any JSON as a JSON column, and as a value of every other type', () => {
    const checks = ['JSON', 'STRING', 'INTEGER', 'FLOAT', 'NUMERIC', 'TIMESTAMP', 'BYTES'].map((type) =>
      typeOfX(type),
    );
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (json) => {
        for (const logType of checks) {
          assert.deepEqual(
            found(new RowCheck(logType), `{"x":${json}}`),
            referenceMisfits(logType, `{"x":${json}}`),
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it('agree on numbers of every spelling', () => {
    const digits = fc.stringMatching(/^[0-9]{0,40}$/);
    const number = fc
      .tuple(
        fc.constantFrom('', '-'),
        fc.constantFrom('0', '1', '9'),
        digits,
        fc.option(digits),
        fc.option(fc.integer({ min: -420, max: 420 })),
      )
      .map(([sign, first, rest, fraction, power]) => {
        const whole = first === '0' ? '0' : first + rest;
        return `${sign}${whole}${fraction ? `.${fraction}` : ''}${power === null ? '' : `e${power}`}`;
      });
    const fields = ['INTEGER', 'FLOAT', 'NUMERIC', 'JSON', 'STRING'].map((type) => ({ name: type, type }));
    const coerced = ['INTEGER', 'FLOAT', 'STRING'].map((type) => ({ name: type, type, coerce: true }));
    for (const logType of [logTypeOf(fields), logTypeOf(coerced)]) {
      const check = new RowCheck(logType);
      fc.assert(
        fc.property(number, fc.boolean(), (text, quoted) => {
          const members = logType.fields.map(({ name }) => `"${name}":${quoted ? `"${text}"` : text}`);
          const row = `{${members.join(',')}}`;
          assert.deepEqual(found(check, row), referenceMisfits(logType, row), row);
        }),
        { numRuns: 1_000 },
      );
    }
  });

  it('agree on texts near every temporal form', () => {
    const fields = ['TIMESTAMP', 'DATE', 'TIME', 'DATETIME'].map((type) => ({ name: type, type }));
    const check = new RowCheck(logTypeOf(fields));
    const part = (...values: string[]): fc.Arbitrary<string> => fc.constantFrom(...values);
    const two = fc.nat({ max: 99 }).map((value) => String(value).padStart(2, '0'));
    const month = fc.oneof(two, part('01', '02', '04', '12'));
    const date = fc.tuple(
      part('0000', '0001', '1900', '2000', '2023', '2024', '9999', '10000'),
      month,
      fc.oneof(two, part('28', '29', '30', '31')),
    );
    const time = fc.tuple(
      fc.oneof(part('00', '23', '24'), two),
      part('00', '59', '60'),
      part('00', '59', '60'),
      part('', '.1', '.123456', '.1234567', '.'),
    );
    const zone = fc.oneof(
      part('', 'Z', 'z', ' UTC', '+0900', '+09'),
      fc
        .tuple(part('+', '-'), part('00', '09', '13', '14', '15'), part('00', '30', '59', '60'))
        .map(([sign, hours, minutes]) => `${sign}${hours}:${minutes}`),
    );
    const clock = time.map(
      ([hours, minutes, seconds, fraction]) => `${hours}:${minutes}:${seconds}${fraction}`,
    );
    const day = date.map((parts) => parts.join('-'));
    const text = fc.oneof(
      day,
      clock,
      fc.tuple(day, part('T', ' ', 't', ''), clock, zone).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (value) => {
        const row = `{${fields.map(({ name }) => `"${name}":"${value}"`).join(',')}}`;
        assert.deepEqual(found(check, row), referenceMisfits(logTypeOf(fields), row), row);
      }),
      { numRuns: 1_500 },
    );
  });

  it('agree on arbitrary text: what JSON.parse refuses is a syntax error', () => {
    const logType = typeOfX('JSON');
    const check = new RowCheck(logType);
    const alphabet = fc.constantFrom(...'{}[]",:\\u0/-+.eEtrufalsn1x \t"{"x":'.split(''));
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: alphabet, maxLength: 12 }),
      fc.string({ unit: alphabet, maxLength: 12 }).map((inner) => `{"x":${inner}}`),
    );
    fc.assert(
      fc.property(
        text.filter((row) => row.isWellFormed()),
        (row) => {
          assert.deepEqual(found(check, row), referenceMisfits(logType, row), row);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('arbitrary bytes get a verdict, never an exception', () => {
    const check = new RowCheck(typeOfX('JSON'));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const row = Buffer.concat([Buffer.from('{"x":"'), bytes]);
        assert.ok(verdictOf(check, row).misfits.length <= 100);
      }),
      { numRuns: 1_000 },
    );
  });
});
