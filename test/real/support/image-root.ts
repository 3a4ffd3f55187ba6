import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** What a container runtime is told of a container. */
export interface ContainerSpec {
  /** The image's files. */
  readonly root: string;
  readonly command: readonly string[];
  /** Exactly these variables. */
  readonly env: Readonly<Record<string, string>>;
  /** Folders of this machine by where they are in the container; only these can be written to. */
  readonly volumes: Readonly<Record<string, string>>;
  readonly user: number;
}

/**
 * Runs a container as a pod's security context asks for: a mount namespace of its own, the root read-only, another user
 * without capabilities, and of this machine only /proc and /dev.
 */
export function runContainer({ root, command, env, volumes, user }: ContainerSpec): {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  const mounts = Object.entries(volumes).map(([path, folder]) => {
    chmodSync(folder, 0o777);
    return `mount --bind '${folder}' '${mountPoint(root, path)}'`;
  });
  const script = [
    'set -e',
    `mount --bind '${root}' '${root}'`,
    ...mounts,
    `mount -t proc proc '${mountPoint(root, '/proc')}'`,
    `mount --bind /dev '${mountPoint(root, '/dev')}'`,
    `mount -o remount,bind,ro '${root}'`,
    // Whoever becomes another user loses root's capabilities with it.
    `exec setpriv --no-new-privs chroot --userspec=${user}:${user} --groups=${user} '${root}' "$@"`,
  ].join('\n');
  const { status, stdout, stderr, error } = spawnSync(
    'unshare',
    ['--mount', '--pid', '--fork', '--', 'sh', '-c', script, 'sh', ...command],
    // PATH is what a runtime sets, too.
    { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...env }, encoding: 'utf8' },
  );
  if (error !== undefined) throw error;
  return { code: status, stdout, stderr };
}

function mountPoint(root: string, path: string): string {
  const point = join(root, path);
  mkdirSync(point, { recursive: true });
  return point;
}
