import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';

const CLI = fileURLToPath(new URL('../../workloads/cli.ts', import.meta.url));
const HOURS = '2026-11-20T10..2026-11-20T14';
const TYPES = ['a', 'b', 'c'];
const ROWS = 2_000;
/** A quarter of a minute; what is waited for comes within a second. */
const TRIES = 1_500;

const fields = [
  { name: 'log_type', type: 'STRING', mode: 'REQUIRED' },
  { name: 'n', type: 'INTEGER' },
];

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('a run that is asked to end', function () {
  this.timeout(60_000);
  const root = tempFolder();
  let roads = 0;

  function newRoad(): Road {
    const road = new Road(
      join(root, String(roads++)),
      Object.fromEntries(TYPES.map((type) => [type, { fields }])),
    );
    const content = Array.from(
      { length: ROWS },
      (_, n) => `${JSON.stringify({ log_type: TYPES[n % TYPES.length], n })}\n`,
    ).join('');
    for (const hour of [10, 11, 12, 13, 14]) road.put(`2026-11-20T${hour}`, 'a.json', content);
    return road;
  }

  function start(road: Road): { child: ChildProcess; ended: Promise<Ended> } {
    const args = [CLI, 'run', HOURS, '--json', '--lock-timeout', '30s', ...road.options];
    const child = spawn(process.execPath, args, {
      env: { PATH: process.env.PATH, TMPDIR: root },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const ended = once(child, 'close').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      stdout,
      stderr,
    }));
    return { child, ended };
  }

  async function until(reached: () => boolean): Promise<void> {
    for (let tries = 0; tries < TRIES; tries++) {
      if (reached()) return;
      await sleep(10);
    }
    assert.fail('the marker never came');
  }

  const staged = (road: Road, hour: number) => (): boolean =>
    existsSync(join(road.folder, `staging/a/2026/11/20/${hour}`));
  const manifest = (road: Road, hour: number) => (): boolean =>
    existsSync(join(road.folder, `staging/_records/manifests/2026/11/20/${hour}/1.json`));

  /** Every manifest is whole, every type's hour is committed whole or not at all, and the next run completes what is missing. */
  async function assertRepeats(road: Road): Promise<void> {
    if (existsSync(join(road.folder, 'wh.duckdb'))) {
      const wrong = `SELECT count(*) AS wrong FROM ops.ledger WHERE row_count NOT IN (666, 667)`;
      assert.deepEqual(await road.query(wrong), [{ wrong: 0 }]);
    }
    const repeat = await road.run(HOURS);
    assert.equal(repeat.code, 0, repeat.stderr);
    assert.equal(repeat.report.conserved, true);
    const each = TYPES.map((type) => `SELECT folder_hour, n FROM raw.${type}`).join(' UNION ALL ');
    assert.deepEqual(
      await road.query(`SELECT count(*) AS n, count(DISTINCT (folder_hour, n)) AS different FROM (${each})`),
      [{ n: 5 * ROWS, different: 5 * ROWS }],
    );
    assert.deepEqual(
      await road.query(
        'SELECT max(epoch) AS epoch, max(revision) AS revision, count(*) AS n FROM ops.ledger',
      ),
      [{ epoch: 1, revision: 1, n: 15 }],
    );
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    for (const [what, marker] of [
      ['in the first hour, while it is staged', (road: Road) => staged(road, 10)],
      ['in the second hour, once its manifest is there', (road: Road) => manifest(road, 11)],
    ] as const) {
      it(`${signal} ${what}: ends with 75, nothing is half-committed, and the next run takes up what is left`, async () => {
        const road = newRoad();
        const { child, ended } = start(road);
        await until(marker(road));
        child.kill(signal);
        const { code, stdout, stderr } = await ended;
        assert.equal(code, 75, stderr);
        assert.match(stderr, new RegExp(`Interrupted by ${signal}: nothing is half-committed`));
        assert.equal((JSON.parse(stdout) as { conserved: boolean }).conserved, false);
        assert.deepEqual(
          readdirSync(root).filter((name) => name.startsWith('logferry-')),
          [],
          'scratch is left over',
        );
        await assertRepeats(road);
      });
    }
  }

  it('while it waits for the warehouse ends at once', async () => {
    const road = newRoad();
    assert.equal((await road.run('2026-11-20T14')).code, 0);
    const reader = await DuckDBInstance.create(join(road.folder, 'wh.duckdb'), { access_mode: 'READ_ONLY' });
    const { child, ended } = start(road);
    await until(manifest(road, 10));
    child.kill('SIGTERM');
    const { code, stderr } = await ended;
    reader.closeSync();
    assert.equal(code, 75);
    assert.match(stderr, /Interrupted by SIGTERM/);
    await assertRepeats(road);
  });

  it('twice ends at once, and the next run takes it up all the same', async () => {
    const road = newRoad();
    const { child, ended } = start(road);
    await until(staged(road, 10));
    child.kill('SIGINT');
    child.kill('SIGTERM');
    const { code } = await ended;
    assert.equal(code, 75);
    await assertRepeats(road);
  });
});
