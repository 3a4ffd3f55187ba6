import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { main } from '../../workloads/cli/main.ts';

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  /** JSON lines, as a machine gets them. */
  readonly stderr: string;
}

/** A command line run in this process, as off a terminal. */
export async function cli(
  args: readonly string[],
  {
    env = {},
    signal = new AbortController().signal,
  }: { env?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<CliResult> {
  let stdout = '';
  let stderr = '';
  const code = await main(args, {
    env,
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    interactive: false,
    signal,
    terminal: undefined,
  });
  return { code, stdout, stderr };
}

const CLI = fileURLToPath(new URL('../../workloads/cli.ts', import.meta.url));

/** A command line run in a process of its own; `imports` are loaded before it. A killed one has code -1. */
export function cliProcess(
  args: readonly string[],
  { env = {}, imports = [] }: { env?: Record<string, string>; imports?: readonly string[] } = {},
): Promise<CliResult & { readonly signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...imports.flatMap((path) => ['--import', path]), CLI, ...args], {
      env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code: code ?? -1, signal, stdout, stderr }));
  });
}
