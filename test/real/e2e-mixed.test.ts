import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { after, before } from 'mocha';
import type { RunReport } from '../../workloads/cli/report.ts';
import { loadSchemas } from '../../workloads/core/schema/schema-set.ts';
import { Clouds } from '../adapters/bigquery/clouds.ts';
import { cli } from '../support/cli.ts';
import { s3Environment } from '../support/s3-bench.ts';
import { tempFolder } from '../support/temp.ts';

const HOUR = '2026-11-20T14';
const NEXT = '2026-11-20T15';
/** A road to the emulator takes a minute alone. */
const SLOW_MS = 15 * 60_000;

/** A road: where its three stations are, and what is not the same on all. */
interface Road {
  readonly stores: Readonly<Record<'source' | 'staging' | 'warehouse', string>>;
  readonly put: (key: string, bytes: Buffer) => Promise<void>;
  /** Names of the datasets in a query. */
  readonly raw: string;
  readonly ops: string;
  /** Whether the warehouse bills what it reads. */
  readonly bills: boolean;
  /** What the Pulumi program does once the schemas in the folder changed. */
  readonly pulumiUp: (schemas: string) => Promise<void>;
}

const STRING = { type: 'STRING' } as const;
const SHOP = {
  fields: [
    { name: 'log_type', ...STRING, mode: 'REQUIRED' },
    { name: 'n', type: 'INTEGER', mode: 'REQUIRED' },
    { name: 'ts', type: 'INTEGER' },
    { name: 'amount', type: 'NUMERIC' },
    { name: 'rate', type: 'FLOAT' },
    { name: 'ok', type: 'BOOLEAN' },
    { name: 'day', type: 'DATE' },
    {
      name: 'who',
      type: 'RECORD',
      fields: [
        { name: 'name', ...STRING },
        { name: 'age', type: 'INTEGER' },
      ],
    },
    { name: 'free', type: 'JSON' },
  ],
  columns: { paid_at: { from: 'ts', as: 'TIMESTAMP', unit: 'ms' } },
  onMisfit: 'setAside',
};
const VISIT = {
  fields: [
    { name: 'log_type', ...STRING, mode: 'REQUIRED' },
    { name: 'n', type: 'INTEGER', mode: 'REQUIRED' },
  ],
  onMisfit: 'setAside',
  unknownFields: 'keep',
};

const json = (row: object): string => `${JSON.stringify(row)}\n`;
const shop = (n: number, more: object = {}): string =>
  json({
    ...{ log_type: 'shop', n, ts: 1_795_184_400_000 + n, amount: '1.10', rate: 0.1 * n, ok: n % 2 === 0 },
    ...{ day: '2026-11-20', who: { age: n, name: `한 ${n}` }, free: { deep: [1, { a: null }] }, ...more },
  });
const visit = (n: number): string => json({ log_type: 'visit', n, extra: { seen: true } });

/** The same story on every road: what each chapter answers must be the same, whatever the stations are. */
async function story(road: Road, folder: string): Promise<Record<string, unknown>> {
  const schemas = join(folder, 'schemas');
  const write = (table: string, content: object): void => {
    mkdirSync(schemas, { recursive: true });
    writeFileSync(join(schemas, `${table}.json`), JSON.stringify(content));
  };
  const told: Record<string, unknown> = {};
  const options = Object.entries(road.stores).flatMap(([name, url]) => [`--${name}`, url]);
  const [source, staging, warehouse] = [options.slice(0, 2), options.slice(2, 4), options.slice(4)];

  const run = async (
    chapter: string,
    args: readonly string[],
    stores: readonly string[],
  ): Promise<string> => {
    const { code, stdout, stderr } = await cli([...args, ...stores, '--schemas', schemas, '--json']);
    assert.equal(code, 0, `${chapter}: ${stderr}`);
    return stdout;
  };
  const report = async (chapter: string, args: readonly string[], stores = options): Promise<void> => {
    const { conserved, hours } = JSON.parse(await run(chapter, args, stores)) as RunReport;
    // A note names versions of schemas, which are the same everywhere, too.
    told[chapter] = { conserved, hours };
  };
  const ask = async (sql: string): Promise<unknown> => {
    const { code, stdout, stderr } = await cli(['query', sql, '--json', ...warehouse]);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  };
  const look = async (chapter: string): Promise<void> => {
    const counts = await cli(['counts', '--json', ...warehouse]);
    assert.equal(counts.code, 0, counts.stderr);
    told[`${chapter}: what is there`] = {
      counts: JSON.parse(counts.stdout) as unknown,
      shop: await ask(
        `SELECT n, ts, CAST(amount * 100 AS INT64) AS cents, rate, ok, CAST(day AS STRING) AS day, paid_at, who.name AS name, who.age AS age, folder_hour FROM ${road.raw}.shop ORDER BY n`,
      ),
      visits: await ask(`SELECT n FROM ${road.raw}.visit ORDER BY n`),
      ledger: await ask(
        `SELECT log_type, folder_hour, epoch, revision, state, staged, row_count, rejected, load_epoch, load_revision FROM ${road.ops}.ledger ORDER BY folder_hour, log_type, epoch, revision`,
      ),
      rejects: await ask(
        `SELECT log_type, epoch, revision, line, reason, field, expected, found FROM ${road.ops}.rejects ORDER BY log_type, line`,
      ),
      quarantined: await ask(
        `SELECT folder_hour, epoch, quarantined FROM ${road.ops}.counts WHERE log_type IS NULL ORDER BY folder_hour`,
      ),
    };
  };

  write('shop', SHOP);
  write('visit', VISIT);
  await road.pulumiUp(schemas);
  const lines = [
    shop(1),
    visit(1),
    shop(2),
    shop(3, { coupon: 'X' }),
    '\n',
    json({ log_type: 'signup', n: 1 }),
  ];
  await road.put('2026/11/20/14/a.json.gz', gzipSync(lines.join('')));
  await road.put('2026/11/20/14/b.json', Buffer.from(`${shop(4)}not json\n${visit(2)}`));
  await road.put('2026/11/20/15/a.json', Buffer.from(shop(5)));

  told['the plan'] = JSON.parse(await run('dry run', ['run', HOUR, '--dry-run'], options)) as unknown;
  await report('classify', ['classify', `${HOUR}..${NEXT}`], [...source, ...staging]);
  await report('load', ['load', `${HOUR}..${NEXT}`], [...staging, ...warehouse]);
  await look('loaded');
  await report('the same again', ['run', `${HOUR}..${NEXT}`]);
  told['the table'] = (await cli(['schema', 'extract', 'shop', ...warehouse])).stdout;

  await road.put('2026/11/20/14/late.json', Buffer.from(shop(6)));
  await report('a late file', ['run', HOUR]);
  await report('a reload', ['load', HOUR, '--reload', '--types', 'shop'], [...staging, ...warehouse]);
  await look('reloaded');

  write('shop', { ...SHOP, fields: [...SHOP.fields, { name: 'coupon', ...STRING }] });
  write('signup', { fields: VISIT.fields });
  await road.pulumiUp(schemas);
  await report('rejects replayed', ['replay', 'rejects', HOUR], [...staging, ...warehouse]);
  await report('quarantine replayed', ['replay', 'quarantine', HOUR], [...staging, ...warehouse]);
  await look('replayed');
  told.coupons = await ask(`SELECT n, coupon FROM ${road.raw}.shop ORDER BY n`);
  told.signup = await ask(`SELECT n FROM ${road.raw}.signup ORDER BY n`);
  const plan = ['load', HOUR, '--reload', '--dry-run', '--schemas', schemas, ...staging, ...warehouse];
  const { code, stdout, stderr } = await cli(plan);
  assert.equal(code, 0, stderr);
  assert.equal(/\d rows, about [1-9]\d* bytes billed/.test(stdout), road.bills, stdout);
  const cost =
    /load jobs would read [1-9][\d,]* bytes for nothing, commits about [1-9][\d,]* bytes that are billed/;
  assert.equal(cost.test(stderr), road.bills, stderr);
  await look('only planned');
  await report('the other hour learns of the new type', ['run', `${HOUR}..${NEXT}`]);
  await report('and nothing is left to do', ['run', `${HOUR}..${NEXT}`]);
  return told;
}

describe('one story on mixed roads', function () {
  this.timeout(SLOW_MS);
  s3Environment();
  const folder = tempFolder();
  let clouds: Clouds | undefined;
  let reference: Record<string, unknown> = {};
  before(async () => {
    clouds = await Clouds.start(folder);
    const road = await make('file', 'file', 'duckdb');
    reference = await story(road, join(folder, 'reference'));
  });
  after(() => clouds?.stop());

  let roads = 0;
  async function make(
    source: 'file' | 's3',
    staging: 'file' | 'gs',
    warehouse: 'duckdb' | 'bigquery',
  ): Promise<Road> {
    const here = join(folder, `road-${roads++}`);
    const bucket = source === 's3' ? await clouds!.source() : undefined;
    const bigquery = warehouse === 'bigquery' ? await clouds!.warehouse() : undefined;
    mkdirSync(join(here, 'source'), { recursive: true });
    return {
      stores: {
        source: bucket?.url ?? `file:${join(here, 'source')}`,
        staging: staging === 'gs' ? await clouds!.staging() : `file:${join(here, 'staging')}`,
        warehouse: bigquery?.url ?? `duckdb:${join(here, 'wh.duckdb')}`,
      },
      put:
        bucket?.put ??
        ((key, bytes) => {
          const path = join(here, 'source', key);
          mkdirSync(dirname(path), { recursive: true });
          writeFileSync(path, bytes);
          return Promise.resolve();
        }),
      raw: bigquery?.datasets.place.raw ?? 'raw',
      ops: bigquery?.datasets.place.ops ?? 'ops',
      bills: bigquery !== undefined,
      pulumiUp: async (schemas) => {
        if (bigquery === undefined) return;
        const { types } = await loadSchemas(schemas);
        for (const logType of types) await bigquery.datasets.makeType(logType);
      },
    };
  }

  it('the story itself: rejects, quarantine, a late file, a reload and both replays happen in it', () => {
    const loaded = reference['loaded: what is there'] as { shop: object[]; rejects: object[] };
    const replayed = reference['replayed: what is there'] as typeof loaded;
    assert.deepEqual([loaded.shop.length, loaded.rejects.length], [4, 1]);
    assert.deepEqual([replayed.shop.length, replayed.rejects.length], [6, 0]);
    assert.deepEqual(reference['only planned: what is there'], replayed);
    assert.deepEqual(reference.signup, [{ n: 1 }]);
  });

  for (const stations of [
    ['s3', 'file', 'duckdb'],
    ['s3', 'gs', 'duckdb'],
    ['file', 'gs', 'bigquery'],
    ['s3', 'file', 'bigquery'],
    ['s3', 'gs', 'bigquery'],
  ] satisfies Parameters<typeof make>[] as Parameters<typeof make>[]) {
    it(`${stations.join(' -> ')}: every chapter answers as file -> file -> duckdb does`, async () => {
      const told = await story(await make(...stations), join(folder, stations.join('-')));
      assert.deepEqual(Object.keys(told), Object.keys(reference));
      for (const [chapter, expected] of Object.entries(reference))
        assert.deepEqual(told[chapter], expected, `${stations.join(' -> ')}: ${chapter}`);
    });
  }
});
