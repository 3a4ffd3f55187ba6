import assert from 'node:assert/strict';
import { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';

const SCHEMA = {
  fields: [
    { name: 'log_type', type: 'STRING', mode: 'REQUIRED' },
    { name: 's', type: 'INTEGER' },
    { name: 'ms', type: 'INTEGER' },
    { name: 'us', type: 'INTEGER' },
    { name: 'at', type: 'TIMESTAMP' },
    { name: 'text', type: 'STRING' },
  ],
  columns: {
    from_s: { from: 's', as: 'TIMESTAMP', unit: 's' },
    from_ms: { from: 'ms', as: 'TIMESTAMP', unit: 'ms' },
    event_time: { from: 'us', as: 'TIMESTAMP', unit: 'us' },
    event_time_kst: { from: 'event_time', as: 'DATETIME', timeZone: 'Asia/Seoul' },
    day_kst: { from: 'event_time', as: 'DATE', timeZone: 'Asia/Seoul' },
    at_kst: { from: 'at', as: 'DATETIME', timeZone: 'Asia/Seoul' },
    folder_day_kst: { from: 'folder_hour', as: 'DATE', timeZone: 'Asia/Seoul' },
  },
};

/** Microseconds since 1970 of a time with up to six decimals. */
function micros(time: string): number {
  const [, seconds = '', fraction = ''] = /^(.*:\d\d)(?:\.(\d+))?Z$/.exec(time) ?? [];
  return (Date.parse(`${seconds}Z`) / 1000) * 1_000_000 + Number(fraction.padEnd(6, '0'));
}

const row = (fields: object): string => `${JSON.stringify({ log_type: 'event', ...fields })}\n`;
const TIMES =
  "strftime(event_time, '%Y-%m-%dT%H:%M:%S.%fZ') AS utc, strftime(event_time_kst, '%Y-%m-%dT%H:%M:%S.%f') AS kst, CAST(day_kst AS VARCHAR) AS day";

describe('times', () => {
  const road = new Road(tempFolder(), { event: SCHEMA });

  async function times(hour: string, instants: readonly string[]): Promise<unknown> {
    road.put(hour, 'a.json', instants.map((instant) => row({ us: micros(instant) })).join(''));
    const run = await road.run(hour, '--open');
    assert.equal(run.code, 0, run.stderr);
    const stamp = `${hour.replace('T', ' ')}:00:00+00`;
    return road.query(
      `SELECT ${TIMES} FROM raw.event WHERE folder_hour = TIMESTAMPTZ '${stamp}' ORDER BY event_time`,
    );
  }

  it('one microsecond before 15:00 UTC is the last of the day in Seoul, and 15:00 UTC the first of the next', async () => {
    assert.deepEqual(await times('2026-11-20T14', ['2026-11-20T14:59:59.999999Z', '2026-11-20T15:00:00Z']), [
      { utc: '2026-11-20T14:59:59.999999Z', kst: '2026-11-20T23:59:59.999999', day: '2026-11-20' },
      { utc: '2026-11-20T15:00:00.000000Z', kst: '2026-11-21T00:00:00.000000', day: '2026-11-21' },
    ]);
  });

  it('a leap day is a day', async () => {
    assert.deepEqual(
      await times('2028-02-28T15', [
        '2028-02-28T15:00:00Z',
        '2028-02-29T14:59:59.999999Z',
        '2028-02-29T15:00:00Z',
      ]),
      [
        { utc: '2028-02-28T15:00:00.000000Z', kst: '2028-02-29T00:00:00.000000', day: '2028-02-29' },
        { utc: '2028-02-29T14:59:59.999999Z', kst: '2028-02-29T23:59:59.999999', day: '2028-02-29' },
        { utc: '2028-02-29T15:00:00.000000Z', kst: '2028-03-01T00:00:00.000000', day: '2028-03-01' },
      ],
    );
    const leap = await times('2028-02-29T23', ['2028-02-29T23:59:59Z']);
    assert.deepEqual(leap, [
      { utc: '2028-02-29T23:59:59.000000Z', kst: '2028-03-01T08:59:59.000000', day: '2028-03-01' },
    ]);
  });

  it('a year ends in Seoul at 15:00 UTC', async () => {
    assert.deepEqual(await times('2026-12-31T15', ['2026-12-31T14:59:59.999999Z', '2026-12-31T15:00:00Z']), [
      { utc: '2026-12-31T14:59:59.999999Z', kst: '2026-12-31T23:59:59.999999', day: '2026-12-31' },
      { utc: '2026-12-31T15:00:00.000000Z', kst: '2027-01-01T00:00:00.000000', day: '2027-01-01' },
    ]);
    const counts = await road.query(
      "SELECT CAST(folder_hour_kst AS VARCHAR) AS kst, CAST(day_kst AS VARCHAR) AS day FROM ops.counts WHERE folder_hour = TIMESTAMPTZ '2026-12-31 15:00:00+00'",
    );
    assert.deepEqual(counts, [{ kst: '2027-01-01 00:00:00', day: '2027-01-01' }]);
  });

  it('seconds, milliseconds and microseconds since 1970 become the same instant, also before 1970', async () => {
    const both = [
      { s: 1795618800, ms: 1795618800000, us: 1795618800000000, at: '2026-11-25T15:00:00Z' },
      { s: -1, ms: -1000, us: -1000000, at: '1969-12-31T23:59:59Z' },
      { s: 0, ms: 0, us: 0, at: '1970-01-01T00:00:00Z' },
    ];
    road.put('2026-11-21T00', 'a.json', both.map(row).join(''));
    assert.equal((await road.run('2026-11-21T00', '--open')).code, 0);
    assert.deepEqual(
      await road.query(`SELECT s, from_s = "at" AND from_ms = "at" AND event_time = "at" AND at_kst = event_time_kst AS same
        FROM raw.event WHERE folder_hour = TIMESTAMPTZ '2026-11-21 00:00:00+00' ORDER BY s`),
      [-1, 0, 1795618800].map((s) => ({ s, same: 'true' })),
    );
  });

  it('null, 0, a missing key and "" stay four different things; null and missing are both NULL', async () => {
    const rows = [
      { s: 1, us: null, text: null },
      { s: 2, us: 0, text: '0' },
      { s: 3 },
      { s: 4, text: '' },
      { s: 5, text: 'null' },
    ];
    road.put('2026-11-21T01', 'a.json', rows.map(row).join(''));
    assert.equal((await road.run('2026-11-21T01', '--open')).code, 0);
    assert.deepEqual(
      await road.query(`SELECT s, us, text, event_time, CAST(day_kst AS VARCHAR) AS day FROM raw.event
        WHERE folder_hour = TIMESTAMPTZ '2026-11-21 01:00:00+00' ORDER BY s`),
      [
        { s: 1, us: null, text: null, event_time: null, day: null },
        { s: 2, us: 0, text: '0', event_time: '1970-01-01T00:00:00Z', day: '1970-01-01' },
        { s: 3, us: null, text: null, event_time: null, day: null },
        { s: 4, us: null, text: '', event_time: null, day: null },
        { s: 5, us: null, text: 'null', event_time: null, day: null },
      ],
    );
  });

  it('rows of 01:03 that arrived in folder 00 stay in folder hour 00, and are replaced with it', async () => {
    const late = micros('2026-11-19T01:03:00Z');
    road.put(
      '2026-11-19T00',
      'a.json',
      row({ s: 1, us: late }) + row({ s: 2, us: micros('2026-11-19T00:30:00Z') }),
    );
    road.put(
      '2026-11-19T01',
      'a.json',
      row({ s: 3, us: late }) + row({ s: 4, us: micros('2026-11-19T00:30:00Z') }),
    );
    assert.equal((await road.run('2026-11-19T00..2026-11-19T01', '--open')).code, 0);
    road.put('2026-11-19T00', 'b.json', row({ s: 5, us: late }));
    assert.equal((await road.run('2026-11-19T00..2026-11-19T01', '--open')).code, 0);
    assert.deepEqual(
      await road.query(`SELECT s, folder_hour, CAST(folder_day_kst AS VARCHAR) AS day, loaded_at IS NOT NULL AS stamped FROM raw.event
        WHERE folder_hour BETWEEN TIMESTAMPTZ '2026-11-19 00:00:00+00' AND TIMESTAMPTZ '2026-11-19 01:00:00+00' ORDER BY s`),
      [1, 2, 3, 4, 5].map((s) => ({
        s,
        folder_hour: s === 3 || s === 4 ? '2026-11-19T01:00:00Z' : '2026-11-19T00:00:00Z',
        day: '2026-11-19',
        stamped: 'true',
      })),
    );
  });

  it('loaded_at is when the hour was committed: the same for all of a load, and the ledger’s', async () => {
    assert.deepEqual(
      await road.query(`SELECT count(*) AS wrong FROM raw.event AS t JOIN ops.ledger AS l ON l.folder_hour = t.folder_hour
        WHERE t.loaded_at <> (SELECT max(loaded_at) FROM ops.ledger AS m WHERE m.folder_hour = t.folder_hour)`),
      [{ wrong: 0 }],
    );
  });
});
