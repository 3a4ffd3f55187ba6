import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordEnvironment } from '../support/program.ts';
import { readDockerfile } from '../support/dockerfile.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const FILE = join(ROOT, 'workloads/Dockerfile');

describe('the image', () => {
  const instructions = readDockerfile(readFileSync(FILE, 'utf8'));
  const final = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));
  const valuesOf = (name: string, list = final): string[] =>
    list.filter((each) => each.name === name).map(({ value }) => value);

  it('stands on two bases that nobody can change under it', () => {
    const bases = valuesOf('ARG', instructions.slice(0, 2));
    assert.match(
      bases[0] ?? '',
      /^BUILD_BASE=docker\.io\/library\/node:24\.\d+\.\d+-[a-z]+-slim@sha256:[0-9a-f]{64}$/,
    );
    assert.match(
      bases[1] ?? '',
      /^RUNTIME_BASE=gcr\.io\/distroless\/nodejs24-debian\d+:nonroot@sha256:[0-9a-f]{64}$/,
    );
    assert.deepEqual(valuesOf('FROM', instructions), ['${BUILD_BASE} AS build', '${RUNTIME_BASE}']);
  });

  it('runs logferry as nobody, and takes its commands as arguments', () => {
    assert.deepEqual(valuesOf('ENTRYPOINT'), ['["/nodejs/bin/node", "/app/dist/cli.js"]']);
    assert.deepEqual(valuesOf('USER'), ['65532:65532']);
    assert.deepEqual(valuesOf('WORKDIR'), ['/']);
    // Kubernetes looks at the process itself; a volume would be a place to write that nobody counts; a port would be a door.
    for (const name of ['HEALTHCHECK', 'VOLUME', 'EXPOSE', 'RUN', 'ADD'])
      assert.deepEqual(valuesOf(name), [], name);
  });

  it('leaves V8’s limits to the pod, whose memory they follow from', async () => {
    assert.deepEqual(valuesOf('ENV'), ['NODE_ENV=production MALLOC_ARENA_MAX=1']);
    const { registrations } = await recordEnvironment('dev');
    const pods = registrations.filter(({ type }) => type === 'kubernetes:batch/v1:CronJob');
    assert.ok(pods.length > 2, `${pods.length} CronJobs`);
    for (const { name, inputs } of pods) {
      const text = JSON.stringify(inputs);
      assert.match(text, /"NODE_OPTIONS","value":"--max-semi-space-size=1 --max-old-space-size=48"/, name);
      assert.match(text, /"runAsUser":65532/, name);
      // Its command would go before the image's.
      assert.doesNotMatch(text, /"command":/, name);
    }
  });

  it('copies only what the builder is sent, and the builder is sent nothing else', () => {
    const sources = valuesOf('COPY', instructions)
      .filter((value) => !value.startsWith('--from='))
      .flatMap((value) => value.split(' ').slice(0, -1));
    const [all, ...sent] = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    assert.equal(all, '*');
    assert.deepEqual(sources.map((path) => `!${path}`).toSorted(), sent.toSorted());
    for (const path of sources) assert.ok(existsSync(join(ROOT, path)), path);
    assert.deepEqual(valuesOf('COPY'), ['--from=build --chown=0:0 /image /']);
  });

  it('says what it is', () => {
    const [labels = ''] = valuesOf('LABEL');
    const found = [...labels.matchAll(/org\.opencontainers\.image\.(\w+)=/g)].map(([, key]) => key);
    assert.deepEqual(found, ['title', 'description', 'licenses', 'version', 'revision', 'source']);
    const { license } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { license: string };
    assert.ok(labels.includes(`licenses="${license}"`), labels);
  });
});
