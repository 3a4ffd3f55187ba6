import { logTypeOf, typeOfX } from '../verdict.ts';
import { assertLeft, assertProved, assertWrong } from './proof.ts';

const DATE = '2026-11-20';
const TIME = '14:05:09';

function rows(...values: string[]): string[] {
  return values.map((value) => `{"x":"${value}"}`);
}

const DATES = {
  proved: [
    ...[
      '0001-01-01',
      '9999-12-31',
      '2024-02-29',
      '2000-02-29',
      '0004-02-29',
      '0400-02-29',
      '2023-02-28',
      '1900-02-28',
    ],
    ...['2026-01-31', '2026-03-31', '2026-04-30', '2026-05-31', '2026-06-30', '2026-07-31', '2026-08-31'],
    ...['2026-09-30', '2026-10-31', '2026-11-30', '2026-12-31', '2026-12-01', '2026-10-09', '2026-09-10'],
    ...['1999-12-19', '2001-03-30', '0100-03-29', '0099-01-01'],
  ],
  wrong: [
    ...[
      '0000-01-01',
      '0000-12-31',
      '2023-02-29',
      '1900-02-29',
      '2100-02-29',
      '0100-02-29',
      '2024-02-30',
      '2026-02-29',
    ],
    ...['2026-01-32', '2026-03-32', '2026-04-31', '2026-05-32', '2026-06-31', '2026-07-32', '2026-08-32'],
    ...['2026-09-31', '2026-10-32', '2026-11-31', '2026-12-32', '2026-11-00', '2026-00-10', '2026-13-01'],
    ...[
      '2026-11-99',
      '2026-99-20',
      '2026-20-11',
      '2026-30-01',
      '2026/11/20',
      '2026-11/20',
      '2026/11-20',
      '2026.11.20',
    ],
  ],
};

const TIMES = {
  proved: [
    '00:00:00',
    '23:59:59',
    '09:10:10',
    '19:09:09',
    '20:19:29',
    '22:30:40',
    '12:00:00.1',
    '12:00:00.123456',
    '12:00:00.000000',
  ],
  wrong: [
    ...[
      '24:00:00',
      '23:60:00',
      '23:59:60',
      '29:00:00',
      '99:00:00',
      '00:99:00',
      '00:00:99',
      '12.00:00',
      '12:00.00',
    ],
    ...[
      '12:00',
      '12:00:0',
      '2:00:00',
      '12:00:00.',
      '12:00:00.1234567',
      '12:00:00,1',
      '12:00:00.12345x',
      '12:00:00.x',
      '12-00-00',
    ],
  ],
};

/** The bytes on both sides of the digits, and of what stands between them, in every place of a text. */
function withStrangers(text: string, strangers = ['/', ':', '.', '\u007f', 'p', '-']): string[] {
  return Array.from(text, (old, at) =>
    strangers
      .filter((stranger) => stranger !== old)
      .map((stranger) => `${text.slice(0, at)}${stranger}${text.slice(at + 1)}`),
  ).flat();
}

describe('the fast check: DATE', () => {
  const type = typeOfX('DATE');

  it('days that exist', () => {
    assertProved(type, ...rows(...DATES.proved));
    assertWrong(type, ...rows(...DATES.wrong));
  });

  it('nothing but digits and hyphens in their places, and quotes about them', () => {
    assertWrong(
      type,
      ...rows(...withStrangers(DATE), `${DATE} `, ` ${DATE}`, `${DATE}T`, '', '2026-11-2', '02026-11-20'),
    );
    assertWrong(
      type,
      `{"x":${DATE}}`,
      `{"x":'${DATE}'}`,
      `{"x":"${DATE}}`,
      `{"x":"${DATE}'}`,
      `{"x":1"${DATE}"}`,
    );
  });
});

describe('the fast check: TIME', () => {
  const type = typeOfX('TIME');

  it('times of a day with up to six digits of a second', () => {
    assertProved(type, ...rows(...TIMES.proved));
    assertWrong(type, ...rows(...TIMES.wrong));
  });

  it('nothing but digits and colons in their places, and quotes about them', () => {
    assertWrong(type, ...rows(...withStrangers(TIME), `${TIME} `, ` ${TIME}`, `${TIME}Z`, ''));
    assertWrong(
      type,
      `{"x":${TIME}}`,
      `{"x":'${TIME}'}`,
      `{"x":"${TIME}}`,
      `{"x":"${TIME}'}`,
      `{"x":1"${TIME}"}`,
    );
  });
});

describe('the fast check: DATETIME', () => {
  const type = typeOfX('DATETIME');

  it('a DATE and a TIME', () => {
    assertProved(type, ...rows(...DATES.proved.map((date) => `${date}T${TIME}`)));
    assertProved(type, ...rows(...TIMES.proved.flatMap((time) => [`${DATE}T${time}`, `${DATE} ${time}`])));
    assertWrong(type, ...rows(...DATES.wrong.map((date) => `${date}T${TIME}`)));
    assertWrong(type, ...rows(...TIMES.wrong.map((time) => `${DATE}T${time}`)));
  });

  it('nothing else in any place', () => {
    assertWrong(
      type,
      ...rows(
        ...withStrangers(`${DATE}T${TIME}`),
        `${DATE}t${TIME}`,
        `${DATE}U${TIME}`,
        `${DATE}!${TIME}`,
        DATE,
      ),
    );
    assertWrong(
      type,
      ...rows(`${DATE}T${TIME}Z`, `${DATE}T${TIME}+09:00`, `${DATE}T${TIME} `, `${DATE}  ${TIME}`),
    );
    assertWrong(
      type,
      `{"x":${DATE}T${TIME}}`,
      `{"x":"${DATE}T${TIME}}`,
      `{"x":'${DATE}T${TIME}'}`,
      `{"x":"${DATE}T${TIME}'}`,
    );
  });
});

describe('the fast check: TIMESTAMP', () => {
  const type = typeOfX('TIMESTAMP');
  const zoned = logTypeOf([{ name: 'x', type: 'TIMESTAMP' }], {
    columns: { d: { from: 'x', as: 'DATE', timeZone: 'Asia/Seoul' } },
  });

  it('a DATE, a TIME and a zone', () => {
    assertProved(type, ...rows(...DATES.proved.map((date) => `${date}T${TIME}Z`)));
    assertProved(
      type,
      ...rows(
        ...TIMES.proved.flatMap((time) => [
          `${DATE}T${time}Z`,
          `${DATE} ${time} UTC`,
          `${DATE}T${time}-03:30`,
        ]),
      ),
    );
    assertWrong(type, ...rows(...DATES.wrong.map((date) => `${date}T${TIME}Z`)));
    assertWrong(type, ...rows(...TIMES.wrong.map((time) => `${DATE}T${time}Z`)));
  });

  it('offsets of at most fourteen hours', () => {
    const at = `${DATE}T${TIME}`;
    const proved = ['+00:00', '-00:00', '+09:00', '-09:59', '+10:10', '+13:59', '-13:59', '+14:00', '-14:00'];
    assertProved(type, ...rows(...proved.map((offset) => at + offset)));
    const wrong = [
      '+14:01',
      '-14:01',
      '+15:00',
      '+09:60',
      '+9:00',
      '+0900',
      '+09',
      '+09:0',
      '+09.00',
      '+09:0x',
      '+x9:00',
      '+0x:00',
    ];
    assertWrong(
      type,
      ...rows(
        ...wrong.map((offset) => at + offset),
        `${at}+09:00:00`,
        `${at}+09:00Z`,
        `${at},09:00`,
        `${at}.09:00`,
      ),
    );
    assertWrong(type, ...rows(...withStrangers(`${at}+09:00`, ['/', ':', '.', '\u007f', 'p'])));
  });

  it('Z and UTC, and no other zone', () => {
    const at = `${DATE}T${TIME}`;
    const wrong = [
      '',
      'z',
      'Y',
      '[',
      ' UT',
      ' UTCx',
      ' utc',
      ' XTC',
      ' UXC',
      ' UTX',
      'UTC',
      '  UTC',
      ' Z',
      'ZZ',
      ' Asia/Seoul',
    ];
    assertWrong(type, ...rows(...wrong.map((zone) => at + zone)));
    assertWrong(
      type,
      ...rows(...withStrangers(`${at}Z`, [':', '/', 'p', '\u007f']), `${DATE}t${TIME}Z`, `${DATE}Z`),
    );
    assertWrong(
      type,
      `{"x":${at}Z}`,
      `{"x":"${at}Z}`,
      `{"x":'${at}Z'}`,
      `{"x":"${at}Z'}`,
      `{"x":"${at} UTC'}`,
    );
  });

  it('an offset only in years that it cannot lead out of the range', () => {
    for (const year of ['0002', '9998'])
      assertProved(type, ...rows(`${year}-01-01T${TIME}+09:00`, `${year}-12-31T${TIME}-09:00`));
    assertLeft(type, ...rows(`0001-12-31T${TIME}+09:00`, `9999-01-01T${TIME}-09:00`));
    assertWrong(type, ...rows(`0001-01-01T${TIME}+09:00`, `9999-12-31T${TIME}-09:00`));
  });

  it('what is converted to a zone only in the years 0002 to 9998', () => {
    for (const zone of ['Z', ' UTC', '+09:00'])
      assertProved(zoned, ...rows(`0002-01-01T${TIME}${zone}`, `9998-12-31T${TIME}${zone}`));
    for (const zone of ['Z', ' UTC', '+09:00'])
      assertWrong(zoned, ...rows(`0001-12-31T${TIME}${zone}`, `9999-01-01T${TIME}${zone}`));
  });

  it('without a zone only where coerce says so', () => {
    const coerce = typeOfX('TIMESTAMP', { coerce: true });
    assertProved(
      coerce,
      ...rows(
        `${DATE}T${TIME}`,
        `${DATE} ${TIME}.5`,
        `${DATE}T${TIME}Z`,
        `${DATE}T${TIME}+09:00`,
        `0001-01-01T${TIME}`,
      ),
    );
    assertWrong(
      coerce,
      ...rows(DATE, `${DATE}T${TIME}x`, `${DATE}T${TIME} `, `${DATE}T${TIME}z`, `${DATE}T${TIME}+15:00`),
    );
    assertWrong(coerce, `{"x":"${DATE}T${TIME}'}`, `{"x":"${DATE}T${TIME}}`);
  });
});
