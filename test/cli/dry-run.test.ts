import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cli } from '../support/cli.ts';
import { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';

const HOUR = '2026-11-20T14';
const SCHEMA = {
  fields: [
    { name: 'log_type', type: 'STRING', mode: 'REQUIRED' },
    { name: 'n', type: 'INTEGER' },
  ],
  onMisfit: 'setAside',
};
const LINES = '{"log_type":"t","n":1}\n{"log_type":"t","n":"x"}\n{"log_type":"u"}\n';

/** Every file and folder with its bytes. */
function treeOf(folder: string): Record<string, string> {
  const names = (readdirSync(folder, { recursive: true }) as string[]).sort();
  return Object.fromEntries(
    names.map((name) => [
      name,
      statSync(join(folder, name)).isFile() ? readFileSync(join(folder, name)).toString('base64') : 'folder',
    ]),
  );
}

/** The folder that a process which was killed has left in scratch. */
async function killedScratch(parent: string): Promise<string> {
  mkdirSync(parent);
  const module = new URL('../../workloads/core/scratch/scratch.ts', import.meta.url).href;
  const script = `
    const { Scratch } = await import(${JSON.stringify(module)});
    process.stdout.write((await Scratch.create(${JSON.stringify(parent)})).folder, () => process.kill(process.pid, 'SIGKILL'));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  let folder = '';
  child.stdout.on('data', (chunk: Buffer) => (folder += chunk.toString()));
  await once(child, 'close');
  return folder;
}

describe('--dry-run writes nothing', () => {
  const root = tempFolder();
  let roads = 0;
  function newRoad(): Road {
    const road = new Road(join(root, String(roads++)), { t: SCHEMA });
    road.put(HOUR, 'a.json', LINES);
    return road;
  }

  async function assertDry(road: Road, code: number, expected: RegExp, ...args: string[]): Promise<void> {
    const before = treeOf(road.folder);
    const plain = await cli([...args, '--dry-run']);
    assert.equal(plain.code, code, plain.stderr);
    assert.match(code === 0 ? plain.stdout : plain.stderr, expected);
    assert.deepEqual(treeOf(road.folder), before);
  }

  it('of run, classify and load on a road that never ran: no database, no staging', async () => {
    const road = newRoad();
    await assertDry(road, 0, /classify: commit .*1 objects/, 'run', HOUR, ...road.options);
    await assertDry(road, 0, /classify: commit/, 'classify', HOUR, ...road.options);
    await assertDry(road, 75, /expected a manifest/, 'load', HOUR, ...road.options);
    assert.deepEqual(readdirSync(road.folder).sort(), ['schemas', 'source']);
  });

  it('of load on an hour that is classified and not loaded: no database', async () => {
    const road = newRoad();
    assert.equal((await road.command('classify', HOUR)).code, 0);
    await assertDry(road, 0, /load: load .* t .*2 rows/, 'load', HOUR, ...road.options);
    await assertDry(road, 0, /load: load .* t .*2 rows/, 'run', HOUR, ...road.options);
    assert.equal(existsSync(join(road.folder, 'wh.duckdb')), false);
  });

  it('of run, load --reload and replay on an hour that is loaded', async () => {
    const road = newRoad();
    assert.equal((await road.run(HOUR)).code, 0);
    await assertDry(road, 0, /classify: unchanged/, 'run', HOUR, ...road.options);
    await assertDry(road, 0, /load: load/, 'load', HOUR, '--reload', ...road.options);
    await assertDry(road, 0, / t .* 1 /, 'replay', 'rejects', HOUR, ...road.options.slice(2));
    await assertDry(road, 0, / 1 /, 'replay', 'quarantine', HOUR, ...road.options.slice(2));
    road.put(HOUR, 'late.json', LINES);
    await assertDry(road, 0, / 2 .*classify: commit/, 'run', HOUR, ...road.options);
  });

  it('of replay gives one JSON document with --json', async () => {
    const road = newRoad();
    assert.equal((await road.run(HOUR)).code, 0);
    const replay = async (what: string): Promise<unknown> =>
      JSON.parse((await cli(['replay', what, HOUR, '--dry-run', '--json', ...road.options.slice(2)])).stdout);
    assert.deepEqual(await replay('rejects'), {
      dryRun: true,
      hours: [{ hour: HOUR, rejects: [{ type: 't', records: 1 }] }],
    });
    assert.deepEqual(await replay('quarantine'), {
      dryRun: true,
      hours: [{ hour: HOUR, quarantine: [{ type: '', records: 1 }] }],
    });
  });

  it('of a run leaves what a killed process left in scratch', async () => {
    const road = newRoad();
    const scratch = join(road.folder, 'scratch');
    const left = await killedScratch(scratch);
    await assertDry(road, 0, /classify: commit/, 'run', HOUR, ...road.options, '--scratch', scratch);
    assert.ok(existsSync(left));
    assert.equal((await road.command('classify', HOUR, '--scratch', scratch)).code, 0);
    assert.deepEqual(readdirSync(scratch), []);
  });

  it('of sample and schema infer', async () => {
    const road = newRoad();
    await assertDry(road, 0, /Would write/, 'sample', '--out', join(road.folder, 'sample'));
    await assertDry(
      road,
      0,
      /"fields"/,
      'schema',
      'infer',
      HOUR,
      '--out',
      join(road.folder, 'out'),
      ...road.options.slice(0, 2),
    );
  });
});
