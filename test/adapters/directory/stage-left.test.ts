import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DirectoryStore } from '../../../workloads/adapters/directory/directory-store.ts';
import { OWNER } from '../../../workloads/core/scratch/owner.ts';
import { localFiles } from '../../contract/store-bench.ts';
import { tempFolder } from '../../support/temp.ts';

const MODULE = new URL('../../../workloads/adapters/directory/durable.ts', import.meta.url).href;

/** Another process that is in the midst of a create. */
async function staging(root: string): Promise<{ path: string; kill: () => Promise<void> }> {
  const script = `
    const { stagePath } = await import(${JSON.stringify(MODULE)});
    const { writeFileSync } = await import('node:fs');
    const path = await stagePath(${JSON.stringify(root)});
    writeFileSync(path, 'half an obj');
    process.stdout.write(path);
    setInterval(() => {}, 1_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const path = await new Promise<string>((resolve) =>
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())),
  );
  return {
    path,
    kill: () => {
      child.kill('SIGKILL');
      return gone;
    },
  };
}

describe('what a killed process left in the stage folder', () => {
  const folder = tempFolder();
  const local = localFiles(folder);

  it('is removed by the first create of the next process; what a living one is making stays', async () => {
    const root = join(folder, 'store');
    const [killed, living] = await Promise.all([staging(root), staging(root)]);
    try {
      await killed.kill();
      assert.ok(existsSync(killed.path));
      await new DirectoryStore(root).create('k', local(Buffer.from('1')));
      assert.deepEqual([existsSync(killed.path), existsSync(living.path)], [false, true]);
    } finally {
      await living.kill();
    }
  });

  it('of another host goes once it is a day old; what is named otherwise stays', async () => {
    const root = join(folder, 'shared');
    const stage = join(root, '.logferry');
    mkdirSync(stage, { recursive: true });
    const put = (name: string, hours: number): string => {
      writeFileSync(join(stage, name), 'x');
      const time = new Date(Date.now() - hours * 3_600_000);
      utimesSync(join(stage, name), time, time);
      return name;
    };
    const elsewhere = OWNER.replace(/^[^-]+-[^-]+/, 'elsewhere-00000000');
    put(`${elsewhere}-aaaaaaaaaaaa`, 25);
    const kept = [
      put(`${elsewhere}-bbbbbbbbbbbb`, 23),
      put(`${elsewhere}-cccccccccccc.txt`, 25),
      put('note', 1_000),
    ];
    await new DirectoryStore(root).create('k', local(Buffer.from('1')));
    assert.deepEqual(readdirSync(stage).sort(), kept.sort());
  });
});
