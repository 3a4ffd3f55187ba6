import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Scratch } from '../../workloads/core/scratch/scratch.ts';
import { tempFolder } from '../support/temp.ts';

const MODULE = new URL('../../workloads/core/scratch/scratch.ts', import.meta.url).href;

interface Living {
  readonly folder: string;
  /** Appends to a file in the scratch; whether it could. */
  readonly append: () => Promise<string>;
  readonly kill: () => Promise<void>;
}

/** Another process with a scratch of its own, which does what it is told until it is killed. */
async function another(parent: string): Promise<Living> {
  const script = `
    const { Scratch } = await import(${JSON.stringify(MODULE)});
    const scratch = await Scratch.create(${JSON.stringify(parent)});
    const path = scratch.path('spool');
    scratch.append(path, Buffer.from('left'));
    process.stdout.write(scratch.folder);
    process.stdin.on('data', () => {
      try { scratch.append(path, Buffer.from('.')); process.stdout.write('appended'); }
      catch (error) { process.stdout.write(String(error)); }
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answer = (): Promise<string> =>
    new Promise((resolve) => child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())));
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    folder: await answer(),
    append: () => {
      child.stdin.write('x');
      return answer();
    },
    kill: () => {
      child.kill('SIGKILL');
      return gone;
    },
  };
}

/** Makes a folder with a file in it, last changed so many hours ago. */
function put(path: string, hours = 0): string {
  mkdirSync(path);
  writeFileSync(join(path, 'spool'), 'left');
  const time = new Date(Date.now() - hours * 3_600_000);
  utimesSync(path, time, time);
  return path;
}

describe('scratch that a killed process left', () => {
  it('is removed by the next process; that of a living one stays, and the living one goes on', async () => {
    const parent = tempFolder();
    const [killed, living] = await Promise.all([another(parent), another(parent)]);
    try {
      await killed.kill();
      assert.ok(existsSync(killed.folder));
      const own = await Scratch.create(parent);
      assert.deepEqual([existsSync(killed.folder), existsSync(living.folder)], [false, true]);
      const further = await Scratch.create(parent);
      assert.ok(existsSync(own.folder) && existsSync(further.folder));
      assert.equal(await living.append(), 'appended');
      assert.equal(readFileSync(join(living.folder, '000000-spool'), 'utf8'), 'left.');
    } finally {
      await living.kill();
    }
  });

  it('of a former process of the same pid (a container that begins again) is removed', async () => {
    const parent = tempFolder();
    const own = await Scratch.create(parent);
    const former = put(own.folder.replace(/-[0-9a-f]{8}-(\w{6})$/, '-00000000-$1'));
    await Scratch.create(parent);
    assert.deepEqual([existsSync(former), existsSync(own.folder)], [false, true]);
  });

  it('of another container or boot goes after a day of quiet, of another host never, for their pids say nothing', async () => {
    const parent = tempFolder();
    const { folder } = await Scratch.create(parent);
    const [, host, , pid, start] = basename(folder).split('-');
    const name = (of: string, space: string): string =>
      join(parent, `logferry-${of}-${space}-${Number(pid) + 1}-${start}-abcdef`);
    const kept = [put(name(host!, '00000000'), 23), put(name('elsewhere', '00000000'), 1_000)];
    const old = put(name(host!, '00000001'), 25);
    await Scratch.create(parent);
    assert.deepEqual(
      kept.map((path) => existsSync(path)),
      [true, true],
    );
    assert.equal(existsSync(old), false);
  });

  it('stays where nothing is to be removed', async () => {
    const parent = tempFolder();
    const killed = await another(parent);
    await killed.kill();
    const scratch = await Scratch.create(parent, 0, { sweeps: false });
    assert.ok(existsSync(killed.folder));
    await scratch.remove();
  });

  it('nothing goes whose name is not exactly that of a scratch, and no file', async () => {
    const parent = tempFolder();
    const killed = await another(parent);
    await killed.kill();
    const name = basename(killed.folder);
    const strangers = [
      `${name}x`,
      `x${name}`,
      `${name}.bak`,
      name.toUpperCase(),
      'logferry-',
      'logferry-test-abcdef',
    ]
      .concat(name.replace(/-\w{6}$/, ''), name.replace(/-\d+-/, '-0-'), name.replace(/-\d+-/, '--'))
      .map((other) => put(join(parent, other), 1_000));
    const file = join(parent, name.replace(/\w{6}$/, 'a0file'));
    writeFileSync(file, 'x');
    await Scratch.create(parent);
    for (const path of [...strangers, file]) assert.ok(existsSync(path), path);
    assert.equal(existsSync(killed.folder), false);
  });
});
