import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A process and all that came of it, by the process table of POSIX `ps`. */
async function treeOf(pid: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const below = (parent: number): number[] =>
    pairs.filter(([, of]) => of === parent).flatMap(([child]) => [child, ...below(child)]);
  return [pid, ...below(pid)];
}

/** SIGKILL to a process and all below it: nobody gets to tidy up. The parent goes first, so that it starts nothing new. */
export async function killTree(pid: number): Promise<void> {
  for (const each of await treeOf(pid)) {
    try {
      process.kill(each, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
