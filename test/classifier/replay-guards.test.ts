import assert from 'node:assert/strict';
import { globSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';

const HOUR = '2026-11-20T14';
const schema = { fields: [{ name: 'log_type', type: 'STRING', mode: 'REQUIRED' }] };

async function classified(lines: string): Promise<Road> {
  const road = new Road(tempFolder(), { a: schema });
  road.put(HOUR, 'x.json', lines);
  const { code, stderr } = await road.command('run', HOUR);
  assert.equal(code, 0, stderr);
  return road;
}

const replay = (road: Road): ReturnType<Road['command']> =>
  road.command('replay', 'quarantine', HOUR, '--json');

describe('replay quarantine refuses', () => {
  it('while a type with staged rows has lost its schema: the epoch would lie about how it was split', async () => {
    const road = await classified('{"log_type":"a"}\n{"log_type":"b"}\n');
    rmSync(join(road.folder, 'schemas', 'a.json'));
    road.writeSchemas({ b: schema });
    const { code, stderr } = await replay(road);
    assert.equal(code, 1);
    assert.match(stderr, /expected a schema for \\"a\\", which has 1 staged rows, found none: not replayed/);
    assert.match(
      (await road.run(HOUR)).stderr,
      /parked: expected the schemas of epoch 1, found none for \\"a\\" \(1 rows\)/,
    );
    const run = await road.run(HOUR, '--allow-shrink');
    assert.deepEqual(
      [run.code, run.report.hours[0]?.epoch, run.report.hours[0]?.quarantined, run.report.conserved],
      [0, 2, 1, true],
      'the source still knows everything',
    );
  });

  it('a broken quarantine, by the object’s name', async () => {
    const road = await classified('{"log_type":"b"}\n');
    road.writeSchemas({ b: schema });
    const [bin] = globSync('staging/_records/quarantine/**/*.bin.gz', { cwd: road.folder });
    const path = join(road.folder, bin!);
    truncateSync(path, statSync(path).size - 3);
    const { code, stderr } = await replay(road);
    assert.equal(code, 1);
    assert.match(stderr, /quarantine\/2026\/11\/20\/14\/1-[^ ]*\.bin\.gz .*truncated: not replayed/);
    assert.doesNotMatch(stderr, /Unexpected/);
  });
});

describe('a manifest after a replay', () => {
  it('does not grow with the lines that were replayed', async () => {
    const road = await classified('{"log_type":"b"}\n'.repeat(20_000));
    road.writeSchemas({ b: schema });
    const { code, stderr } = await replay(road);
    assert.equal(code, 0, stderr);
    const size = statSync(join(road.folder, 'staging/_records/manifests/2026/11/20/14/2.json')).size;
    assert.ok(size < 4096, `${size} bytes`);
    const again = await road.run(HOUR);
    assert.deepEqual([again.code, again.report.hours[0]?.state], [0, 'unchanged']);
  });
});
