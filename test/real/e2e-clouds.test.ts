import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { after, before } from 'mocha';
import type { RunReport } from '../../workloads/cli/report.ts';
import type { LogType } from '../../workloads/core/schema/log-type.ts';
import { loadSchemas } from '../../workloads/core/schema/schema-set.ts';
import { Clouds } from '../adapters/bigquery/clouds.ts';
import type { EmulatedDatasets } from '../adapters/bigquery/emulated.ts';
import { duckdbRows, emulable, emulatedRows, type Rows } from '../adapters/bigquery/emulated-rows.ts';
import { cli } from '../support/cli.ts';
import { s3Environment } from '../support/s3-bench.ts';
import { withStored } from '../support/stored-rows.ts';
import { tempFolder } from '../support/temp.ts';
import { corpus, mixedLines, webhookLines } from '../support/webhooks-corpus.ts';

const HOUR = '2026-11-20T14';
/** The emulator analyses every statement anew against all of its wide tables: seconds for each type. */
const SLOW_MS = 20 * 60_000;

const mixed = mixedLines.map(({ text }) => text);

describe('GitHub’s webhooks from S3 through GCS to BigQuery', function () {
  this.timeout(SLOW_MS);
  s3Environment();
  const folder = tempFolder();
  const schemas = join(folder, 'schemas');
  let clouds: Clouds | undefined;
  let datasets: EmulatedDatasets;
  let types: readonly LogType[] = [];
  let source = '';
  let staging = '';
  let warehouse = '';

  before(async () => {
    clouds = await Clouds.start(folder);
    const bucket = await clouds.source();
    source = bucket.url;
    const half = Math.ceil(mixed.length / 2);
    const pack = (part: readonly string[]): Buffer => gzipSync(part.map((line) => `${line}\n`).join(''));
    await bucket.put('2026/11/20/14/a.json.gz', pack(mixed.slice(0, half)));
    await bucket.put('2026/11/20/14/b.json', Buffer.from(mixed.slice(half).join('\n')));
    staging = await clouds.staging();
    ({ url: warehouse, datasets } = await clouds.warehouse());
  });
  after(() => clouds?.stop());

  const common = ['--type-key', 'event', '--schemas', schemas, '--json'];

  it('schemas are inferred from the bucket; Pulumi makes their tables', async () => {
    const { code, stderr } = await cli([
      ...['schema', 'infer', HOUR, '--source', source, '--type-key', 'event', '--out', schemas],
    ]);
    assert.equal(code, 0, stderr);
    for (const name of readdirSync(schemas).filter((file) => file.endsWith('.json'))) {
      const path = join(schemas, name);
      const file = JSON.parse(readFileSync(path, 'utf8')) as { fields: Parameters<typeof emulable>[0][] };
      writeFileSync(path, JSON.stringify({ ...file, fields: file.fields.map(emulable) }));
    }
    ({ types } = await loadSchemas(schemas));
    assert.deepEqual(new Set(types.map(({ type }) => type)), new Set(corpus.map(({ name }) => name)));
    for (const logType of types) await datasets.makeType(logType);
  });

  it('every line is loaded', async () => {
    const stores = ['--source', source, '--staging', staging, '--warehouse', warehouse];
    const { code, stdout, stderr } = await cli(['run', HOUR, ...stores, ...common]);
    assert.equal(code, 0, stderr);
    const { conserved, hours } = JSON.parse(stdout) as RunReport;
    assert.equal(conserved, true);
    const [{ lines: count, quarantined, types: found }] = hours as [RunReport['hours'][0]];
    assert.deepEqual([count, quarantined], [webhookLines.length, 0]);
    assert.deepEqual(
      new Map(found.map(({ type, loaded, rejected, state }) => [type, { loaded, rejected, state }])),
      new Map(
        corpus.map(({ name, examples }) => [name, { loaded: examples.length, rejected: 0, state: 'loaded' }]),
      ),
    );
  });

  it('every value is the one that the same hour has in DuckDB', async () => {
    const database = join(folder, 'wh.duckdb');
    const stores = ['--source', source, '--staging', `file:${join(folder, 'staging')}`];
    const { code, stderr } = await cli([
      'run',
      HOUR,
      ...stores,
      '--warehouse',
      `duckdb:${database}`,
      ...common,
    ]);
    assert.equal(code, 0, stderr);
    let values = 0;
    await withStored(database, async (read) => {
      for (const logType of types) {
        const expected = duckdbRows(await read(logType.table, 'delivery'), logType, 'delivery');
        assert.deepEqual(await emulatedRows(datasets, logType, 'delivery'), expected, logType.table);
        values += leaves(expected);
      }
    });
    assert.ok(values > 50_000, String(values));
  });

  it('the same run again, by environment variables, does nothing and says so', async () => {
    const env = {
      LOGFERRY_SOURCE: source,
      LOGFERRY_STAGING: staging,
      LOGFERRY_WAREHOUSE: warehouse,
      LOGFERRY_TYPE_KEY: 'event',
      LOGFERRY_SCHEMAS: schemas,
    };
    const { code, stdout, stderr } = await cli(['run', HOUR, '--json'], { env });
    assert.equal(code, 0, stderr);
    const { conserved, hours } = JSON.parse(stdout) as RunReport;
    assert.deepEqual([conserved, hours[0]?.state, hours[0]?.epoch], [true, 'unchanged', 1]);
    assert.match(stderr, /nothing to do/);
  });
});

/** Values that are not NULL. */
function leaves(rows: Rows): number {
  const count = (value: unknown): number => {
    if (value === null || value === undefined) return 0;
    if (typeof value !== 'object') return 1;
    return Object.values(value).reduce<number>((sum, inner) => sum + count(inner), 0);
  };
  return [...rows.values()].reduce((sum, row) => sum + count(row), 0);
}
