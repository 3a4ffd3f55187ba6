import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, realpathSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { before } from 'mocha';
import type { Metafile } from 'esbuild';
import { bundle } from '../../scripts/bundle.ts';
import { cli } from '../support/cli.ts';
import { HOUR } from '../support/hour-bench.ts';
import { deadPort } from '../support/s3-fauxqs.ts';
import { tempFolder } from '../support/temp.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

/** Folders of packages that cost a pod some MiB each: loaded by those commands only that speak to what they are for. */
const HEAVY = [
  '@aws-sdk/client-s3',
  '@duckdb/node-api',
  '@google-cloud/bigquery',
  '@google-cloud/storage',
  // Its compiler: what its generated code calls is a few lines.
  'ajv/dist/compile',
  'cli-progress',
  'pure-rand',
];

/** Tells, at a process's end, the files that it loaded as modules. */
const TELL_MODULES = `
import { registerHooks } from 'node:module';
import { writeFileSync } from 'node:fs';
const loaded = [];
registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
process.on('exit', () => writeFileSync(process.env.LOADED, JSON.stringify(loaded)));
`;

describe('the bundle', () => {
  const folder = realpathSync(tempFolder());
  const dist = join(folder, 'dist');
  let metafile: Metafile;

  before(async () => {
    metafile = await bundle(dist);
    // As it is installed: what is native lies beside it.
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'tell.mjs'), TELL_MODULES);
    mkdirSync(join(folder, 'schemas'));
    const fields = [{ name: 'log_type', type: 'STRING' }];
    writeFileSync(join(folder, 'schemas', 'a.json'), JSON.stringify({ fields }));
  });

  /** Runs a command line of the bundle; of HEAVY, which packages it loaded. */
  function run(
    args: readonly string[],
    env: Record<string, string> = {},
  ): { code: number | null; heavy: string[]; said: string } {
    const report = join(folder, 'loaded.json');
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', join(folder, 'tell.mjs'), join(dist, 'cli.js'), ...args],
      {
        cwd: folder,
        env: { PATH: process.env.PATH, TMPDIR: folder, LOADED: report, ...env },
        encoding: 'utf8',
      },
    );
    const files = JSON.parse(readFileSync(report, 'utf8')) as string[];
    const outputs = new Map(
      Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]),
    );
    const inputs = files.flatMap((file) =>
      file.includes('/node_modules/') ? [file] : Object.keys(outputs.get(basename(file))?.inputs ?? {}),
    );
    assert.ok(inputs.includes('workloads/cli.ts'), `${files.length} modules: were they told?`);
    const heavy = HEAVY.filter((name) => inputs.some((path) => path.includes(`node_modules/${name}/`)));
    return { code: status, heavy, said: `${stdout}${stderr}` };
  }

  it('is one program, whose commands load what they use and nothing else', async () => {
    const schemas = ['--schemas', 'schemas'];
    const local = ['--source', 'file:source', '--staging', 'file:staging', ...schemas];
    mkdirSync(join(folder, 'source', '2026/11/20/14'), { recursive: true });
    writeFileSync(join(folder, 'source', '2026/11/20/14', 'x.json'), '{"log_type":"a"}\n');
    assert.deepEqual(run(['--version']).heavy, []);
    const classified = run(['classify', HOUR, ...local]);
    assert.deepEqual([classified.code, classified.heavy], [0, []], classified.said);
    const loaded = run(['load', HOUR, ...local.slice(2), '--warehouse', 'duckdb:wh.duckdb']);
    assert.deepEqual([loaded.code, loaded.heavy], [0, ['@duckdb/node-api']], loaded.said);

    // Nobody listens there: what was loaded by then is what the clouds' part of a command needs.
    const endpoint = `endpoint=http://127.0.0.1:${await deadPort()}`;
    const keys = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', HOME: folder };
    const staging = ['--staging', `gs://bucket?${endpoint}`, ...schemas];
    const warehouse = `bigquery://my-project?raw=raw&temp=temp&ops=ops&location=US&${endpoint}`;
    const pods: [readonly string[], readonly string[]][] = [
      [
        ['classify', HOUR, '--source', `s3://bucket?region=us-east-1&${endpoint}`, ...staging],
        ['@aws-sdk/client-s3', '@google-cloud/storage'],
      ],
      [
        ['load', HOUR, '--warehouse', warehouse, ...staging],
        ['@google-cloud/bigquery', '@google-cloud/storage'],
      ],
    ];
    for (const [args, heavy] of pods) {
      const { code, heavy: found, said } = run(args, keys);
      assert.notEqual(code, 0, said);
      assert.deepEqual(found, heavy, said);
    }
  });

  it('judges schema files as the sources do, though it has the generated code of the validator only', async () => {
    const wrong = join(folder, 'wrong');
    mkdirSync(wrong);
    const field = { name: 'log_type', type: 'STRING' };
    const files: Record<string, unknown> = {
      unknown_key: { fields: [field], colour: 'red' },
      no_fields: {},
      refused_type: { fields: [field, { name: 'g', type: 'GEOGRAPHY' }] },
      record: { fields: [field, { name: 'r', type: 'RECORD' }, { name: 's', type: 'STRING', fields: [] }] },
      name: { fields: [field, { name: '1a', type: 'STRING' }] },
      derived: { fields: [field], columns: { at: { from: 'ts', as: 'TIMESTAMP', unit: 'h' } } },
      misfit: { fields: [field], onMisfit: 'setAside:lots' },
      lane: { fields: [field], lane: 'slow', partition: { by: 'WEEK', expirationDays: 0 } },
    };
    for (const [name, content] of Object.entries(files))
      writeFileSync(join(wrong, `${name}.json`), JSON.stringify(content));
    const args = ['schema', 'check', '--schemas', wrong, '--json'];
    const source = await cli(args);
    const { code, said, heavy } = run(args);
    const timeless = (text: string): string => text.replaceAll(/"time":"[^"]*"/g, '"time"');
    assert.equal(timeless(said), timeless(`${source.stdout}${source.stderr}`));
    assert.deepEqual([code, heavy], [source.code, []]);
    for (const name of Object.keys(files)) assert.ok(said.includes(`${name}.json`), `${name} in ${said}`);
  });

  it('tells its version, and in one sentence what is wrong with a command line', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    assert.equal(run(['--version']).said, `${version}\n`);
    const { code, said } = run(['clasify']);
    assert.equal(code, 2);
    assert.match(said, /unknown command 'clasify'/);
  });
});
