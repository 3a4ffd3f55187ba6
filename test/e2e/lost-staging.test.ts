import assert from 'node:assert/strict';
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';

const HOUR = '2026-11-20T14';
const fields = [
  { name: 'log_type', type: 'STRING', mode: 'REQUIRED' },
  { name: 'n', type: 'INTEGER' },
];

/** An hour of two types, classified and not loaded. */
async function classified(): Promise<Road> {
  const road = new Road(tempFolder(), { a: { fields }, b: { fields } });
  road.put(HOUR, 'x.json', '{"log_type":"a","n":1}\n{"log_type":"b","n":2}\n');
  const { code, stderr } = await road.command('classify', HOUR);
  assert.equal(code, 0, stderr);
  return road;
}

const parts = (road: Road, type: string): string[] =>
  globSync(`staging/${type}/**/*.gz`, { cwd: road.folder }).map((path) => join(road.folder, path));

describe('staging lost before the load', () => {
  it('says how to mend it, and --again does: the next epoch has parts of its own', async () => {
    const road = await classified();
    for (const part of parts(road, 'a')) rmSync(part);
    const lost = await road.run(HOUR);
    assert.equal(lost.code, 1);
    assert.match(lost.stderr, /staging no longer has .*--again/);
    assert.deepEqual(
      lost.report.hours[0]?.types.map(({ type, state }) => [type, state]),
      [
        ['a', 'failed'],
        ['b', 'loaded'],
      ],
    );
    const mended = await road.run(HOUR, '--again');
    assert.equal(mended.code, 0, mended.stderr);
    assert.deepEqual(
      mended.report.hours.map(({ epoch, types }) => [epoch, types.map(({ state }) => state)]),
      [[2, ['loaded', 'carried']]],
    );
    assert.equal(mended.report.conserved, true);
    const after = await road.run(HOUR);
    assert.deepEqual(
      [after.code, after.report.hours[0]?.state, after.report.hours[0]?.epoch],
      [0, 'unchanged', 2],
    );
  });

  it('a broken part does not stand in the way of the new one', async () => {
    const road = await classified();
    const [part] = parts(road, 'a');
    const bytes = readFileSync(part!);
    bytes[bytes.length - 6]! ^= 1;
    writeFileSync(part!, bytes);
    assert.equal((await road.run(HOUR)).code, 1);
    const mended = await road.run(HOUR, '--again');
    assert.equal(mended.code, 0, mended.stderr);
    assert.deepEqual(await road.query('SELECT n FROM raw.a'), [{ n: 1 }]);
  });
});

describe('records lost after the load', () => {
  it('no reload and no replay deletes rows that the shrink guard protects; --again follows on purpose', async () => {
    const road = new Road(tempFolder(), { a: { fields, onMisfit: 'setAside' } });
    road.put(HOUR, 'x.json', '{"log_type":"a","n":1}\n{"log_type":"a","n":"bad"}\n');
    const second = road.put(HOUR, 'y.json', '{"log_type":"a","n":2}\n');
    assert.equal((await road.run(HOUR)).code, 0);
    rmSync(join(road.folder, 'staging', '_records'), { recursive: true });
    rmSync(second);
    for (const args of [
      ['run', HOUR],
      ['load', HOUR, '--reload'],
    ]) {
      const { code, stderr } = await road.command(...args);
      assert.equal(code, 1, args.join(' '));
      assert.match(stderr, /the ledger has epoch 1, the records have another epoch 1: not loaded/);
      assert.deepEqual(await road.query('SELECT n FROM raw.a ORDER BY n'), [{ n: 1 }, { n: 2 }]);
    }
    const { code, stderr } = await road.run(HOUR, '--again');
    assert.equal(code, 0, stderr);
    assert.deepEqual(await road.query('SELECT n FROM raw.a ORDER BY n'), [{ n: 1 }]);
  });
});

describe('a schema that changed', () => {
  it('a carried type says so, as an unchanged one does', async () => {
    const road = new Road(tempFolder(), { a: { fields }, b: { fields } });
    road.put(HOUR, 'x.json', '{"log_type":"a","n":1}\n{"log_type":"b","n":2}\n');
    assert.equal((await road.run(HOUR)).code, 0);
    road.writeSchemas({ a: { fields: [...fields, { name: 'm', type: 'STRING' }] } });
    road.put(HOUR, 'y.json', '{"log_type":"b","n":3}\n');
    const { report } = await road.run(HOUR);
    assert.deepEqual(
      report.hours[0]?.types.map(({ type, state, note }) => [
        type,
        state,
        /loaded with schema .* now/.test(note ?? ''),
      ]),
      [
        ['a', 'carried', true],
        ['b', 'loaded', false],
      ],
    );
  });

  it('a type without rows does not fail an hour over a change that breaks its table', async () => {
    const road = new Road(tempFolder(), { a: { fields }, b: { fields } });
    road.put(HOUR, 'x.json', '{"log_type":"a","n":1}\n{"log_type":"b","n":2}\n');
    assert.equal((await road.run(HOUR)).code, 0);
    road.writeSchemas({ a: { fields: [fields[0], { name: 'n', type: 'STRING' }] } });
    road.put('2026-11-20T15', 'x.json', '{"log_type":"b","n":3}\n');
    const { code, stderr } = await road.run('2026-11-20T15');
    assert.equal(code, 0, stderr);
  });
});
