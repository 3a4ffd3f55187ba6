import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { PeakWatch } from './peak.ts';

/** A command as a person would type it, and what of its environment is not the caller's. */
export interface Command {
  readonly argv: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** What a command and all that it started used, once it has ended. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** The most memory that was resident (VmHWM), each process's own added up; undefined where there is no /proc. */
  readonly peakBytes: number | undefined;
  readonly stdout: string;
}

/** A command that did not end well. */
export class CommandError extends Error {
  constructor({ argv }: Command, code: number | null, stdout: string, stderr: string) {
    super(`${argv.join(' ')}\nended with ${code ?? 'a signal'}:\n${stdout}${stderr}`);
  }
}

/**
 * Bash's `time` tells what the kernel charged to a command and its children, in milliseconds; a look at /proc would miss all since the
 * last look. It goes to a descriptor of its own, so that nothing is mixed with what the command prints.
 */
const TIMED = 'TIMEFORMAT=\'%U %S %R\'; exec 4>&2; { time "$@" 2>&4 3>&- 4>&-; } 2>&3';

/** What the command keeps of the caller's environment: no NODE_OPTIONS or LOGFERRY_* of a person changes a figure. */
const KEPT = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL'];

/** Runs a command and measures it. @throws CommandError where it ends with anything but 0. */
export async function measure(command: Command): Promise<Usage> {
  const child = spawn('bash', ['-c', TIMED, 'bash', ...command.argv], {
    cwd: command.cwd,
    env: { ...keptEnvironment(), ...command.env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const watch = new PeakWatch(child.pid);
  const [, stdoutPipe, stderrPipe, times] = child.stdio as unknown as readonly Readable[];
  const [code, stdout, stderr, timed] = await Promise.all([
    new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve)),
    text(stdoutPipe!),
    text(stderrPipe!),
    text(times!),
  ]).finally(() => watch.stop());
  if (code !== 0) throw new CommandError(command, code, stdout, stderr);
  const [user = NaN, system = NaN, wallSeconds = NaN] = timed.trim().split(' ').map(Number);
  return { cpuSeconds: user + system, wallSeconds, peakBytes: watch.peakBytes, stdout };
}

function keptEnvironment(): Record<string, string> {
  const kept = KEPT.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  // Bash writes its figures with the locale's decimal sign.
  return { ...Object.fromEntries(kept), LC_NUMERIC: 'C' };
}
