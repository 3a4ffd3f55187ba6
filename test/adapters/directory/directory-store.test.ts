import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DirectoryStore } from '../../../workloads/adapters/directory/directory-store.ts';
import {
  AlreadyExistsError,
  ObjectNotFoundError,
  TerminalError,
  TransientError,
} from '../../../workloads/core/errors.ts';
import type { LocalFile } from '../../../workloads/core/ports/object-store.ts';
import { allKeys, localFiles, readText } from '../../contract/store-bench.ts';
import { itIf } from '../../support/skip.ts';
import { tempFolder } from '../../support/temp.ts';

/** A file system in memory, on every Linux. */
const OTHER_DISK = '/dev/shm';

const hasOtherDisk = (folder: string): boolean =>
  existsSync(OTHER_DISK) && statSync(OTHER_DISK).dev !== statSync(folder).dev;

describe('DirectoryStore alone', () => {
  const folder = tempFolder();
  const local = localFiles(folder);
  let stores = 0;
  const make = (): { root: string; store: DirectoryStore; put: (key: string, text?: string) => void } => {
    const root = join(folder, `store-${stores++}`);
    const put = (key: string, text = 'x'): void => {
      mkdirSync(join(root, key, '..'), { recursive: true });
      writeFileSync(join(root, key), text);
    };
    mkdirSync(root);
    return { root, store: new DirectoryStore(root), put };
  };

  /** Creates, well and badly, one at a time and at once. */
  async function createAll(store: DirectoryStore, file: (bytes: Buffer) => LocalFile): Promise<void> {
    await store.create('k', file(Buffer.from('1')));
    await assert.rejects(store.create('k', file(Buffer.from('2'))), AlreadyExistsError);
    await assert.rejects(
      store.create('l', { ...file(Buffer.from('3')), crc32c: 'AAAAAA==' }),
      TransientError,
    );
    await Promise.allSettled([1, 2, 3].map((n) => store.create('race', file(Buffer.from(String(n))))));
    assert.deepEqual(await allKeys(store, ''), ['k', 'race']);
    assert.equal(await readText(store, 'k'), '1');
  }

  it('a pipe in an object’s place is no object, and keeps nobody waiting', async () => {
    const { root, store } = make();
    execFileSync('mkfifo', [join(root, 'pipe')]);
    await assert.rejects(store.read('pipe'), ObjectNotFoundError);
    assert.deepEqual(await allKeys(store, ''), []);
  });

  it('takes a file by a link, which outlives the file', async () => {
    const { root, store } = make();
    await createAll(store, local);
    const file = local(Buffer.from('4'));
    await store.create('m', file);
    assert.equal(statSync(join(root, 'm')).ino, statSync(file.path).ino);
    rmSync(file.path);
    assert.equal(await readText(store, 'm'), '4');
  });

  it('refuses a sealed file that was written to or replaced since, though its size is the same', async () => {
    const { store } = make();
    const sealedFile = (text: string): LocalFile => {
      const file = local(Buffer.from(text));
      const { dev, ino, mtimeNs } = statSync(file.path, { bigint: true });
      return { ...file, sealed: { device: dev, inode: ino, modified: mtimeNs } };
    };
    await store.create('whole', sealedFile('5'));
    assert.equal(await readText(store, 'whole'), '5');
    const written = sealedFile('6');
    writeFileSync(written.path, 'x');
    // A clock of the file system may tick as rarely as a hundred times a second.
    utimesSync(written.path, 1, 1);
    await assert.rejects(store.create('written', written), TransientError);
    const replaced = sealedFile('7');
    const { modified } = replaced.sealed!;
    writeFileSync(`${replaced.path}.new`, 'x');
    utimesSync(`${replaced.path}.new`, Number(modified) / 1e9, Number(modified) / 1e9);
    renameSync(`${replaced.path}.new`, replaced.path);
    await assert.rejects(store.create('replaced', replaced), TransientError);
    assert.deepEqual(await allKeys(store, ''), ['whole']);
  });

  itIf(hasOtherDisk(folder), `${OTHER_DISK} is on the same file system, or not there`)(
    'gives the memory back in which it read what it copied',
    async () => {
      const { store } = make();
      const away = mkdtempSync(join(OTHER_DISK, 'logferry-test-'));
      try {
        const file = localFiles(away)(Buffer.alloc(600_000, 'x'));
        const { arrayBuffers } = process.memoryUsage();
        for (let n = 0; n < 40; n++) await store.create(String(n), file);
        const grown = process.memoryUsage().arrayBuffers - arrayBuffers;
        assert.ok(grown < 1_000_000, `${grown} bytes of 40 objects`);
      } finally {
        rmSync(away, { recursive: true });
      }
    },
  );

  itIf(hasOtherDisk(folder), `${OTHER_DISK} is on the same file system, or not there`)(
    'copies a file of another file system, and leaves nothing in its stage folder',
    async () => {
      const { root, store } = make();
      const away = mkdtempSync(join(OTHER_DISK, 'logferry-test-'));
      try {
        await createAll(store, localFiles(away));
      } finally {
        rmSync(away, { recursive: true });
      }
      assert.equal(await readText(store, 'k'), '1');
      assert.deepEqual(readdirSync(join(root, '.logferry')), []);
    },
  );

  it('never lists what a killed process left in the stage folder, and refuses keys in it', async () => {
    const { store, put } = make();
    put('.logferry/123-abc', 'half an obj');
    put('.logferry2/x');
    put('a/.logferry/y');
    assert.deepEqual(await allKeys(store, ''), ['.logferry2/x', 'a/.logferry/y']);
    for (const prefix of ['.logferry', '.logferry/', '.logferry/1']) {
      assert.deepEqual(await allKeys(store, prefix), prefix === '.logferry' ? ['.logferry2/x'] : [], prefix);
    }
    for (const key of ['.logferry/123-abc', '.logferry'])
      await assert.rejects(store.read(key), TerminalError);
  });

  it('walks a link to a folder, and follows a link to a file', async () => {
    const { root, store, put } = make();
    put('real/b/c', 'linked');
    symlinkSync(join(root, 'real'), join(root, 'alias'));
    symlinkSync(join(root, 'real/b/c'), join(root, 'one'));
    assert.deepEqual(await allKeys(store, '', 1), ['alias/b/c', 'one', 'real/b/c']);
    assert.equal(await readText(store, 'alias/b/c'), 'linked');
  });

  it('a link that leads nowhere or in a circle -> an error, never a listing without it', async () => {
    const { root, store, put } = make();
    put('h/good');
    symlinkSync(join(root, 'nowhere'), join(root, 'h/lost'));
    await assert.rejects(
      store.list('h/'),
      (error) => error instanceof TerminalError && error.message.includes('lost'),
    );
    rmSync(join(root, 'h/lost'));
    symlinkSync('.', join(root, 'h/circle'));
    await assert.rejects(allKeys(store, 'h/'), TerminalError);
  });

  it('an unreadable folder -> an error that names it, never an empty listing', async () => {
    const { root, store, put } = make();
    put('open/a');
    put('open/shut/b');
    await asNobody([folder, root, join(root, 'open')], join(root, 'open/shut'), async () => {
      await assert.rejects(
        store.list('open/'),
        (error) => error instanceof TerminalError && /open\/shut.*EACCES/.test(error.message),
      );
      await assert.rejects(store.list('open/shut/'), TerminalError);
      await assert.rejects(store.head('open/shut/b'), TerminalError);
      await assert.rejects(
        store.read('open/shut/b'),
        (error) => error instanceof TerminalError && !(error instanceof ObjectNotFoundError),
      );
    });
  });

  it('a folder that is not there is empty; a create makes it', async () => {
    const store = new DirectoryStore(join(folder, 'not/yet/there'));
    assert.deepEqual(await store.list(''), { objects: [] });
    assert.equal(await store.head('a/b'), undefined);
    await store.create('a/b', local(Buffer.from('made')));
    assert.equal(await readText(store, 'a/b'), 'made');
  });

  it('a root below a file -> an error that says so', async () => {
    const { root, put } = make();
    put('file');
    await assert.rejects(
      new DirectoryStore(join(root, 'file/sub')).create('k', local(Buffer.from('x'))),
      TerminalError,
    );
  });

  it('a key that would leave the folder is refused and touches nothing', async () => {
    const { root, store, put } = make();
    put('in/x');
    for (const key of [
      '../out',
      'in/../../out',
      'in/..',
      '..',
      './in/x',
      'in//x',
      '/in/x',
      'in/',
      '',
      'nul\0byte',
    ]) {
      const refused = (error: unknown): boolean =>
        error instanceof TerminalError && !(error instanceof AlreadyExistsError);
      await assert.rejects(store.create(key, local(Buffer.from('evil'))), refused, key);
      await assert.rejects(store.read(key), refused, key);
      await assert.rejects(store.head(key), refused, key);
    }
    assert.deepEqual(readdirSync(root), ['in']);
    for (const prefix of ['../', 'in/../', './', 'in//', '/in/'])
      assert.deepEqual(await allKeys(store, prefix), [], prefix);
  });

  it('a file where a folder must be, or a folder where the object must be -> an error that is not "exists"', async () => {
    const { store, put } = make();
    put('file');
    put('folder/inside');
    for (const key of ['file/below', 'folder']) {
      await assert.rejects(
        store.create(key, local(Buffer.from('x'))),
        (error) =>
          error instanceof TerminalError &&
          !(error instanceof AlreadyExistsError) &&
          !(error instanceof ObjectNotFoundError),
        key,
      );
    }
  });

  it('a file name that is not UTF-8 -> an error, for no key could name it', async () => {
    const { root, store, put } = make();
    put('n/good');
    writeFileSync(Buffer.concat([Buffer.from(`${root}/n/bad-`), Buffer.from([0xff, 0xfe])]), 'x');
    await assert.rejects(store.list('n/'), TerminalError);
  });

  itIf(process.platform === 'linux', 'open files are counted in /proc')(
    'gives files back, also where nobody read a byte',
    async () => {
      const { store, put } = make();
      put('k', 'x'.repeat(1_000_000));
      const { etag } = (await store.head('k'))!;
      const before = openFiles();
      for (let round = 0; round < 20; round++) {
        for (const options of [{ etag }, {}, { start: 1, end: 1 }]) {
          const stream = await store.read('k', options);
          await new Promise((closed) => stream.once('close', closed).destroy());
        }
        await assert.rejects(store.read('k', { etag: 'other' }));
      }
      for (let wait = 0; wait < 200 && openFiles() > before; wait++)
        await new Promise((resolve) => setTimeout(resolve, 10));
      assert.ok(openFiles() <= before, `${openFiles()} open files, ${before} before`);
    },
  );
});

function openFiles(): number {
  return readdirSync('/proc/self/fd').length;
}

/** Permissions do not bind root, so root looks as somebody else meanwhile. */
async function asNobody(passable: readonly string[], shut: string, work: () => Promise<void>): Promise<void> {
  const root = process.geteuid?.() === 0;
  for (const path of passable) chmodSync(path, 0o755);
  chmodSync(shut, 0o000);
  if (root) process.seteuid?.(65_534);
  try {
    await work();
  } finally {
    if (root) process.seteuid?.(0);
    chmodSync(shut, 0o755);
  }
}
