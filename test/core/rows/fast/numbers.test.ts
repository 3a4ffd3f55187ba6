import { logTypeOf, typeOfX } from '../verdict.ts';
import { assertLeft, assertProved, assertWrong } from './proof.ts';

const zeros = (count: number): string => '0'.repeat(count);
const nines = (count: number): string => '9'.repeat(count);

/** A row for each value of `x`. */
function rows(...values: string[]): string[] {
  return values.map((value) => `{"x":${value}}`);
}

function quoted(...values: string[]): string[] {
  return rows(...values.map((value) => `"${value}"`));
}

/** The bytes on both sides of the digits, in every place of a number that is read four bytes at a time. */
function withStrangers(number: string): string[] {
  const strangers = ['/', ':', '\u0000', '\u007f', '\u00b0', 'p'];
  return Array.from(number, (_, at) =>
    strangers.map((stranger) => `${number.slice(0, at)}${stranger}${number.slice(at + 1)}`),
  ).flat();
}

describe('the fast check: INTEGER', () => {
  const type = typeOfX('INTEGER');

  it('every count of digits up to the last that needs no look at more than the first', () => {
    for (let digits = 1; digits <= 15; digits++) {
      const value = `1${zeros(digits - 1)}`;
      assertProved(type, ...rows(value, `-${value}`, nines(digits), `-${nines(digits)}`));
      assertProved(type, ...quoted(value, `-${value}`, nines(digits), `-${nines(digits)}`));
    }
    assertProved(type, ...rows(`8${nines(15)}`, `-8${nines(15)}`));
    assertLeft(type, ...rows(`9${zeros(15)}`, `-9${zeros(15)}`, '9007199254740991'));
    assertWrong(type, ...rows('9007199254740992', `1${zeros(16)}`, `-1${zeros(16)}`));
    assertProved(type, ...quoted(`8${nines(18)}`, `-8${nines(18)}`, nines(18)));
    assertLeft(type, ...quoted('9000000000000000000', '-9000000000000000000'));
    assertWrong(type, ...quoted('9223372036854775808', `1${zeros(19)}`, `-1${zeros(19)}`));
  });

  it('no zero before other digits, no -0, no sign alone, no digit missing', () => {
    assertProved(type, ...rows('0', '10'), ...quoted('0', '10'));
    const wrong = ['-0', '00', '01', '09', '-01', '-', '', '+1', '1.', '1e', '--1', '1-'];
    assertWrong(type, ...rows(...wrong), ...quoted(...wrong));
    assertWrong(type, '{"x":"1}', '{"x":1"}', '{"x":"}', '{"x":"1"1}', '{"x":\'1\'}', '{"x":0/}', '{"x":0:}');
  });

  it('what is no digit, in every place', () => {
    for (const number of ['1', '12', '123', '1234', '12345678', '123456789', '-1234567']) {
      assertProved(type, ...rows(number));
      assertWrong(type, ...rows(...withStrangers(number)));
      assertWrong(type, ...quoted(...withStrangers(number)));
    }
  });

  it('an epoch stays in the years 0002 to 9998 of its unit', () => {
    const units = {
      // 253370764799 and -62104060800 are the last seconds that are taken.
      s: {
        proved: ['199999999999', '-59999999999', '0', '9999999999'],
        left: ['253370764799', '-62104060800'],
      },
      ms: { proved: ['199999999999999', '-59999999999999'], left: ['253370764799000', '-62104060800000'] },
      us: {
        proved: ['8999999999999999', '-8999999999999999'],
        left: ['9007199254740991', '-9007199254740991'],
      },
    };
    const wrong = { s: ['253370764800', '-62104060801'], ms: ['253370764799001', '-62104060800001'], us: [] };
    for (const unit of ['s', 'ms', 'us'] as const) {
      const epoch = logTypeOf([{ name: 'x', type: 'INTEGER' }], {
        columns: { t: { from: 'x', as: 'TIMESTAMP', unit } },
      });
      const { proved, left } = units[unit];
      assertProved(epoch, ...rows(...proved), ...quoted(...proved));
      assertLeft(epoch, ...rows(...left));
      assertWrong(epoch, ...rows(...wrong[unit]), ...quoted(...wrong[unit]));
    }
    const us = logTypeOf([{ name: 'x', type: 'INTEGER' }], {
      columns: { t: { from: 'x', as: 'TIMESTAMP', unit: 'us' } },
    });
    assertProved(us, ...quoted(`1${nines(17)}`, `-5${nines(16)}`, '9007199254740991'));
    assertLeft(us, ...quoted('253370764799000000', '-62104060800000000', `2${zeros(17)}`, `-6${zeros(16)}`));
    assertWrong(us, ...quoted('253370764799000001', '-62104060800000001'));
  });

  it('an epoch inside a RECORD, by its path', () => {
    const inner = logTypeOf(
      [
        { name: 'r', type: 'RECORD', fields: [{ name: 'x', type: 'INTEGER' }] },
        { name: 'x', type: 'INTEGER' },
      ],
      { columns: { t: { from: 'r.x', as: 'TIMESTAMP', unit: 's' } } },
    );
    assertProved(inner, '{"r":{"x":1700000000},"x":1700000000000000}');
    assertWrong(inner, '{"r":{"x":1700000000000000}}');
  });
});

describe('the fast check: FLOAT', () => {
  const type = typeOfX('FLOAT');

  it('numbers in the middle of what doubles hold', () => {
    assertProved(
      type,
      ...rows('0', '-0', '0.0', '-0.5', '10', '1.5', '123456789.123456789', '12345678901234567890'),
    );
    assertProved(
      type,
      ...rows('1e3', '1E3', '1e+3', '1e-3', '1.5e10', '0e0', '1e99', '1e-99', '1e07', '-1.25E-07'),
    );
    assertLeft(type, ...rows('1e100', '1e-100', '1e007', '1.5e+300'));
    assertWrong(type, ...rows('1e400', '1e-400'));
  });

  it('up to two hundred digits', () => {
    assertProved(type, ...rows(nines(200), `0.${zeros(198)}`, `-0.${zeros(197)}1`, `1.${nines(198)}`));
    assertProved(type, ...rows(`${nines(200)}e99`, `0.${zeros(197)}1e-99`));
    assertLeft(type, ...rows(nines(201), `-${nines(201)}`, `0.${zeros(199)}`, `1.${nines(199)}`));
  });

  it('no grammar but JSON’s', () => {
    const wrong = [
      '',
      '-',
      '.5',
      '5.',
      '-.5',
      '00',
      '01',
      '-01',
      '01.5',
      '0x1',
      '1e',
      '1e+',
      '1e-',
      '1ee3',
      '1.e3',
      '1.5.5',
    ];
    assertWrong(
      type,
      ...rows(
        ...wrong,
        '+1',
        '1f',
        '1.5e1.5',
        '1e++1',
        'e3',
        '1.-5',
        '0/',
        '0:',
        '1./',
        '1.:',
        '1e/',
        '1e:',
        '1d3',
        '1D3',
        '1f3',
      ),
    );
    assertWrong(type, ...quoted('1.5'));
    for (const number of ['1234.5678', '12345678e12', '1.12345678']) {
      assertProved(type, ...rows(number));
      assertWrong(type, ...rows(...withStrangers(number)));
    }
  });
});

describe('the fast check: NUMERIC', () => {
  const type = typeOfX('NUMERIC');

  it('fifteen digits where it is a number', () => {
    assertProved(
      type,
      ...rows('0', '0.0', '10', '-10', nines(15), `-${nines(15)}`, `${nines(6)}.${nines(9)}`),
    );
    assertProved(type, ...rows(`${nines(14)}.9`, '0.123456789', '-0.000000001', '1.10'));
    assertLeft(
      type,
      ...rows(
        `1${zeros(15)}`,
        `-1${zeros(15)}`,
        `100000.${zeros(9)}`.replace('1', '12'),
        '1e3',
        '1E3',
        '0.5e1',
      ),
    );
    assertWrong(type, ...rows(nines(16), `${nines(7)}.${nines(9)}`, `${nines(15)}.9`));
  });

  it('29 digits and 9 behind the point where it is quoted', () => {
    assertProved(
      type,
      ...quoted(
        '0',
        '0.0',
        nines(29),
        `-${nines(29)}`,
        `${nines(29)}.${nines(9)}`,
        `-${nines(29)}.${nines(9)}`,
      ),
    );
    assertWrong(type, ...quoted(nines(30), `1${zeros(29)}`, `${nines(30)}.5`, '1e3'));
  });

  it('nine digits behind the point', () => {
    assertProved(type, ...rows('0.123456789', '-1.000000000'), ...quoted('0.123456789', '-1.000000000'));
    assertWrong(type, ...rows('0.1234567890', '-1.0000000000'), ...quoted('0.1234567890', '-1.0000000000'));
  });

  it('a negative number has a digit other than 0', () => {
    assertProved(
      type,
      ...rows('-1', '-10', '-0.1', '-0.01', '-1.0'),
      ...quoted('-1', '-10', '-0.1', '-0.01', '-1.0'),
    );
    assertWrong(type, ...rows('-0', '-0.0', '-0.00'), ...quoted('-0', '-0.0', '-0.000000000'));
  });

  it('no grammar but JSON’s', () => {
    const wrong = [
      '',
      '-',
      '.5',
      '5.',
      '-.5',
      '00',
      '01',
      '-01',
      '01.5',
      '1e',
      '1.5.5',
      '+1',
      '1,5',
      '0/',
      '0:',
      '1./',
      '1.:',
    ];
    assertWrong(type, ...rows(...wrong), ...quoted(...wrong));
    assertWrong(type, '{"x":"1.5}', '{"x":1.5"}', '{"x":"1.5"1}', '{"x":"1.5 "}', '{"x":" 1.5"}');
    for (const number of ['1234.5678', '12345678', '-0.12345678']) {
      assertProved(type, ...rows(number), ...quoted(number));
      assertWrong(type, ...rows(...withStrangers(number)), ...quoted(...withStrangers(number)));
    }
  });
});
