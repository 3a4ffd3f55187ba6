import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';
import { FIELDS, HOUR, HOUR_SQL, line, newRoad } from './bench.ts';

const NEXT = '2026-11-20T15';

describe('a schema that changed', () => {
  const root = tempFolder();

  async function loaded(): Promise<Road> {
    const road = newRoad(root, { t: { fields: FIELDS }, other: { fields: FIELDS } });
    road.put(HOUR, 'a.json', line('t', 1) + line('other', 2));
    road.put(NEXT, 'a.json', line('other', 3));
    assert.equal((await road.run(`${HOUR}..${NEXT}`)).code, 0);
    return road;
  }

  it('by growing makes the table grow; former rows have NULL there', async () => {
    const road = await loaded();
    const fields = [
      ...FIELDS,
      { name: 'who', type: 'RECORD', fields: [{ name: 'id', type: 'STRING' }] },
      { name: 'tags', type: 'STRING', mode: 'REPEATED' },
    ];
    road.writeSchemas({ t: { fields } });
    road.put(NEXT, 'b.json', '{"log_type":"t","n":2,"who":{"id":"한"},"tags":["a","b"]}\n');
    assert.equal((await road.run(NEXT)).code, 0);
    assert.deepEqual(await road.query('SELECT n, who.id AS id, len(tags) AS tags FROM raw.t ORDER BY n'), [
      { n: 1, id: null, tags: 0 },
      { n: 2, id: '한', tags: 2 },
    ]);
    const deeper = [
      ...FIELDS,
      {
        name: 'who',
        type: 'RECORD',
        fields: [
          { name: 'id', type: 'STRING' },
          { name: 'age', type: 'INTEGER' },
        ],
      },
      fields[3],
    ];
    road.writeSchemas({ t: { fields: deeper } });
    road.put(NEXT, 'c.json', '{"log_type":"t","n":3,"who":{"age":7}}\n');
    assert.equal((await road.run(NEXT)).code, 0);
    assert.deepEqual(await road.query('SELECT n, who.id AS id, who.age AS age FROM raw.t ORDER BY n'), [
      { n: 1, id: null, age: null },
      { n: 2, id: '한', age: null },
      { n: 3, id: null, age: 7 },
    ]);
  });

  it('by leaving arrays out has empty ones in new rows, which the warehouse takes while they are checked', async () => {
    const id = { name: 'id', type: 'STRING' };
    const tags = { name: 'tags', type: 'STRING', mode: 'REPEATED' };
    const who = (...fields: object[]): object => ({ name: 'who', type: 'RECORD', fields });
    const road = newRoad(root, { t: { fields: [...FIELDS, who(id, tags), tags] } });
    road.put(HOUR, 'a.json', '{"log_type":"t","n":1,"who":{"id":"a","tags":["x"]},"tags":["y"]}\n');
    assert.equal((await road.run(HOUR)).code, 0);
    road.writeSchemas({ t: { fields: [...FIELDS, who(id)] } });
    road.put(NEXT, 'a.json', `{"log_type":"t","n":2,"who":{"id":"b"}}\n${line('t', 3)}`);
    assert.equal((await road.run(NEXT)).code, 0);
    assert.deepEqual(
      await road.query(
        'SELECT n, who.id AS id, len(who.tags) AS inner_tags, len(tags) AS tags FROM raw.t ORDER BY n',
      ),
      [
        { n: 1, id: 'a', inner_tags: 1, tags: 1 },
        { n: 2, id: 'b', inner_tags: 0, tags: 0 },
        { n: 3, id: null, inner_tags: null, tags: 0 },
      ],
    );
  });

  it('so that it breaks what is stored fails the type with the field named; old rows stay, other types go on', async () => {
    const road = await loaded();
    road.writeSchemas({ t: { fields: [FIELDS[0], { name: 'n', type: 'STRING' }] } });
    road.put(NEXT, 'b.json', line('t', 'text') + line('other', 4));
    const { code, report, stderr } = await road.run(NEXT);
    assert.equal(code, 1);
    assert.deepEqual(
      report.hours[0]?.types.map(({ type, state }) => `${type} ${state}`),
      ['other loaded', 't failed'],
    );
    assert.match(stderr, /Table t: .*n: expected STRING, found INTEGER/);
    assert.deepEqual(await road.query('SELECT n FROM raw.t'), [{ n: 1 }]);
  });

  it('is told by a rerun, which does nothing; load --reload brings it up', async () => {
    const road = await loaded();
    road.writeSchemas({ t: { fields: [...FIELDS, { name: 'm', type: 'INTEGER' }] } });
    const { code, report, stderr } = await road.run(HOUR);
    assert.equal(code, 0);
    assert.equal(report.hours[0]?.state, 'unchanged');
    assert.match(
      report.hours[0].types.find(({ type }) => type === 't')?.note ?? '',
      /"load --reload" brings it up/,
    );
    assert.match(stderr, /"severity":"NOTICE","message":"t 2026-11-20T14: loaded with schema/);
    assert.deepEqual(
      await road.query(`SELECT revision FROM ops.ledger WHERE log_type = 't' AND ${HOUR_SQL}`),
      [{ revision: 1 }],
    );
    assert.equal((await road.command('load', HOUR, '--reload', '--types', 't')).code, 0);
    assert.deepEqual(await road.query('SELECT n, m FROM raw.t'), [{ n: 1, m: null }]);
    assert.deepEqual(
      await road.query(`SELECT max(revision) AS r FROM ops.ledger WHERE log_type = 't' AND ${HOUR_SQL}`),
      [{ r: 2 }],
    );
    assert.equal(
      (await road.run(HOUR)).report.hours[0]?.types.some(({ note }) => note !== undefined),
      false,
    );
  });

  it('away while the type has staged rows fails the type; the others go on', async () => {
    const road = newRoad(root, { t: { fields: FIELDS }, other: { fields: FIELDS } });
    road.put(HOUR, 'a.json', line('t', 1) + line('other', 2));
    assert.equal((await road.command('classify', HOUR)).code, 0);
    rmSync(join(road.folder, 'schemas/t.json'));
    const { code, stdout, stderr } = await road.command('load', HOUR, '--json');
    assert.equal(code, 1);
    const { hours } = JSON.parse(stdout) as { hours: { types: { type: string; state: string }[] }[] };
    assert.deepEqual(
      hours[0]?.types.map(({ type, state }) => `${type} ${state}`),
      ['other loaded', 't failed'],
    );
    assert.match(stderr, /t 2026-11-20T14: expected a schema for its 1 staged rows, found none/);
  });
});

describe('lanes and types', () => {
  const root = tempFolder();
  const schemas = { fast: { fields: FIELDS, lane: 'fast' }, slow: { fields: FIELDS } };

  for (const [args, states] of [
    [
      ['--lane', 'fast'],
      ['fast loaded', 'slow waiting'],
    ],
    [
      ['--lane', 'standard'],
      ['fast waiting', 'slow loaded'],
    ],
    [
      ['--types', 'slow'],
      ['fast waiting', 'slow loaded'],
    ],
    [
      ['--lane', 'fast', '--types', 'slow'],
      ['fast waiting', 'slow waiting'],
    ],
  ] as const) {
    it(`${args.join(' ')}: ${states.join(', ')}; exit 0, and a later run brings the rest`, async () => {
      const road = newRoad(root, schemas);
      road.put(HOUR, 'a.json', line('fast', 1) + line('slow', 2));
      const first = await road.run(HOUR, ...args);
      assert.equal(first.code, 0);
      assert.deepEqual(
        first.report.hours[0]?.types.map(({ type, state }) => `${type} ${state}`),
        states,
      );
      const rest = await road.run(HOUR);
      assert.equal(rest.code, 0);
      assert.equal(rest.report.conserved, true);
      assert.deepEqual(
        await road.query('SELECT log_type, revision, row_count FROM ops.ledger ORDER BY ALL'),
        [
          { log_type: 'fast', revision: 1, row_count: 1 },
          { log_type: 'slow', revision: 1, row_count: 1 },
        ],
      );
    });
  }

  it('--types with a type that nobody knows is refused with the nearest one', async () => {
    const road = newRoad(root, schemas);
    road.put(HOUR, 'a.json', line('fast', 1));
    const { code, stderr } = await road.run(HOUR, '--types', 'fats');
    assert.equal(code, 2);
    assert.match(stderr, /did you mean fast\?/);
  });
});
