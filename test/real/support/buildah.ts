import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Why no image can be built here, or undefined where one can. */
export function buildahProblem(): string | undefined {
  if (process.platform !== 'linux') return 'buildah is a program of Linux';
  if (process.getuid?.() !== 0) return 'building in a chroot wants root';
  const { error } = spawnSync('buildah', ['--version']);
  return error === undefined ? undefined : 'buildah is not installed (apt-get install buildah)';
}

/** What is wrong with an image is in buildah's last lines. */
const TAIL_LINES = 25;

/** Images of their own below a folder, built without a container engine. */
export class Buildah {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Runs buildah. @returns What it printed. @throws with the end of what it said. */
  run(...args: readonly string[]): string {
    const [root, runroot] = [join(this.#folder, 'store'), join(this.#folder, 'run')];
    const { status, stdout, stderr, error } = spawnSync(
      'buildah',
      ['--root', root, '--runroot', runroot, '--storage-driver', 'vfs', ...args],
      { encoding: 'utf8', maxBuffer: 2 ** 26 },
    );
    if (error !== undefined) throw error;
    if (status === 0) return stdout.trim();
    const said = `${stdout}${stderr}`.split('\n').slice(-TAIL_LINES).join('\n');
    throw new Error(`buildah ${args[0] ?? ''} ended with ${String(status)}:\n${said}`);
  }

  /** Makes an image of a folder's files. */
  imageOf(files: string, name: string, env: Readonly<Record<string, string>>): void {
    const container = this.run('from', 'scratch');
    this.run('add', container, files, '/');
    const given = Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
    this.run('config', ...given, container);
    this.run('commit', '--quiet', container, name);
    this.run('rm', container);
  }
}

/**
 * The files of a base with this machine's Node, in place of those that a registry would give: Node as `node`, the libraries that it
 * and the native packages are linked against, and nothing else.
 * @param node Where the base has Node, from its root.
 */
export function writeBase(folder: string, node: string, natives: readonly string[]): void {
  mkdirSync(join(folder, 'tmp'), { recursive: true, mode: 0o1777 });
  copy(realpathSync(process.execPath), join(folder, node));
  for (const library of [process.execPath, ...natives].flatMap(librariesOf))
    copy(library, join(folder, library));
}

/** What building wants besides: a shell, npm, and whom to trust. */
export function addBuildTools(folder: string): void {
  copy('/bin/sh', join(folder, 'bin/sh'));
  for (const library of librariesOf('/bin/sh')) copy(library, join(folder, library));
  const npm = dirname(
    dirname(realpathSync(execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim())),
  );
  cpSync(npm, join(folder, 'usr/local/lib/node_modules/npm'), { recursive: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(folder, 'usr/local/bin/npm'));
  copy('/usr/bin/env', join(folder, 'usr/bin/env'));
  copy('/etc/ssl/certs/ca-certificates.crt', join(folder, CERTIFICATES));
}

/** Debian's place for the certificates of authorities, as NODE_EXTRA_CA_CERTS takes it. */
export const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** Paths of the shared libraries of a program, the loader among them. */
function librariesOf(program: string): string[] {
  return [...execFileSync('ldd', [program], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g)].map(
    ([, path]) => path!,
  );
}

function copy(from: string, to: string): void {
  if (existsSync(to)) return;
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}
