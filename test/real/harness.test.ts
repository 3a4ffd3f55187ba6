import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, it } from 'mocha';
import { tempFolder } from '../support/temp.ts';
import { warningTexts } from './support/api-client.ts';
import { startControlPlane } from './support/control-plane.ts';
import { motoServer, motoVersion } from './support/moto-venv.ts';
import { BIN, GROUPS, pinnedVersion, tool } from './support/toolchain.ts';
import { waitFor } from './support/wait.ts';

const PARENT = fileURLToPath(new URL('support/parent-of-sleep.ts', import.meta.url));

const MOTO_VERSION = 'import importlib.metadata as m; print(m.version("moto"))';

/** Signal 0 only asks whether the process is there. */
function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('the harness of the real programs', () => {
  const folder = tempFolder();
  const path = process.env.PATH ?? '';
  afterEach(() => (process.env.PATH = path));

  it('a program that it started dies with the tests, also when those are killed', async () => {
    const parent = spawn(process.execPath, [PARENT, folder], { stdio: 'inherit' });
    const gone = once(parent, 'exit');
    const pid = await waitFor('the program to start', 30, () => {
      const text = readFileSync(join(folder, 'sh.log'), 'utf8');
      return text.endsWith('\n') ? Number(text) : undefined;
    });
    assert.equal(runs(pid), true);
    parent.kill('SIGKILL');
    await gone;
    await waitFor('the program to be gone', 30, () => (runs(pid) ? undefined : true));
  });

  it('a program that does not start is named, with its end and the last of its log', async () => {
    const broken = '#!/bin/sh\necho "etcd: no space left" >&2\nexit 3\n';
    writeFileSync(join(folder, 'etcd'), broken, { mode: 0o755 });
    process.env.PATH = `${folder}${delimiter}${path}`;
    await assert.rejects(startControlPlane({ tempFolder: folder }), (error) => {
      const [first, second, ...rest] = (error as Error).message.split('\n');
      assert.equal(first, 'etcd did not start: it ended with 3');
      assert.match(second ?? '', /^The end of etcd’s log \(.*etcd\.log\):$/);
      assert.deepEqual(rest, ['etcd: no space left']);
      return true;
    });
  });

  it('has moto in the version that is pinned', () => {
    const { stdout } = spawnSync(join(motoServer(), '..', 'python'), ['-c', MOTO_VERSION], {
      encoding: 'utf8',
    });
    assert.deepEqual([stdout.trim(), motoVersion()], ['5.2.5', '5.2.5']);
  });

  it('knows every program that it builds, and refuses others', () => {
    const names = GROUPS.flatMap(({ packages }) => Object.keys(packages));
    assert.deepEqual(names, [
      'pulumi',
      'pulumi-language-nodejs',
      'kube-apiserver',
      'kube-controller-manager',
      'actionlint',
      'fake-gcs-server',
      'bigquery-emulator',
    ]);
    for (const name of names) assert.equal(tool(name), join(BIN, name));
    assert.throws(() => tool('kubelet'), {
      message:
        'test/real builds no program "kubelet": expected one of pulumi, pulumi-language-nodejs, kube-apiserver, kube-controller-manager, actionlint, fake-gcs-server, bigquery-emulator',
    });
    assert.deepEqual(GROUPS.map(pinnedVersion), [
      'v3.200.0',
      'v3.68.0',
      'v1.34.0',
      'v1.7.12',
      'v1.56.1',
      'v0.8.1',
    ]);
  });

  it('reads every text of a Warning header', () => {
    assert.deepEqual(warningTexts('299 - "a, \\"b\\"", 299 kube "c"'), ['a, "b"', 'c']);
    assert.deepEqual(warningTexts(''), []);
  });
});
