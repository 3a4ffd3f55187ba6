import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DirectoryStore } from '../../workloads/adapters/directory/directory-store.ts';
import type { StoreBench, StoreDifferences } from './store-bench.ts';

/** A directory, and a producer that writes files into it with what the system has. */
export async function directoryBench(root: string): Promise<StoreBench> {
  await mkdir(root, { recursive: true });
  const put = async (key: string, bytes: Buffer): Promise<void> => {
    await mkdir(dirname(join(root, key)), { recursive: true });
    await writeFile(join(root, key), bytes);
  };
  return {
    store: new DirectoryStore(root),
    put,
    overwrite: async (key, bytes) => {
      const path = join(root, key);
      const { mtimeNs } = await stat(path, { bigint: true });
      // File systems stamp files by the kernel's clock tick (1 to 10 ms): within one, two writes of one size are one version.
      do {
        await writeFile(path, bytes);
        await sleep(2);
      } while ((await stat(path, { bigint: true })).mtimeNs === mtimeNs);
    },
    remove: (key) => rm(join(root, key)),
  };
}

export const DIRECTORY_DIFFERENCES: StoreDifferences = {
  nestedKeys: 'a path is a file or a folder, never both',
  emptyParts: 'a path has no empty parts',
};
