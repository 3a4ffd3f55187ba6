import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REAL = fileURLToPath(new URL('..', import.meta.url));

/** Where test/real/build.ts puts the programs; git ignores it. Put it on PATH to run them by hand. */
export const BIN = join(REAL, '.bin');

/** Programs that one Go module brings; the module's version is pinned in the go.mod of the group's folder. */
export interface ToolGroup {
  /** Folder of go.mod, go.sum and tools.go. */
  readonly folder: string;
  readonly module: string;
  /** Path of the `main` package below the module, by the program's name; empty where the module itself is the program. */
  readonly packages: Readonly<Record<string, string>>;
  /** Variables that the linker sets, so that a program tells the version it was built from (go.mod's form, `v1.34.0`). */
  readonly variables: (version: string) => Readonly<Record<string, string>>;
}

/** Every program that test/real/build.ts builds. */
export const GROUPS: readonly ToolGroup[] = [
  {
    folder: join(REAL, 'pulumi'),
    module: 'github.com/pulumi/pulumi/pkg/v3',
    packages: { pulumi: 'cmd/pulumi' },
    variables: (version) => ({ 'github.com/pulumi/pulumi/sdk/v3/go/common/version.Version': version }),
  },
  {
    // What the engine starts for `runtime: nodejs`; it runs the program by the project's own SDK. The host only passes on arguments and
    // output, by a protocol that its successors still speak; newer ones are a Go module of their own, which no module proxy serves.
    folder: join(REAL, 'language-nodejs'),
    module: 'github.com/pulumi/pulumi/sdk/v3',
    packages: { 'pulumi-language-nodejs': 'nodejs/cmd/pulumi-language-nodejs' },
    variables: (version) => ({ 'github.com/pulumi/pulumi/sdk/v3/go/common/version.Version': version }),
  },
  {
    folder: join(REAL, 'kubernetes'),
    module: 'k8s.io/kubernetes',
    packages: {
      'kube-apiserver': 'cmd/kube-apiserver',
      'kube-controller-manager': 'cmd/kube-controller-manager',
    },
    variables: kubernetesVersion,
  },
  {
    folder: join(REAL, 'actionlint'),
    module: 'github.com/rhysd/actionlint',
    packages: { actionlint: 'cmd/actionlint' },
    variables: (version) => ({ 'github.com/rhysd/actionlint.version': version.slice(1) }),
  },
  {
    folder: join(REAL, 'fake-gcs-server'),
    module: 'github.com/fsouza/fake-gcs-server',
    packages: { 'fake-gcs-server': '' },
    variables: () => ({}),
  },
  {
    folder: join(REAL, 'bigquery-emulator'),
    module: 'github.com/goccy/bigquery-emulator',
    packages: { 'bigquery-emulator': 'cmd/bigquery-emulator' },
    variables: (version) => ({ 'main.version': version.slice(1) }),
  },
];

/** What Kubernetes’ own build sets (hack/lib/version.sh). */
function kubernetesVersion(version: string): Record<string, string> {
  const [major = '', minor = ''] = version.slice(1).split('.');
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  return Object.fromEntries(
    ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((path) =>
      Object.entries(values).map(([name, value]) => [`${path}.${name}`, value]),
    ),
  );
}

/** The version that the group's go.mod pins, such as `v1.34.0`. */
export function pinnedVersion({ folder, module }: ToolGroup): string {
  const file = join(folder, 'go.mod');
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .map((text) => text.trim().replace(/^require\s+/, ''))
    .find((text) => text.startsWith(`${module} v`));
  if (line === undefined) throw new Error(`${file}: expected a line "require ${module} vX.Y.Z", found none`);
  return line.split(/\s+/)[1]!;
}

/** The `go build` arguments of a group, without output and packages. */
export function buildFlags(group: ToolGroup): string[] {
  const variables = Object.entries(group.variables(pinnedVersion(group)));
  const linker = ['-s', '-w', ...variables.map(([name, value]) => `-X ${name}=${value}`)].join(' ');
  return ['-mod=readonly', '-trimpath', '-buildvcs=false', `-ldflags=${linker}`];
}

/** A hash of everything that decides what a group's programs are: another pin, sum, flag or machine gives another key. */
export function buildKey(group: ToolGroup): string {
  const hash = createHash('sha256');
  for (const name of ['go.mod', 'go.sum']) hash.update(readFileSync(join(group.folder, name)));
  hash.update(JSON.stringify([group.packages, buildFlags(group), process.platform, process.arch]));
  return hash.digest('hex');
}

/** Holds the key that a group's programs were built with, one file a program. */
export const keyFile = (name: string): string => join(BIN, `${name}.key`);

/** Whether a program was built from the pins of this checkout. */
export function isCurrent(group: ToolGroup, name: string): boolean {
  return (
    existsSync(join(BIN, name)) &&
    existsSync(keyFile(name)) &&
    readFileSync(keyFile(name), 'utf8') === buildKey(group)
  );
}

/**
 * Path of a program that test/real/build.ts builds, such as `pulumi`.
 * Throws where it was never built, or from pins other than this checkout's.
 */
export function tool(name: string): string {
  const group = GROUPS.find(({ packages }) => name in packages);
  if (group === undefined) {
    const known = GROUPS.flatMap(({ packages }) => Object.keys(packages)).join(', ');
    throw new Error(`test/real builds no program "${name}": expected one of ${known}`);
  }
  if (isCurrent(group, name)) return join(BIN, name);
  const found = existsSync(join(BIN, name)) ? 'one that was built from other pins' : 'nothing';
  throw new Error(
    `${name} ${pinnedVersion(group)} is needed in ${BIN}, found ${found}: run node test/real/build.ts`,
  );
}

/** Where a program that the system brings is found: the first on PATH, then in /usr/bin, which some PATHs leave out. */
function systemTool(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Path of `etcd`, in which the API server keeps its objects. Throws where it is not installed. */
export function etcd(): string {
  const path = systemTool('etcd');
  if (path !== undefined) return path;
  throw new Error(
    'etcd is needed (kube-apiserver keeps its objects in it), found none on PATH nor in /usr/bin: ' +
      'install it with "apt-get install etcd-server" (Debian, Ubuntu) or from https://github.com/etcd-io/etcd/releases',
  );
}
