import assert from 'node:assert/strict';
import {
  existsSync,
  globSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { before } from 'mocha';
import { imageEnvironment, readDockerfile } from '../support/dockerfile.ts';
import { HOUR } from '../support/hour-bench.ts';
import { itIf } from '../support/skip.ts';
import { tempFolder } from '../support/temp.ts';
import { addBuildTools, Buildah, buildahProblem, CERTIFICATES, writeBase } from './support/buildah.ts';
import { runContainer } from './support/image-root.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const NATIVES = ['@duckdb/node-bindings-*/*.{so,node}', '@node-rs/crc32-*/*.node'].flatMap((pattern) =>
  globSync(pattern, { cwd: join(ROOT, 'node_modules') }).map((path) => join(ROOT, 'node_modules', path)),
);

/** The image's user. */
const NOBODY = 65_532;

/** What Docker's own config of an image holds, as far as it is looked at. */
interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly WorkingDir: string;
  readonly Labels: Readonly<Record<string, string>>;
}

const problem = buildahProblem();
const itBuilt = itIf(problem === undefined, problem ?? '');

/** The bases are replaced by this machine's Node: no registry is asked. Everything else is the Dockerfile's own. */
describe('workloads/Dockerfile, built by buildah', function () {
  // npm fetches all packages again, into a root that is copied with each step.
  this.timeout(600_000);
  const folder = tempFolder();
  const buildah = new Buildah(folder);
  let root = '';
  let config: ImageConfig;

  before(() => {
    if (problem !== undefined) return;
    const bases = { build: join(folder, 'build-base'), runtime: join(folder, 'runtime-base') };
    writeBase(bases.build, 'usr/local/bin/node', []);
    addBuildTools(bases.build);
    writeBase(bases.runtime, 'nodejs/bin/node', NATIVES);
    buildah.imageOf(bases.build, 'localhost/build-base', {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: '/root',
      NODE_EXTRA_CA_CERTS: CERTIFICATES,
    });
    buildah.imageOf(bases.runtime, 'localhost/runtime-base', {});
    const given = [
      'BUILD_BASE=localhost/build-base',
      'RUNTIME_BASE=localhost/runtime-base',
      'VERSION=1.2.3',
      'REVISION=abc',
    ];
    const network = ['/etc/resolv.conf', '/etc/hosts'].flatMap((file) => ['--volume', `${file}:${file}:ro`]);
    buildah.run(
      ...['build', '--isolation', 'chroot', '--network', 'host', ...network],
      ...given.flatMap((each) => ['--build-arg', each]),
      ...['--file', join(ROOT, 'workloads/Dockerfile'), '--tag', 'localhost/logferry', ROOT],
    );
    const inspected = JSON.parse(buildah.run('inspect', '--type', 'image', 'localhost/logferry')) as {
      Docker: { config: ImageConfig };
    };
    config = inspected.Docker.config;
    root = buildah.run('mount', buildah.run('from', 'localhost/logferry'));
  });

  /** Runs the image's own entrypoint with its own environment; `/scratch` is what a pod mounts there. */
  const run = (args: readonly string[], volumes: Record<string, string> = {}) =>
    runContainer({
      root,
      command: [...config.Entrypoint, ...args],
      env: {
        ...Object.fromEntries(config.Env.map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string])),
        TMPDIR: '/scratch',
      },
      volumes: { '/scratch': mkdtempSync(join(folder, 'scratch-')), ...volumes },
      user: Number(config.User.split(':')[0]),
    });

  itBuilt('is configured as the Dockerfile says', async () => {
    assert.deepEqual(config.Entrypoint, ['/nodejs/bin/node', '/app/dist/cli.js']);
    assert.deepEqual(config.Cmd, ['help']);
    assert.equal(config.User, `${NOBODY}:${NOBODY}`);
    assert.equal(config.WorkingDir, '/');
    const env = imageEnvironment(readDockerfile(readFileSync(join(ROOT, 'workloads/Dockerfile'), 'utf8')));
    for (const [name, value] of Object.entries(env)) assert.ok(config.Env.includes(`${name}=${value}`), name);
    const label = (name: string): string | undefined => config.Labels[`org.opencontainers.image.${name}`];
    assert.deepEqual(['title', 'version', 'revision', 'licenses'].map(label), [
      'logferry',
      '1.2.3',
      'abc',
      'Apache-2.0',
    ]);
  });

  itBuilt(
    'holds the bundle, the native packages of its platform, and papers; all of it is root’s',
    async () => {
      const app = join(root, 'app');
      assert.deepEqual(readdirSync(app).toSorted(), ['dist', 'node_modules', 'package.json']);
      const packages = globSync(['node_modules/*', 'node_modules/@*/*'], { cwd: app })
        .map((path) => path.slice('node_modules/'.length))
        .filter((name) => !/^@[^/]+$/.test(name));
      const libc = '-gnu';
      const platform = `linux-${process.arch}`;
      assert.deepEqual(packages.toSorted(), [
        '@duckdb/node-bindings',
        `@duckdb/node-bindings-${platform}`,
        '@node-rs/crc32',
        `@node-rs/crc32-${platform}${libc}`,
        'detect-libc',
      ]);
      for (const path of globSync('**/*', { cwd: app })) {
        const { uid, mode } = lstatSync(join(app, path));
        assert.equal(uid, 0, path);
        assert.equal(mode & 0o022, 0, `${path} can be written by others`);
      }
    },
  );

  itBuilt('carries a bill of materials of exactly what it holds', async () => {
    const papers = join(root, 'usr/share/doc/logferry');
    assert.deepEqual(readdirSync(papers).toSorted(), ['LICENSE', 'sbom.cdx.json']);
    const bom = JSON.parse(readFileSync(join(papers, 'sbom.cdx.json'), 'utf8')) as {
      bomFormat: string;
      metadata: { component: { name: string }; timestamp?: string };
      components: { name: string; version: string; licenses?: unknown[]; purl: string }[];
    };
    assert.equal(bom.bomFormat, 'CycloneDX');
    assert.deepEqual([bom.metadata.component.name, bom.metadata.timestamp], ['logferry', undefined]);
    const names = bom.components.map(({ name }) => name);
    for (const expected of [
      '@aws-sdk/client-s3',
      '@google-cloud/storage',
      '@duckdb/node-api',
      'commander',
      'detect-libc',
    ])
      assert.ok(names.includes(expected), expected);
    for (const foreign of [
      'mocha',
      'typescript',
      '@pulumi/pulumi',
      'esbuild',
      'fauxqs',
      '@duckdb/node-bindings-darwin-arm64',
    ])
      assert.ok(!names.includes(foreign), foreign);
    for (const { name, licenses = [], purl } of bom.components) {
      assert.ok(licenses.length > 0, `${name} has a license`);
      assert.match(purl, /^pkg:npm\//);
    }
  });

  itBuilt(
    'runs as nobody on a read-only root, from / and with nothing but /scratch to write to',
    async () => {
      const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
      assert.deepEqual(run(['--version']), { code: 0, stdout: `${version}\n`, stderr: '' });
      const logs = mkdtempSync(join(folder, 'logs-'));
      const schemas = mkdtempSync(join(folder, 'schemas-'));
      mkdirSync(join(logs, '2026/11/20/14'), { recursive: true });
      writeFileSync(join(logs, '2026/11/20/14/x.json'), '{"log_type":"a","n":1}\n{"log_type":"a","n":2}\n');
      const fields = [
        { name: 'log_type', type: 'STRING' },
        { name: 'n', type: 'INTEGER' },
      ];
      writeFileSync(join(schemas, 'a.json'), JSON.stringify({ fields }));
      const scratch = mkdtempSync(join(folder, 'scratch-'));
      const volumes = { '/logs': logs, '/etc/logferry/schemas': schemas, '/scratch': scratch };
      const places = [
        '--staging',
        'file:/scratch/staging',
        '--schemas',
        '/etc/logferry/schemas',
        '--scratch',
        '/scratch',
      ];
      const classify = run(['classify', HOUR, '--source', 'file:/logs', ...places], volumes);
      assert.equal(classify.code, 0, classify.stderr);
      const warehouse = ['--warehouse', 'duckdb:/scratch/wh.duckdb'];
      const load = run(['load', HOUR, ...places, ...warehouse], volumes);
      assert.equal(load.code, 0, load.stderr);
      assert.match(load.stdout, /conserved: every line is accounted for/);
      const query = run(
        ['query', 'SELECT SUM(n) AS n FROM raw.a', '--json', ...warehouse, '--scratch', '/scratch'],
        volumes,
      );
      assert.equal(query.stdout, '[{"n":3}]\n', query.stderr);
      const files = readdirSync(join(scratch, 'staging'), { recursive: true, withFileTypes: true });
      const owners = new Set(files.map(({ parentPath, name }) => lstatSync(join(parentPath, name)).uid));
      assert.deepEqual([...owners], [NOBODY]);
      const elsewhere = run(
        ['classify', HOUR, '--source', 'file:/logs', ...places.with(1, 'file:/app/staging')],
        volumes,
      );
      assert.equal(elsewhere.code, 1, elsewhere.stdout);
      assert.match(elsewhere.stderr, /Object file:\/app\/staging\/\S+: cannot create it/);
      assert.ok(!existsSync(join(root, 'app/staging')));
      // /tmp is open to everybody but for the read-only root.
      const write = ['/nodejs/bin/node', '--eval', 'fs.writeFileSync("/tmp/x", "")'];
      assert.match(
        runContainer({ root, command: write, env: {}, volumes: {}, user: NOBODY }).stderr,
        /EROFS/,
      );
    },
  );
});
