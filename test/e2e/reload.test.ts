import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';

const HOUR = '2026-11-20T14';
const fields = [
  { name: 'log_type', type: 'STRING', mode: 'REQUIRED' },
  { name: 'n', type: 'INTEGER' },
];
const line = (type: string, n: unknown): string => `${JSON.stringify({ log_type: type, n })}\n`;
const AT_22 = new Date('2026-11-20T22:00:00Z');

describe('the next epoch', () => {
  const root = tempFolder();
  let roads = 0;

  async function loaded(): Promise<Road> {
    const road = new Road(join(root, String(roads++)), {
      a: { fields, onMisfit: 'setAside' },
      b: { fields, onMisfit: 'setAside' },
    });
    road.put(HOUR, '1.json', line('a', 1) + line('a', 'misfit'));
    road.put(HOUR, '2.json', line('b', 2) + line('b', 'misfit'));
    assert.equal((await road.run(HOUR)).code, 0);
    return road;
  }

  it('carries a type that it did not change, with its rows and rejects', async () => {
    const road = await loaded();
    road.put(HOUR, '3.json', line('b', 3));
    const { code, report } = await road.run(HOUR);
    assert.equal(code, 0);
    assert.deepEqual(report.hours[0]?.types, [
      { type: 'a', staged: 2, rejected: 1, loaded: 1, state: 'carried' },
      { type: 'b', staged: 3, rejected: 1, loaded: 2, state: 'loaded' },
    ]);
    assert.deepEqual(
      await road.query(
        'SELECT log_type, epoch, revision, load_epoch, load_revision, rejected FROM ops.ledger ORDER BY ALL',
      ),
      [
        { log_type: 'a', epoch: 1, revision: 1, load_epoch: 1, load_revision: 1, rejected: 1 },
        { log_type: 'a', epoch: 2, revision: 1, load_epoch: 1, load_revision: 1, rejected: 1 },
        { log_type: 'b', epoch: 1, revision: 1, load_epoch: 1, load_revision: 1, rejected: 1 },
        { log_type: 'b', epoch: 2, revision: 1, load_epoch: 2, load_revision: 1, rejected: 1 },
      ],
    );
    assert.deepEqual(await road.query('SELECT log_type, epoch, line FROM ops.rejects ORDER BY ALL'), [
      { log_type: 'a', epoch: 1, line: 2 },
      { log_type: 'b', epoch: 2, line: 2 },
    ]);
    assert.deepEqual(await road.query('SELECT n FROM raw.a'), [{ n: 1 }]);
    assert.deepEqual(await road.query('SELECT n FROM raw.b ORDER BY n'), [{ n: 2 }, { n: 3 }]);
    assert.equal((await road.run(HOUR)).report.hours[0]?.state, 'unchanged');
  });

  it('carries again what was carried', async () => {
    const road = await loaded();
    for (const name of ['3.json', '4.json']) {
      road.put(HOUR, name, line('b', 3));
      assert.equal((await road.run(HOUR)).code, 0);
    }
    assert.deepEqual(
      await road.query("SELECT epoch, state, load_epoch FROM ops.ledger WHERE log_type = 'a' ORDER BY epoch"),
      [
        { epoch: 1, state: 'loaded', load_epoch: 1 },
        { epoch: 2, state: 'carried', load_epoch: 1 },
        { epoch: 3, state: 'carried', load_epoch: 1 },
      ],
    );
    assert.deepEqual(
      await road.query('SELECT log_type, count(*) AS n FROM ops.rejects GROUP BY ALL ORDER BY ALL'),
      [
        { log_type: 'a', n: 1 },
        { log_type: 'b', n: 1 },
      ],
    );
  });

  it('leaves no stale row and no reject of a type that vanished', async () => {
    const road = await loaded();
    road.put(HOUR, '2.json', line('a', 20) + line('a', 21) + line('a', 22), AT_22);
    const { code, report } = await road.run(HOUR);
    assert.equal(code, 0);
    assert.deepEqual(report.hours[0]?.types, [
      { type: 'a', staged: 5, rejected: 1, loaded: 4, state: 'loaded' },
      { type: 'b', staged: 0, rejected: 0, loaded: 0, state: 'empty' },
    ]);
    assert.deepEqual(await road.query('SELECT n FROM raw.b'), []);
    assert.deepEqual(
      await road.query(
        'SELECT log_type, row_count, rejected FROM ops.counts WHERE log_type IS NOT NULL ORDER BY ALL',
      ),
      [
        { log_type: 'a', row_count: 4, rejected: 1 },
        { log_type: 'b', row_count: 0, rejected: 0 },
      ],
    );
    assert.deepEqual(await road.query('SELECT log_type FROM ops.rejects'), [{ log_type: 'a' }]);
  });

  it('without a type’s schema is parked; --allow-shrink removes its rows: the lines are in the quarantine then', async () => {
    const road = await loaded();
    rmSync(join(road.folder, 'schemas/b.json'));
    assert.equal((await road.run(HOUR)).code, 1, 'parked');
    assert.deepEqual(await road.query('SELECT COUNT(*) AS count FROM raw.b'), [{ count: 1 }]);
    const { code, report } = await road.run(HOUR, '--allow-shrink');
    assert.equal(code, 0);
    assert.equal(report.hours[0]?.quarantined, 2);
    assert.deepEqual(
      report.hours[0].types.map(({ type, state }) => `${type} ${state}`),
      ['a carried', 'b empty'],
    );
    assert.deepEqual(await road.query('SELECT n FROM raw.b'), []);
    assert.deepEqual(await road.query('SELECT quarantined FROM ops.counts WHERE log_type IS NULL'), [
      { quarantined: 2 },
    ]);
  });

  for (const [what, shrink] of [
    ['lost an object', (road: Road) => rmSync(join(road.folder, 'source/2026/11/20/14/2.json'))],
    ['has an object that shrank', (road: Road) => road.put(HOUR, '2.json', line('b', 2), AT_22)],
  ] as const) {
    it(`is not made of a source that ${what}: the hour is parked and nothing is deleted; --allow-shrink follows it`, async () => {
      const road = await loaded();
      shrink(road);
      const parked = await road.run(HOUR);
      assert.equal(parked.code, 1);
      assert.match(parked.stderr, /parked: 1 object\(s\) of epoch 1 vanished or shrank/);
      assert.deepEqual(await road.query('SELECT n FROM raw.b'), [{ n: 2 }]);
      assert.deepEqual(await road.query('SELECT max(epoch) AS epoch FROM ops.ledger'), [{ epoch: 1 }]);
      // What is staged still loads.
      assert.equal((await road.command('load', HOUR, '--reload', '--types', 'b')).code, 0);
      assert.equal((await road.run(HOUR, '--allow-shrink')).code, 0);
      assert.deepEqual(await road.query('SELECT log_type FROM ops.rejects'), [{ log_type: 'a' }]);
      assert.equal((await road.run(HOUR)).report.hours[0]?.state, 'unchanged');
    });
  }
});

describe('load --reload', () => {
  const root = tempFolder();

  it('is the next revision of every type, each time, and counts nothing twice', async () => {
    const road = new Road(root, { a: { fields }, b: { fields } });
    road.put(HOUR, '1.json', line('a', 1) + line('a', 2));
    assert.equal((await road.run(HOUR)).code, 0);
    for (const revision of [2, 3]) {
      assert.equal((await road.command('load', HOUR, '--reload')).code, 0);
      assert.deepEqual(
        await road.query(
          'SELECT log_type, max(revision) AS revision FROM ops.ledger GROUP BY ALL ORDER BY ALL',
        ),
        [
          { log_type: 'a', revision },
          { log_type: 'b', revision },
        ],
      );
    }
    assert.deepEqual(await road.query('SELECT n FROM raw.a ORDER BY n'), [{ n: 1 }, { n: 2 }]);
    const run = await road.run(HOUR);
    assert.equal(run.report.hours[0]?.state, 'unchanged');
    assert.match(run.stderr, /nothing to do/);
  });
});
