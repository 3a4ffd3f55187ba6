import { execFileSync } from 'node:child_process';
import { messageOf } from '../../../../workloads/core/errors.ts';

/** Why this machine cannot run pods as processes, or undefined where it can. */
export function houseProblem(): string | undefined {
  if (process.platform !== 'linux')
    return `containers are made of Linux namespaces, this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'mounting into containers, and port 443, take root';
  try {
    execFileSync('unshare', ['--mount', '--uts', '--pid', '--fork', 'setpriv', '--no-new-privs', 'true'], {
      stdio: 'pipe',
    });
    execFileSync('openssl', ['version'], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return `unshare, setpriv (util-linux) and openssl have to work: ${messageOf(error)}`;
  }
}
