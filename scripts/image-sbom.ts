import { execFileSync } from 'node:child_process';
import type { Lockfile } from './image-packages.ts';

/** Bytes of npm's whole bill: a few hundred packages at some KiB each. */
const MAX_BILL_BYTES = 64 * 2 ** 20;

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
}

interface Dependency {
  readonly ref: string;
  readonly dependsOn: readonly string[];
}

/** A CycloneDX bill of materials, as far as it is looked at. */
export interface Bom {
  readonly bomFormat: 'CycloneDX';
  readonly serialNumber?: string | undefined;
  readonly metadata: { readonly timestamp?: string | undefined; readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly Dependency[];
}

/**
 * The bill of what an image holds of npm's packages: npm's own, made of the lockfile, without those that are in no file of the image
 * (for other platforms, or shaken off by the bundler). It carries neither time nor number: the same checkout gives the same image.
 * @param paths Folders of the packages in the image, as the lockfile names them.
 * @throws Error where npm's bill lacks a package.
 */
export function imageSbom(root: string, lockfile: Lockfile, paths: readonly string[]): Bom {
  const whole = JSON.parse(
    execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: MAX_BILL_BYTES,
    }),
  ) as Bom;
  const wanted = new Set(paths.map((path) => `${nameOf(path)}@${lockfile[path]?.version ?? ''}`));
  const components = whole.components.filter(({ name, version }) => wanted.has(`${name}@${version}`));
  const missing = [...wanted].filter(
    (each) => !components.some(({ name, version }) => `${name}@${version}` === each),
  );
  if (missing.length > 0)
    throw new Error(
      `expected npm's bill of materials to list all that is in the image, it lacks ${missing.join(', ')}`,
    );
  const { component } = whole.metadata;
  // npm names the root after the folder that it lies in.
  const name = component['bom-ref'].replace(/@[^@]*$/, '');
  const refs = new Set([component, ...components].map((each) => each['bom-ref']));
  const dependencies = whole.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => refs.has(each)) }));
  const metadata = { ...whole.metadata, timestamp: undefined, component: { ...component, name } };
  // JSON has no undefined: what is so is left out.
  return { ...whole, serialNumber: undefined, metadata, components, dependencies };
}

/** `@a/b` of `node_modules/x/node_modules/@a/b`. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
