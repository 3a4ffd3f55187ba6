import assert from 'node:assert/strict';
import { join } from 'node:path';
import { cli, type CliResult } from '../support/cli.ts';
import { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';

const HOUR = '2026-11-20T14';
const NEXT = '2026-11-20T15';
const TYPE_KEY = { name: 'log_type', type: 'STRING', mode: 'REQUIRED' };
const numbers = [TYPE_KEY, { name: 'n', type: 'INTEGER' }];
const line = (type: string, n: unknown): string => `${JSON.stringify({ log_type: type, n })}\n`;
const COUNTS =
  "SELECT log_type, row_count, rejected, quarantined FROM ops.counts WHERE folder_hour = TIMESTAMPTZ '2026-11-20 14:00:00+00' ORDER BY ALL";

/** `logferry replay` knows no source: everything is in staging and records. */
function replay(road: Road, ...args: string[]): Promise<CliResult> {
  return cli(['replay', ...args, ...road.options.slice(2)]);
}

describe('replay', () => {
  const root = tempFolder();
  let roads = 0;

  async function loaded(): Promise<Road> {
    const road = new Road(join(root, String(roads++)), {
      a: { fields: numbers, onMisfit: 'setAside' },
      b: { fields: numbers, onMisfit: 'setAside' },
    });
    road.put(
      HOUR,
      '1.json',
      '{"log_type":"a","n":1,"m":true}\n' +
        line('a', 2) +
        line('b', 'x') +
        line('c', 4) +
        'no json\n' +
        line('c', 5),
    );
    road.put(NEXT, '1.json', line('a', 6));
    assert.equal((await road.run(`${HOUR}..${NEXT}`)).code, 0);
    return road;
  }

  async function assertNothingToDo(road: Road): Promise<void> {
    const { code, report, stderr } = await road.run(`${HOUR}..${NEXT}`);
    assert.equal(code, 0, stderr);
    assert.deepEqual(
      report.hours.map(({ state }) => state),
      ['unchanged', 'unchanged'],
    );
    assert.equal(report.conserved, true);
  }

  it('quarantine, without a warehouse, makes the epoch and leaves its load to whoever may', async () => {
    const road = await loaded();
    road.writeSchemas({ c: { fields: numbers } });
    const [staging, warehouse] = [road.options.slice(2, 4), road.options.slice(4, 6)];
    const schemas = road.options.slice(6);
    const { code, stdout, stderr } = await cli([
      'replay',
      'quarantine',
      HOUR,
      '--json',
      ...staging,
      ...schemas,
    ]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /Hour 2026-11-20T14: 2 quarantined lines found a type, 1 stay/);
    const { hours } = JSON.parse(stdout) as { hours: { epoch: number; state: string; types: object[] }[] };
    assert.deepEqual([hours[0]?.epoch, hours[0]?.state, hours[0]?.types], [2, 'done', []]);
    const load = await cli(['load', HOUR, ...staging, ...warehouse, ...schemas]);
    assert.equal(load.code, 0, load.stderr);
    assert.deepEqual(await road.query('SELECT n FROM raw.c ORDER BY n'), [{ n: 4 }, { n: 5 }]);
    assert.equal((await cli(['replay', 'rejects', HOUR, ...staging, ...schemas])).code, 2);
  });

  it('rejects: the next revision brings in the rows that fit the mended schema, once; only types with rejects are touched', async () => {
    const road = await loaded();
    road.writeSchemas({ a: { fields: [...numbers, { name: 'm', type: 'BOOLEAN' }] } });
    const { code, stdout, stderr } = await replay(road, 'rejects', `${HOUR}..${NEXT}`, '--json');
    assert.equal(code, 0, stderr);
    const report = JSON.parse(stdout) as {
      hours: { types: { type: string; state: string; loaded: number; rejected: number }[] }[];
      conserved: boolean;
    };
    assert.equal(report.conserved, true);
    assert.match(stderr, /Hour 2026-11-20T14: \d+ of \d+ rejects fit now, 1 stay/);
    assert.deepEqual(
      report.hours[0]?.types.map(({ type, state, loaded: rows, rejected }) => [type, state, rows, rejected]),
      [
        ['a', 'loaded', 2, 0],
        ['b', 'loaded', 0, 1],
      ],
    );
    assert.deepEqual(await road.query('SELECT n, CAST(m AS VARCHAR) AS m FROM raw.a ORDER BY n'), [
      { n: 1, m: 'true' },
      { n: 2, m: null },
      { n: 6, m: null },
    ]);
    assert.deepEqual(await road.query('SELECT log_type, epoch, revision FROM ops.rejects'), [
      { log_type: 'b', epoch: 1, revision: 2 },
    ]);
    assert.deepEqual(
      await road.query(
        "SELECT epoch, revision, row_count, rejected FROM ops.ledger WHERE log_type = 'a' AND folder_hour < TIMESTAMPTZ '2026-11-20 15:00:00+00' ORDER BY revision",
      ),
      [
        { epoch: 1, revision: 1, row_count: 1, rejected: 1 },
        { epoch: 1, revision: 2, row_count: 2, rejected: 0 },
      ],
    );
    assert.deepEqual(await road.query(COUNTS), [
      { log_type: null, row_count: null, rejected: null, quarantined: 3 },
      { log_type: 'a', row_count: 2, rejected: 0, quarantined: null },
      { log_type: 'b', row_count: 0, rejected: 1, quarantined: null },
    ]);
    const after = await road.run(HOUR);
    assert.equal(after.report.hours[0]?.state, 'unchanged');
    await assertNothingToDo(road);
  });

  it('rejects again: nothing fits newly, nothing is counted twice', async () => {
    const road = await loaded();
    road.writeSchemas({ a: { fields: [...numbers, { name: 'm', type: 'BOOLEAN' }] } });
    for (let time = 0; time < 2; time++) assert.equal((await replay(road, 'rejects', HOUR)).code, 0);
    assert.deepEqual(await road.query(COUNTS), [
      { log_type: null, row_count: null, rejected: null, quarantined: 3 },
      { log_type: 'a', row_count: 2, rejected: 0, quarantined: null },
      { log_type: 'b', row_count: 0, rejected: 1, quarantined: null },
    ]);
    assert.deepEqual(await road.query('SELECT count(*) AS n FROM ops.rejects'), [{ n: 1 }]);
  });

  it('rejects of a carried type', async () => {
    const road = await loaded();
    road.put(HOUR, '2.json', line('b', 7));
    assert.equal((await road.run(HOUR)).code, 0);
    road.writeSchemas({ a: { fields: [...numbers, { name: 'm', type: 'BOOLEAN' }] } });
    assert.equal((await replay(road, 'rejects', HOUR)).code, 0);
    assert.deepEqual(await road.query('SELECT log_type FROM ops.rejects'), [{ log_type: 'b' }]);
    assert.deepEqual(await road.query('SELECT n FROM raw.a ORDER BY n'), [{ n: 1 }, { n: 2 }, { n: 6 }]);
    await assertNothingToDo(road);
  });

  it('quarantine: the next epoch carries what was staged and brings in the lines that found a type; run after it does nothing', async () => {
    const road = await loaded();
    road.writeSchemas({ c: { fields: numbers } });
    const { code, stdout, stderr } = await replay(road, 'quarantine', HOUR, '--json');
    assert.equal(code, 0, stderr);
    const report = JSON.parse(stdout) as {
      hours: {
        epoch: number;
        quarantined: number;
        lines: number;
        types: { type: string; state: string }[];
      }[];
      conserved: boolean;
    };
    assert.equal(report.conserved, true);
    assert.equal(report.hours[0]?.epoch, 2);
    assert.deepEqual([report.hours[0].lines, report.hours[0].quarantined], [6, 1]);
    assert.deepEqual(
      report.hours[0].types.map(({ type, state }) => `${type} ${state}`),
      ['a carried', 'b carried', 'c loaded'],
    );
    assert.deepEqual(await road.query('SELECT n FROM raw.c ORDER BY n'), [{ n: 4 }, { n: 5 }]);
    assert.deepEqual(await road.query(COUNTS), [
      { log_type: null, row_count: null, rejected: null, quarantined: 1 },
      { log_type: 'a', row_count: 1, rejected: 1, quarantined: null },
      { log_type: 'b', row_count: 0, rejected: 1, quarantined: null },
      { log_type: 'c', row_count: 2, rejected: 0, quarantined: null },
    ]);
    const after = await road.run(HOUR);
    assert.equal(after.report.hours[0]?.state, 'unchanged');
    assert.equal(after.report.hours[0].epoch, 2);
    const again = await replay(road, 'quarantine', HOUR, '--json');
    assert.equal(again.code, 0);
    assert.equal((JSON.parse(again.stdout) as typeof report).hours[0]?.epoch, 2);
  });

  it('quarantine into a type that had rows, then a late file: each line is there once', async () => {
    const road = new Road(join(root, String(roads++)), { a: { fields: numbers } });
    road.put(HOUR, '1.json', line('a', 1) + line('b', 2));
    assert.equal((await road.run(HOUR)).code, 0);
    road.writeSchemas({ b: { fields: numbers } });
    assert.equal((await replay(road, 'quarantine', HOUR)).code, 0);
    road.put(HOUR, 'late.json', line('b', 3));
    const { code, report } = await road.run(HOUR);
    assert.equal(code, 0);
    assert.equal(report.hours[0]?.epoch, 3);
    assert.equal(report.conserved, true);
    assert.deepEqual(await road.query('SELECT n FROM raw.b ORDER BY n'), [{ n: 2 }, { n: 3 }]);
    assert.deepEqual(await road.query('SELECT n FROM raw.a'), [{ n: 1 }]);
  });

  it('of what is not there says so and does nothing', async () => {
    const road = await loaded();
    const { code, stderr } = await replay(road, 'rejects', NEXT);
    assert.equal(code, 0);
    assert.match(stderr, /no rejects to replay/);
    assert.equal((await replay(road, 'rejects', '2026-11-20T16')).code, 75);
    const wrong = await replay(road, 'reject', HOUR);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /did you mean rejects\?/);
  });
});
