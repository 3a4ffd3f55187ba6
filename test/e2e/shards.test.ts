import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { cliProcess, type CliResult } from '../support/cli.ts';
import { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';
import type { RunReport } from '../../workloads/cli/report.ts';

const HOUR = '2026-11-20T14';
const KILL_AT = fileURLToPath(new URL('../support/kill-at.ts', import.meta.url));
/** Creates are commit points: all are met, on both sides; of the other points each k-th. `CRASH_EVERY=1` takes all. */
const EVERY = Number(process.env.CRASH_EVERY ?? '15');
/** As many shards as there are objects, at most as many as there are processes. */
const SMALL = ['--throughput', '1', '--shard-time', '1s'];

const fields = [
  { name: 'log_type', type: 'STRING', mode: 'REQUIRED' },
  { name: 'n', type: 'INTEGER' },
];
const SCHEMAS = { a: { fields }, b: { fields, onMisfit: 'setAside' } };
const line = (type: string, n: unknown): string => `${JSON.stringify({ log_type: type, n })}\n`;

/** Six objects: all kinds of lines, a broken object, one without a line. */
function putHour(road: Road): void {
  const rows = (from: number): string =>
    Array.from({ length: 300 }, (_, n) => line(n % 3 === 0 ? 'b' : 'a', from + n)).join('');
  road.put(HOUR, '1.json', rows(0) + line('nobody', 1) + '\n');
  road.put(HOUR, '2.json.gz', gzipSync(rows(1_000) + line('b', 'misfit')));
  road.put(HOUR, '3.json.gz', gzipSync(rows(2_000)).subarray(0, 200));
  road.put(HOUR, '4.json', rows(3_000) + 'not an object\n');
  road.put(HOUR, '5.json', '');
  road.put(HOUR, '6.json', `${rows(4_000)}{"log_type":"b","log_type":"a","n":1}\n`);
}

/** Everything that the warehouse holds of the hour, and the manifest's figures. */
async function leftBy(road: Road): Promise<Record<string, unknown>> {
  const manifest = JSON.parse(
    readFileSync(join(road.folder, 'staging/_records/manifests/2026/11/20/14/1.json'), 'utf8'),
  ) as { types: { objects: unknown }[]; quarantine: { bin: string; index: string } };
  const digest = (key: string): string =>
    createHash('sha256')
      .update(readFileSync(join(road.folder, 'staging/_records', key)))
      .digest('hex');
  return {
    manifest: { ...manifest, types: manifest.types.map((entry) => ({ ...entry, objects: [] })) },
    quarantine: [digest(manifest.quarantine.bin), digest(manifest.quarantine.index)],
    a: await road.query('SELECT n, folder_hour FROM raw.a ORDER BY n'),
    b: await road.query('SELECT n, folder_hour FROM raw.b ORDER BY n'),
    // A reject is named by its line in a part, and parts are cut by shards.
    rejects: await road.query('SELECT log_type, reason, field, found, head FROM ops.rejects ORDER BY ALL'),
    counts: await road.query('SELECT * EXCLUDE (loaded_at) FROM ops.counts ORDER BY ALL'),
  };
}

describe('an hour spread over processes', function () {
  this.timeout(600_000);
  const root = tempFolder();
  const template = join(root, 'template');
  const compiled = join(root, 'compiled');

  const copyOf = (from: string, name: string): Road => {
    const folder = join(root, name);
    cpSync(from, folder, { recursive: true, preserveTimestamps: true });
    return new Road(folder, {});
  };

  const shard = (
    road: Road,
    index: number,
    shards: number,
    options: Parameters<typeof cliProcess>[1] = {},
  ): Promise<CliResult & { signal: NodeJS.Signals | null }> => {
    const tmp = join(road.folder, `tmp-${index}`);
    mkdirSync(tmp, { recursive: true });
    const env = { TMPDIR: tmp, NODE_COMPILE_CACHE: compiled, ...options.env };
    const which = ['--shards', String(shards), '--shard', String(index)];
    return cliProcess(['classify', HOUR, '--json', ...which, ...SMALL, ...road.options], { ...options, env });
  };

  const statesOf = (results: readonly CliResult[]): string[] =>
    results.map(({ stdout }) => (JSON.parse(stdout) as RunReport).hours[0]!.state).toSorted();

  let alone: Record<string, unknown>;

  before(async () => {
    const road = new Road(template, SCHEMAS);
    putHour(road);
    const whole = copyOf(template, 'whole');
    assert.equal((await whole.run(HOUR)).code, 0);
    alone = await leftBy(whole);
  });

  for (const shards of [1, 2, 3, 5, 8]) {
    it(`${shards} at once: tables, rejects, quarantine and counts are those of one process; one of them commits`, async () => {
      const road = copyOf(template, `at-once-${shards}`);
      const indexes = Array.from({ length: shards }, (_, index) => index);
      const results = await Promise.all(indexes.map((index) => shard(road, index, shards)));
      for (const { code, stderr } of results) assert.equal(code, 0, stderr);
      const states = statesOf(results);
      assert.equal(states.filter((state) => state === 'done').length, 1, states.join());
      assert.equal((await road.command('load', HOUR)).code, 0);
      assert.deepEqual(await leftBy(road), alone);
    });
  }

  it('one after another, by the variables that a pod has: each says its share, the last one the hour', async () => {
    const road = copyOf(template, 'in-turn');
    const reports = [];
    for (const index of [2, 0, 1]) {
      const env = {
        LOGFERRY_SHARDS: '3',
        LOGFERRY_SHARD: String(index),
        LOGFERRY_THROUGHPUT: '1',
        LOGFERRY_SHARD_TIME: '1s',
      };
      const { code, stdout, stderr } = await cliProcess(['classify', HOUR, '--json', ...road.options], {
        env,
      });
      assert.equal(code, 0, stderr);
      const { hours, conserved } = JSON.parse(stdout) as RunReport;
      assert.equal(conserved, true);
      const { state, shard: which, lines, staged, quarantined, blank } = hours[0]!;
      reports.push({ state, which, sum: lines === staged! + quarantined! + blank!, lines });
    }
    const [third, first, last] = reports;
    assert.deepEqual(
      [third, first, last].map((report) => [report!.state, report!.which, report!.sum]),
      [
        ['waiting', { index: 2, of: 3, missing: [0, 1] }, true],
        ['waiting', { index: 0, of: 3, missing: [1] }, true],
        ['done', { index: 1, of: 3, missing: [] }, true],
      ],
    );
    assert.equal(last!.lines, 1205);
    assert.ok(third!.lines! > 0 && first!.lines! > 0 && third!.lines! + first!.lines! < 1205);
  });

  it('two on one index, and two of the last: one record, one manifest', async () => {
    const road = copyOf(template, 'twice');
    const twice = async (index: number): Promise<CliResult[]> => {
      const results = await Promise.all([shard(road, index, 3), shard(road, index, 3)]);
      for (const { code, stderr } of results) assert.equal(code, 0, stderr);
      return results;
    };
    assert.deepEqual(statesOf(await twice(0)), ['waiting', 'waiting']);
    assert.deepEqual(statesOf(await twice(2)), ['waiting', 'waiting']);
    assert.deepEqual(statesOf(await twice(1)), ['done', 'unchanged']);
    const records = readdirSync(join(road.folder, 'staging/_records/shards/2026/11/20/14'), {
      recursive: true,
    });
    assert.deepEqual(records.filter((name) => String(name).endsWith('.json')).length, 3);
    assert.equal((await road.command('load', HOUR)).code, 0);
    assert.deepEqual(await leftBy(road), alone);
  });

  it('one killed at any point and run again alone: the hour is the same to the last byte', async function () {
    const ready = copyOf(template, 'ready');
    for (const index of [0, 2]) assert.equal((await shard(ready, index, 3)).code, 0);
    const points = await pointsOf(copyOf(ready.folder, 'undisturbed'));
    for (const kind of ['link', 'mkdir', 'open', 'rm', 'sync', 'write', 'writeFile'])
      assert.ok(points.includes(kind), `no point is a ${kind}`);
    const undisturbed = filesOf(join(root, 'undisturbed'));
    const trials = points.flatMap((kind, at): [number, string][] =>
      kind === 'link'
        ? [
            [at + 1, 'before'],
            [at + 1, 'after'],
          ]
        : at % EVERY === 0
          ? [[at + 1, 'before']]
          : [],
    );
    this.test!.title += ` (${trials.length} kills; ${points.length} points, of plain ones each ${EVERY}th)`;
    const wrong: string[] = [];
    const next = trials.values();
    const work = async (): Promise<void> => {
      for (const [at, when] of next) {
        const road = copyOf(ready.folder, `${at}-${when}`);
        const env = { KILL_AT: String(at), KILL_WHEN: when };
        const killed = await shard(road, 1, 3, { env, imports: [KILL_AT] });
        const again = await shard(road, 1, 3);
        const ok = killed.signal === 'SIGKILL' && again.code === 0;
        const files = filesOf(road.folder);
        if (!ok || JSON.stringify(files) !== JSON.stringify(undisturbed))
          wrong.push(
            `${when} point ${at} (${points[at - 1] ?? ''}): ${killed.signal ?? 'lived'}, ${again.code}, ${again.stderr}`,
          );
        rmSync(road.folder, { recursive: true, force: true });
      }
    };
    await Promise.all([work(), work()]);
    assert.deepEqual(wrong, []);
  });

  for (const when of ['before', 'after']) {
    it(`one killed ${when} it creates the plan: all shards end as if it had never been`, async () => {
      const calm = copyOf(template, `calm-${when}`);
      for (const index of [0, 1, 2]) assert.equal((await shard(calm, index, 3)).code, 0);
      const road = copyOf(template, `plan-${when}`);
      // The first object that a run creates is its plan.
      const log = join(calm.folder, 'points');
      const fresh = copyOf(template, `points-${when}`);
      await shard(fresh, 0, 3, { env: { KILL_AT: '0', KILL_LOG: log }, imports: [KILL_AT] });
      const at = readFileSync(log, 'utf8').split('\n').indexOf('link') + 1;
      const env = { KILL_AT: String(at), KILL_WHEN: when };
      assert.equal((await shard(road, 0, 3, { env, imports: [KILL_AT] })).signal, 'SIGKILL');
      const records = filesOf(road.folder);
      assert.equal(Object.keys(records).length, when === 'before' ? 0 : 1, JSON.stringify(records));
      for (const index of [0, 1, 2]) assert.equal((await shard(road, index, 3)).code, 0);
      assert.deepEqual(filesOf(road.folder), filesOf(calm.folder));
    });
  }

  /** The kinds of all points of shard 1's run, which lives. */
  async function pointsOf(road: Road): Promise<string[]> {
    const log = join(road.folder, 'points');
    const { code, stderr } = await shard(road, 1, 3, {
      env: { KILL_AT: '0', KILL_LOG: log },
      imports: [KILL_AT],
    });
    assert.equal(code, 0, stderr);
    return readFileSync(log, 'utf8').split('\n');
  }

  /** Digests of all that lies in staging and records, without what is in the making. */
  function filesOf(folder: string): Record<string, string> {
    const staging = join(folder, 'staging');
    return Object.fromEntries(
      (readdirSync(staging, { recursive: true }) as string[])
        .filter((name) => !name.includes('.logferry') && statSync(join(staging, name)).isFile())
        .toSorted()
        .map((name) => [
          name,
          createHash('sha256')
            .update(readFileSync(join(staging, name)))
            .digest('hex'),
        ]),
    );
  }
});
