import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { cliProcess, type CliResult } from '../support/cli.ts';
import { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';

const KILL_AT = fileURLToPath(new URL('../support/kill-at.ts', import.meta.url));
/** Two, for the machine that it was measured on has two cores. */
const CHILDREN = 2;
/**
 * Commit points, creates and opens of the database are all met; of the other points each k-th, for all of them take minutes.
 * `CRASH_EVERY=1` takes all.
 */
const EVERY = Number(process.env.CRASH_EVERY ?? '15');
const ALWAYS = ['commit', 'link', 'database', 'close'];

const fields = [
  { name: 'log_type', type: 'STRING', mode: 'REQUIRED' },
  { name: 'n', type: 'INTEGER' },
];
const SCHEMAS = {
  carried: { fields, onMisfit: 'setAside' },
  changed: { fields, onMisfit: 'setAside' },
  emptied: { fields },
};
const line = (type: string, n: unknown): string => `${JSON.stringify({ log_type: type, n })}\n`;

/** Committed as epoch 1 before the run that is killed, which meets it changed. */
const FORMER = '2026-11-20T14';
/** Never seen before the run that is killed. */
const FRESH = '2026-11-20T15';
const HOURS = `${FORMER}..${FRESH}`;

/** A road whose next run does everything there is: a fresh hour, and one with a carried, a changed and an emptied type. */
async function prepare(folder: string): Promise<void> {
  const road = new Road(folder, SCHEMAS);
  road.put(
    FORMER,
    'a.json',
    line('carried', 1) + line('carried', 'misfit') + line('nobody', 1) + line('changed', 2),
  );
  road.put(FORMER, 'b.json', line('emptied', 3));
  assert.equal((await road.run(FORMER)).code, 0);
  // Longer than before: a shorter one would park the hour.
  road.put(
    FORMER,
    'b.json',
    line('changed', 4) + line('changed', 'misfit'),
    new Date('2026-11-20T21:00:00Z'),
  );
  road.put(FORMER, 'late.json', line('changed', 5));
  road.put(FRESH, 'a.json', line('carried', 6) + line('changed', 7) + line('nobody', 8));
  road.put(FRESH, 'b.json', line('emptied', 9) + line('changed', 10) + line('changed', 'misfit'));
}

/** Everything that a run leaves and that is a function of its input: not the times, and not what fences a commit. */
async function leftBy(folder: string): Promise<Record<string, unknown>> {
  const files: Record<string, unknown> = {};
  const staging = join(folder, 'staging');
  for (const name of (readdirSync(staging, { recursive: true }) as string[]).sort()) {
    const path = join(staging, name);
    if (name.includes('.logferry') || !statSync(path).isFile()) continue;
    files[name] = createHash('sha256').update(readFileSync(path)).digest('hex');
  }
  return { files, ...(await tablesOf(join(folder, 'wh.duckdb'))) };
}

async function tablesOf(path: string): Promise<Record<string, unknown>> {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const rows = async (sql: string): Promise<unknown> => (await connection.runAndReadAll(sql)).getRowsJson();
  const found: Record<string, unknown> = {
    tables: await rows('SELECT schema_name, table_name FROM duckdb_tables() ORDER BY ALL'),
  };
  for (const table of [
    'raw.carried',
    'raw.changed',
    'raw.emptied',
    'ops.ledger',
    'ops.hour_ledger',
    'ops.counts',
  ]) {
    found[table] = await rows(`SELECT * EXCLUDE (loaded_at) FROM ${table} ORDER BY ALL`);
  }
  for (const table of ['ops.all_rejects', 'ops.rejects'])
    found[table] = await rows(`SELECT * FROM ${table} ORDER BY ALL`);
  for (const type of Object.keys(SCHEMAS))
    found[`control ${type}`] = await rows(`SELECT log_type FROM ops.control_${type}`);
  connection.closeSync();
  instance.closeSync();
  return found;
}

/** Points to kill at, and on which side; after most points is before the next one. */
function chooseTrials(points: readonly string[]): [number, 'before' | 'after'][] {
  return points.flatMap((kind, index): [number, 'before' | 'after'][] => {
    if (!ALWAYS.includes(kind)) return index % EVERY === 0 ? [[index + 1, 'before']] : [];
    return kind === 'commit' || kind === 'link'
      ? [
          [index + 1, 'before'],
          [index + 1, 'after'],
        ]
      : [[index + 1, 'before']];
  });
}

describe('a run that is killed', function () {
  this.timeout(600_000);
  const root = tempFolder();
  const template = join(root, 'template');
  const compiled = join(root, 'compiled');

  /** A run in a process of its own that dies at a point; at 0 it lives and tells the kinds of all points. */
  function runChild(
    folder: string,
    at: number,
    when = 'before',
  ): Promise<CliResult & { signal: NodeJS.Signals | null }> {
    // A scratch of its own: sweeping another trial's leftovers would shift the points.
    const tmp = join(folder, 'tmp');
    mkdirSync(tmp, { recursive: true });
    const env = {
      TMPDIR: tmp,
      NODE_COMPILE_CACHE: compiled,
      KILL_AT: String(at),
      KILL_WHEN: when,
      KILL_LOG: join(folder, 'points'),
    };
    return cliProcess(['run', HOURS, '--json', ...new Road(folder, {}).options], { env, imports: [KILL_AT] });
  }

  function copyOfTemplate(name: string): string {
    const folder = join(root, name);
    cpSync(template, folder, { recursive: true, preserveTimestamps: true });
    return folder;
  }

  /** Kills a run at a point and runs again. @returns What differs from the undisturbed run, if anything does. */
  async function trial(at: number, when: string, undisturbed: unknown): Promise<string | undefined> {
    const folder = copyOfTemplate(`${at}-${when}`);
    try {
      const { signal } = await runChild(folder, at, when);
      assert.equal(signal, 'SIGKILL');
      const repeat = await new Road(folder, {}).run(HOURS);
      assert.equal(repeat.code, 0, repeat.stderr);
      assert.equal(repeat.report.conserved, true);
      assert.deepEqual(await leftBy(folder), undisturbed);
      return undefined;
    } catch (error) {
      return `${when} point ${at}: ${(error as Error).message}`;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  it('at any write, create, link, sync, remove, statement, commit or close leaves nothing that the next run does not bring to the same bytes and rows', async function () {
    await prepare(template);
    const whole = copyOfTemplate('whole');
    const run = await runChild(whole, 0);
    assert.equal(run.code, 0, run.stderr);
    const points = readFileSync(join(whole, 'points'), 'utf8').split('\n');
    const undisturbed = await leftBy(whole);
    // A call that is spelled another way than it was is a point that nobody meets any more.
    for (const kind of [...ALWAYS, 'mkdir', 'open', 'rm', 'statement', 'sync', 'write', 'writeFile'])
      assert.ok(points.includes(kind), `no point is a ${kind}`);
    const trials = chooseTrials(points);
    this.test!.title += ` (${trials.length} kills; ${points.length} points, of plain ones each ${EVERY}th)`;
    const wrong: string[] = [];
    const next = trials.values();
    const work = async (): Promise<void> => {
      for (const [at, when] of next) {
        const problem = await trial(at, when, undisturbed);
        if (problem !== undefined) wrong.push(`${problem} (${points[at - 1] ?? ''})`);
      }
    };
    await Promise.all(Array.from({ length: CHILDREN }, work));
    assert.deepEqual(wrong, []);
  });
});
