import assert from 'node:assert/strict';
import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { addHours, hourOf } from '../../workloads/core/hour.ts';
import { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';

const FIELDS = [
  { name: 'log_type', type: 'STRING', mode: 'REQUIRED' },
  { name: 'n', type: 'INTEGER' },
];
const GOOD = '{"log_type":"t","n":1}\n';
const BAD = '{"log_type":"t","n":"x"}\n';

describe('hours of a command', () => {
  const root = tempFolder();
  let roads = 0;
  const newRoad = (): Road => new Road(join(root, String(roads++)), { t: { fields: FIELDS } });

  it('each stand alone: one failed and one not ready leave the others their chance; 1 wins over 75', async () => {
    const road = newRoad();
    const now = hourOf(new Date());
    const [failing, fine] = [addHours(now, -3), addHours(now, -2)];
    road.put(failing, 'a.json', BAD);
    road.put(fine, 'a.json', GOOD);
    const all = await road.run(`${failing}..${now}`);
    assert.equal(all.code, 1);
    assert.deepEqual(
      all.report.hours.map(({ hour, state }) => [hour, state]).filter(([hour]) => hour !== addHours(now, -1)),
      [
        [failing, 'failed'],
        [fine, 'done'],
        [now, 'notReady'],
      ],
    );
    assert.match(all.report.hours.at(-1)?.error ?? '', /expected it to be over, it is ready at/);
    assert.match(all.stderr, new RegExp(`Hour ${failing}: classified, epoch 1, 1 lines, but not all`));
    assert.doesNotMatch(all.stderr, new RegExp(`Hour ${failing}: done`));
    assert.match(all.stderr, new RegExp(`Hour ${fine}: done, epoch 1, 1 lines`));
    assert.equal((await road.run(fine)).code, 0);
    assert.equal((await road.run(now)).code, 75);
    assert.equal((await road.run(now, '--open')).code, 0);
  });

  it('are the ready ones within the lookback where none is named, oldest first', async () => {
    const road = newRoad();
    const now = hourOf(new Date());
    for (const back of [1, 2, 3, 4]) road.put(addHours(now, -back), 'a.json', GOOD);
    const { code, stdout } = await road.command('run', '--json', '--lookback', '3', '--grace', '0s');
    assert.equal(code, 0);
    const { hours } = JSON.parse(stdout) as { hours: { hour: string; lines: number }[] };
    const expected = [3, 2, 1].map((back) => addHours(now, -back));
    // The clock may pass an hour's end between the two looks at it.
    const shifted = expected.map((hour) => addHours(hour, 1));
    assert.ok(
      [expected, shifted].some(
        (list) => JSON.stringify(list) === JSON.stringify(hours.map(({ hour }) => hour)),
      ),
    );
  });

  it('none is ready: 0, and it says so', async () => {
    const { code, stderr } = await newRoad().command('run', '--lookback', '1', '--grace', '2h');
    assert.equal(code, 0);
    assert.match(stderr, /No hour is ready yet/);
  });

  it('past the deadline are not begun: 75', async () => {
    const road = newRoad();
    for (const hour of ['2026-11-20T10', '2026-11-20T11']) road.put(hour, 'a.json', GOOD);
    const { code, report } = await road.run('2026-11-20T10..2026-11-20T11', '--deadline', '1ms');
    assert.equal(code, 75);
    assert.match(report.hours[1]?.error ?? '', /not begun, the deadline of 0.001 s has passed/);
    assert.equal((await road.run('2026-11-20T10..2026-11-20T11')).code, 0);
  });

  it('that were never classified cannot be loaded yet: 75', async () => {
    const { code, stderr } = await newRoad().command('load', '2026-11-20T10');
    assert.equal(code, 75);
    assert.match(stderr, /expected a manifest/);
  });

  it('without a key are empty; where no hour ever had one the prefix is wrong: 1', async () => {
    const road = newRoad();
    const wrong = await road.run('2026-11-20T10');
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /found none in any hour/);
    road.put('2026-11-20T11', 'a.json', GOOD);
    const empty = await road.run('2026-11-20T10');
    assert.equal(empty.code, 0);
    assert.deepEqual(empty.report.hours[0]?.types, [
      { type: 't', staged: 0, rejected: 0, loaded: 0, state: 'empty' },
    ]);
  });

  it('of a source folder that is not there, as what is not mounted, are not empty: 1', async () => {
    const road = newRoad();
    road.put('2026-11-20T14', 'a.json', GOOD);
    assert.equal((await road.run('2026-11-20T14')).code, 0);
    renameSync(join(road.folder, 'source'), join(road.folder, 'elsewhere'));
    const { code, stderr } = await road.run('2026-11-20T15');
    assert.equal(code, 1);
    const source = join(road.folder, 'source');
    assert.ok(stderr.includes(`Listing file:${source}: expected a folder at ${source}, found none`), stderr);
    assert.deepEqual(readdirSync(join(road.folder, 'staging/_records/manifests/2026/11/20')), ['14']);
  });

  it('give one JSON document on stdout and JSON lines with severity and message on stderr, whatever happens', async () => {
    const road = newRoad();
    road.put('2026-11-20T10', 'a.json', GOOD + BAD);
    for (const args of [
      ['run', '2026-11-20T10'],
      ['run', '2026-11-20T10', '--on-misfit', 'setAside'],
      ['run', '2026-11-20T10', '--dry-run'],
      ['load', '2026-11-20T10', '--reload', '--on-misfit', 'setAside'],
      ['load', '2026-11-20T10..2026-11-20T12', '--dry-run'],
      ['classify', '2026-11-20T10'],
    ]) {
      const { stdout, stderr } = await road.command(...args, '--json');
      assert.equal(typeof JSON.parse(stdout), 'object', args.join(' '));
      assert.equal(stdout.trim().includes('\n'), false);
      for (const text of stderr.split('\n').filter((line) => line !== '')) {
        const { severity, message, time } = JSON.parse(text) as Record<string, unknown>;
        assert.ok(['DEBUG', 'INFO', 'NOTICE', 'WARNING', 'ERROR'].includes(severity as string));
        assert.equal(typeof message, 'string');
        assert.equal(new Date(time as string).toISOString(), time);
      }
    }
  });
});
