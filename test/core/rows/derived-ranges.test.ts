import { assertAccepted, assertMisfits, logTypeOf } from './verdict.ts';

const SEOUL = { as: 'DATETIME', timeZone: 'Asia/Seoul' };

describe('RowCheck: fields that feed derived columns', () => {
  const FIRST = { s: '-62104060800', ms: '-62104060800000', us: '"-62104060800000000"' };
  const LAST = { s: '253370764799', ms: '253370764799000', us: '"253370764799000000"' };
  const PAST = {
    s: ['-62104060801', '253370764800'],
    ms: ['-62104060800001', '253370764799001'],
    us: ['"-62104060800000001"', '"253370764799000001"'],
  };

  for (const unit of ['s', 'ms', 'us'] as const) {
    it(`an epoch in ${unit} must be of the years 0002 to 9998`, () => {
      const logType = logTypeOf([{ name: 'ts', type: 'INTEGER' }], {
        columns: { at: { from: 'ts', as: 'TIMESTAMP', unit }, at_kst: { from: 'at', ...SEOUL } },
      });
      assertAccepted(
        logType,
        `{"ts":${FIRST[unit]}}`,
        `{"ts":${LAST[unit]}}`,
        '{"ts":0}',
        '{"ts":null}',
        '{}',
      );
      for (const value of PAST[unit]) assertMisfits(logType, `{"ts":${value}}`, 'range ts');
      assertMisfits(logType, '{"ts":1.5}', 'type ts');
      assertMisfits(logType, '{"ts":9007199254740992}', 'range ts');
    });
  }

  it('seconds taken for milliseconds fit, milliseconds taken for microseconds fit: only the range is judged', () => {
    const logType = logTypeOf([{ name: 'ts', type: 'INTEGER' }], {
      columns: { at: { from: 'ts', as: 'TIMESTAMP', unit: 'ms' } },
    });
    assertAccepted(logType, '{"ts":1763647200}', '{"ts":1763647200000}');
    assertMisfits(logType, '{"ts":1763647200000000}', 'range ts');
  });

  it('a field read in two units must be in the range of both', () => {
    const columns = {
      a: { from: 'ts', as: 'TIMESTAMP', unit: 'us' },
      b: { from: 'ts', as: 'TIMESTAMP', unit: 's' },
    };
    const logType = logTypeOf([{ name: 'ts', type: 'INTEGER' }], { columns });
    assertAccepted(logType, '{"ts":253370764799}', '{"ts":-62104060800}');
    assertMisfits(logType, '{"ts":253370764800}', 'range ts');
    assertMisfits(logType, '{"ts":-62104060801}', 'range ts');
  });

  it('an epoch inside a RECORD, and one that is coerced, are judged alike', () => {
    const record = logTypeOf(
      [{ name: 'r', type: 'RECORD', fields: [{ name: 'ts', type: 'INTEGER', coerce: true }] }],
      {
        columns: { at: { from: 'r.ts', as: 'TIMESTAMP', unit: 's' } },
      },
    );
    assertAccepted(record, '{"r":{"ts":253370764799.0}}', '{"r":null}');
    assertMisfits(record, '{"r":{"ts":253370764800.0}}', 'range r.ts');
  });

  it('a TIMESTAMP that is converted to a zone keeps a year’s distance from the ends', () => {
    const zoned = logTypeOf([{ name: 'at', type: 'TIMESTAMP' }], {
      columns: { kst: { from: 'at', ...SEOUL }, day: { from: 'at', as: 'DATE', timeZone: 'UTC' } },
    });
    assertAccepted(zoned, '{"at":"0002-01-01T00:00:00+14:00"}', '{"at":"9998-12-31T23:59:59.999999-14:00"}');
    assertMisfits(zoned, '{"at":"0001-12-31T23:59:59Z"}', 'range at');
    assertMisfits(zoned, '{"at":"9999-01-01T00:00:00Z"}', 'range at');
    assertMisfits(zoned, '{"at":"9999-02-30T00:00:00Z"}', 'type at');
  });

  it('a field that feeds nothing has the whole range', () => {
    const logType = logTypeOf(
      [
        { name: 'ts', type: 'INTEGER' },
        { name: 'at', type: 'TIMESTAMP' },
        { name: 'n', type: 'INTEGER' },
      ],
      {
        columns: { t: { from: 'n', as: 'TIMESTAMP', unit: 's' } },
      },
    );
    assertAccepted(logType, '{"ts":9007199254740991,"at":"9999-12-31T23:59:59Z"}');
  });
});
