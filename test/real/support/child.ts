import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * Becomes the program, and leaves a watcher that kills it once its own standard input ends: the other end of that pipe is this
 * process, so the program dies with it, also when it is killed and no exit hook runs.
 */
const DIE_WITH_PARENT =
  'exec 3<&0; (cat <&3 >/dev/null; kill -KILL $$ 2>/dev/null) & exec "$@" 3<&- </dev/null';

/** Lines of a log that an error shows: a Go program's last words, with some of what led there. */
const TAIL_LINES = 20;

/** A server that runs until `kill`, and never longer than this process. */
export interface Child {
  readonly name: string;
  /** File of all that it writes. */
  readonly log: string;
  /** How it ended, such as `1` or `SIGKILL`; undefined while it runs. */
  readonly end: () => string | undefined;
  /** Kills it, and waits until it is gone. */
  readonly kill: () => Promise<void>;
}

/** Starts a program with its log in `folder`, in which it also works. It sees PATH and `env`, nothing else of the environment. */
export function startChild(
  folder: string,
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Child {
  const name = basename(program);
  const log = join(folder, `${name}.log`);
  const output = openSync(log, 'a');
  // A process group of its own: an interrupt at the terminal reaches the tests, which then stop it.
  const child = spawn('/bin/sh', ['-c', DIE_WITH_PARENT, 'sh', program, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', output, output],
    detached: true,
  });
  closeSync(output);
  let end: string | undefined;
  const ended = new Promise<void>((resolve) => {
    const settle = (how: string): void => {
      end = how;
      child.stdin?.destroy();
      resolve();
    };
    child.once('exit', (code, signal) => settle(String(code ?? signal)));
    child.once('error', (error) => settle(error.message));
  });
  const kill = async (): Promise<void> => {
    if (end === undefined) child.kill('SIGKILL');
    await ended;
  };
  return { name, log, end: () => end, kill };
}

/** The last lines of a child's log, for an error. */
export function tail({ name, log }: Child): string {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-TAIL_LINES);
  return `The end of ${name}’s log (${log}):\n${lines.join('\n')}`;
}
