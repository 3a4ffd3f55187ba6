import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** An entry of package-lock.json, as far as it is read. */
export interface LockedPackage {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** What package-lock.json says of each package, by its folder: `node_modules/a/node_modules/b`. */
export type Lockfile = Readonly<Record<string, LockedPackage>>;

export async function readLockfile(root: string): Promise<Lockfile> {
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Lockfile;
  };
  return packages;
}

/** Folders of the packages that some part of the bundle comes from. */
export function bundledPackages({ outputs }: Metafile): string[] {
  const files = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
  const folders = files.flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders)].toSorted();
}

/**
 * Folders of these packages and of all that they depend on, as they are installed: optional ones only where npm found them fit for this
 * platform.
 * @throws Error where one that is needed is not there.
 */
export function installedPackages(lockfile: Lockfile, root: string, names: readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (name: string, from: string, isOptional: boolean): void => {
    const path = resolve(lockfile, root, name, from);
    if (path === undefined) {
      if (isOptional) return;
      throw new Error(
        `${from || 'the image'} needs ${name}: expected it in node_modules, found none; run "npm ci"`,
      );
    }
    if (found.has(path)) return;
    found.add(path);
    const { dependencies = {}, optionalDependencies = {} } = lockfile[path]!;
    for (const each of Object.keys(dependencies)) visit(each, path, each in optionalDependencies);
    for (const each of Object.keys(optionalDependencies)) visit(each, path, true);
  };
  for (const name of names) visit(name, '', false);
  return [...found].toSorted();
}

/** The folder in which Node finds a package from another one's folder: the nearest node_modules on the way up. */
function resolve(lockfile: Lockfile, root: string, name: string, from: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (path in lockfile && existsSync(join(root, path))) return path;
    if (folder === '') return undefined;
  }
}
