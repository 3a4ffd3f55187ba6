import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIES_WITH_PARENT, startScript, type Container } from './container-root.ts';

/** What the kernel says of a process (proc(5)). */
export interface ProcessFacts {
  readonly env: Readonly<Record<string, string>>;
  /** Fields of its status, such as `Uid` and `CapEff`. */
  readonly status: Readonly<Record<string, string>>;
}

/** A container that runs. */
export interface Running {
  readonly log: string;
  /** Of the container's own process 1. */
  readonly process: () => ProcessFacts;
  /** Sends a signal to the container's own process 1. */
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Resolves with the exit code, 128 and the signal's number where a signal ended it. */
  readonly ended: Promise<number>;
}

/** The first process that a shell starts in a new pid namespace is its process 1; the shell tells how it ended, 128 and the signal. */
const FIRST_AND_ITS_END = '/bin/sh -eu "$0" & wait $!';

/**
 * Starts a process in namespaces of its own (mounts, pids, hostname): it is process 1, sees the given files and devices and nothing
 * else of this machine, its root is read-only, and it has no capability and no way to get one. It shares the machine's network.
 * Needs root.
 */
export function startContainer(container: Container): Running {
  const log = join(container.folder, 'container.log');
  const script = join(container.folder, 'start.sh');
  writeFileSync(script, startScript(container));
  const output = openSync(log, 'a');
  const namespaces = ['--mount', '--propagation', 'private', '--uts', '--pid'];
  const child = spawn(
    'setpriv',
    [...DIES_WITH_PARENT, 'unshare', ...namespaces, '/bin/sh', '-c', FIRST_AND_ITS_END, script],
    { cwd: '/', env: { PATH: process.env.PATH }, stdio: ['ignore', output, output], detached: true },
  );
  closeSync(output);
  return {
    log,
    process: () => factsOf(firstOf(child)),
    kill: (signal) => signalFirst(child, signal),
    ended: endOf(child),
  };
}

/** The shell's only child; 0 where there is none yet. */
const firstOf = ({ pid }: ChildProcess): number =>
  Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);

/** The shell passes no signals on. */
function signalFirst(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const first = firstOf(child);
  if (first > 0) process.kill(first, signal);
}

function factsOf(pid: number): ProcessFacts {
  const pairs = (file: string, between: string, divider: string): Record<string, string> =>
    Object.fromEntries(
      readFileSync(`/proc/${pid}/${file}`, 'utf8')
        .split(between)
        .filter((line) => line.includes(divider))
        .map((line) => [line.slice(0, line.indexOf(divider)), line.slice(line.indexOf(divider) + 1).trim()]),
    );
  return { env: pairs('environ', '\0', '='), status: pairs('status', '\n', ':') };
}

function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 128));
  });
}
