import assert from 'node:assert/strict';
import fs, { mkdirSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DirectoryStore } from '../../../workloads/adapters/directory/directory-store.ts';
import { TerminalError } from '../../../workloads/core/errors.ts';
import { localFiles } from '../../contract/store-bench.ts';
import { tempFolder } from '../../support/temp.ts';

/** The folders that were synced while some work was done. */
async function syncedBy(work: () => Promise<void>): Promise<string[]> {
  return (await allSyncedBy(work)).filter((path) => !path.includes('.logferry') && !path.includes('local-'));
}

/** The paths that were synced while some work was done: no power can be cut here, so the calls to the system are watched. */
async function allSyncedBy(work: () => Promise<void>): Promise<string[]> {
  const synced: string[] = [];
  const paths = new Map<number, string>();
  const { openSync, fsync } = fs;
  fs.openSync = (path, ...rest) => {
    const fd = openSync(path, ...rest);
    paths.set(fd, path as string);
    return fd;
  };
  const watched = (fd: number, callback: fs.NoParamCallback): void => {
    fsync(fd, (error) => {
      synced.push(paths.get(fd)!);
      callback(error);
    });
  };
  fs.fsync = Object.assign(watched, { __promisify__: fsync.__promisify__ });
  syncBuiltinESMExports();
  try {
    await work();
  } finally {
    Object.assign(fs, { openSync, fsync });
    syncBuiltinESMExports();
  }
  return synced.sort();
}

describe('power is cut after a create', () => {
  const folder = tempFolder();
  const local = localFiles(folder);

  it('every folder that was made is on disk under its name, from the first one’s parent down to the object', async () => {
    const root = join(folder, 'new/store');
    const store = new DirectoryStore(root);
    const at = (...parts: string[]): string => join(folder, ...parts);
    assert.deepEqual(await syncedBy(() => store.create('a/2026/k', local(Buffer.from('1')))), [
      folder,
      at('new'),
      at('new/store'),
      at('new/store/a'),
      at('new/store/a/2026'),
    ]);
    assert.deepEqual(await syncedBy(() => store.create('a/2027/k', local(Buffer.from('1')))), [
      at('new/store/a'),
      at('new/store/a/2027'),
    ]);
  });

  it('where a folder cannot be synced there is no object, now or later', async () => {
    const root = join(folder, 'broken');
    const store = new DirectoryStore(root);
    const { fsync } = fs;
    let calls = 0;
    const failing = (fd: number, callback: fs.NoParamCallback): void => {
      // The file itself is synced, and takes longer than the folder's failure.
      if (fs.fstatSync(fd).isFile()) setTimeout(() => fsync(fd, callback), 50);
      else callback(Object.assign(new Error('EIO'), { code: 'EIO' }));
      calls++;
    };
    fs.fsync = Object.assign(failing, { __promisify__: fsync.__promisify__ });
    syncBuiltinESMExports();
    try {
      await assert.rejects(store.create('a/k', local(Buffer.from('1'))), TerminalError);
      await sleep(100);
    } finally {
      Object.assign(fs, { fsync });
      syncBuiltinESMExports();
    }
    assert.ok(calls > 1);
    assert.equal(await store.head('a/k'), undefined);
    await store.create('a/k', local(Buffer.from('1')));
  });

  it('a root that was not there is on disk, too, where the object lies right in it', async () => {
    const root = join(folder, 'flat');
    const store = new DirectoryStore(root);
    assert.deepEqual(await syncedBy(() => store.create('k', local(Buffer.from('1')))), [folder, root]);
  });

  it('the bytes are on disk under the name that they had, of which the object’s is a link', async () => {
    const store = new DirectoryStore(join(folder, 'linked'));
    const file = local(Buffer.from('1'));
    assert.ok((await allSyncedBy(() => store.create('k', file))).includes(file.path));
  });

  it('where every folder was there only the object’s own is synced', async () => {
    const root = join(folder, 'there');
    mkdirSync(join(root, 'a/b'), { recursive: true });
    const store = new DirectoryStore(root);
    assert.deepEqual(await syncedBy(() => store.create('a/b/k', local(Buffer.from('1')))), [
      join(root, 'a/b'),
    ]);
  });
});
