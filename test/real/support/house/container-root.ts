import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A process to run as a container runtime does. */
export interface Container {
  /** Of its own; its root and its log lie here. */
  readonly folder: string;
  readonly hostname: string;
  /** Path on this machine by path in the container. */
  readonly readOnly: Readonly<Record<string, string>>;
  readonly writable: Readonly<Record<string, string>>;
  /** Content by path: `/etc/hosts`. */
  readonly files: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  /** All of it: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly user: number;
  readonly group: number;
  /** Joined by writing 0. */
  readonly cgroupFiles: readonly string[];
}

const DEVICES = ['/dev/null', '/dev/zero', '/dev/random', '/dev/urandom'];

/** For setpriv: nobody would be left to tell how it ended. */
export const DIES_WITH_PARENT = ['--pdeathsig', 'KILL'];

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** A shell script that, as process 1 of new namespaces, puts the container's root together and becomes its command. */
export function startScript(container: Container): string {
  const { folder, readOnly, writable, files, cgroupFiles, hostname } = container;
  const root = join(folder, 'root');
  makeRoot(root, container);
  const bind = (from: string, to: string): string => `mount --bind ${quoted(from)} ${quoted(root + to)}`;
  const seal = (to: string): string => `mount -o remount,bind,ro ${quoted(root + to)}`;
  const written = Object.keys(files).map((path) => [path, join(folder, 'files', path)] as const);
  const sealed = [...Object.entries(readOnly), ...written.map(([path, from]) => [path, from] as const)];
  return [
    ...cgroupFiles.map((file) => `echo 0 > ${quoted(file)}`),
    `echo ${quoted(hostname)} > /proc/sys/kernel/hostname`,
    `mount --bind ${quoted(root)} ${quoted(root)}`,
    ...sealed.flatMap(([to, from]) => [bind(from, to), seal(to)]),
    ...Object.entries(writable).map(([to, from]) => bind(from, to)),
    ...DEVICES.map((device) => bind(device, device)),
    `mount -t proc proc ${quoted(`${root}/proc`)}`,
    seal(''),
    `exec ${becoming(container, root).map(quoted).join(' ')}`,
    '',
  ].join('\n');
}

function becoming({ env, user, group, command }: Container, root: string): string[] {
  return [
    ...['env', '-i', ...Object.entries(env).map(([name, value]) => `${name}=${value}`)],
    ...['/usr/sbin/chroot', root, '/usr/bin/setpriv', `--reuid=${user}`, `--regid=${group}`],
    ...[
      ...DIES_WITH_PARENT,
      `--groups=${group}`,
      '--no-new-privs',
      '--bounding-set=-all',
      '--inh-caps=-all',
      '--',
    ],
    ...command,
  ];
}

/** Empty folders and files for everything to be mounted on, and the links that a merged /usr has. */
function makeRoot(root: string, { folder, readOnly, writable, files }: Container): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, 'files', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    placeholder(root, path, false);
  }
  for (const [to, from] of Object.entries({ ...readOnly, ...writable }))
    placeholder(root, to, statSync(from).isDirectory());
  for (const device of DEVICES) placeholder(root, device, false);
  for (const path of ['/proc', '/tmp']) placeholder(root, path, true);
  for (const name of ['bin', 'lib', 'lib64']) symlinkSync(`usr/${name}`, join(root, name));
}

function placeholder(root: string, path: string, isFolder: boolean): void {
  mkdirSync(isFolder ? join(root, path) : dirname(join(root, path)), { recursive: true });
  if (!isFolder) writeFileSync(join(root, path), '');
}
