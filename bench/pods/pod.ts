import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { recordEnvironment } from '../../test/support/program.ts';
import type { Cgroup } from '../../test/real/support/cgroup.ts';

/** A CronJob of the program, by its resource's name. */
export type Workload = 'classifier' | 'loader-fast';

/** What the pods of a CronJob are started with, as the Pulumi program declares it. */
export interface PodEnvironment {
  readonly env: Readonly<Record<string, string>>;
}

interface CronJobInputs {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly jobTemplate: {
      readonly spec: {
        readonly template: {
          readonly spec: {
            readonly containers: readonly { readonly env: readonly { name: string; value: string }[] }[];
          };
        };
      };
    };
  };
}

/** The environment of each CronJob's container in the committed stack file of dev, by the CronJob's name in the cluster. */
export async function podEnvironments(): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
  const { registrations } = await recordEnvironment('dev');
  return new Map(
    registrations
      .filter(({ type }) => type === 'kubernetes:batch/v1:CronJob')
      .map(({ inputs }) => {
        const { metadata, spec } = inputs as unknown as CronJobInputs;
        const [container] = spec.jobTemplate.spec.template.spec.containers;
        return [
          metadata.name,
          Object.fromEntries(
            (container?.env ?? []).map(({ name, value }) => [name, value.replaceAll('$$', '$')]),
          ),
        ] as const;
      }),
  );
}

/** What a process used, and how it ended. */
export interface Usage {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The most memory that was resident at once (VmHWM), in bytes. */
  readonly peakBytes: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Milliseconds between two looks at a process: its memory's high-water mark only rises, so that no more than its last rise is missed. */
const LOOK_MS = 20;

/** The unit of times in /proc/<pid>/stat: USER_HZ, 100 a second on every architecture of Linux that Node runs on. */
const TICKS_A_SECOND = 100;

/** Runs a program with exactly this environment, within a cgroup where one is given, and measures it. Linux only. */
export async function measure(
  [program, ...args]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
  cgroup?: Cgroup,
): Promise<Usage> {
  const started = performance.now();
  // The shell enters the cgroup and becomes the program: no memory of it is counted elsewhere.
  const enter = (cgroup?.procs ?? []).map((file) => `echo $$ > ${file}; `).join('');
  const child = spawn('/bin/sh', ['-c', `${enter}exec "$@"`, 'sh', program, ...args], {
    cwd: '/',
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  let [peakBytes, cpuSeconds] = [0, 0];
  const look = (): void => {
    const seen = child.pid === undefined ? undefined : usageOf(child.pid);
    if (seen === undefined) return;
    peakBytes = Math.max(peakBytes, seen.peakBytes);
    cpuSeconds = Math.max(cpuSeconds, seen.cpuSeconds);
  };
  const timer = setInterval(look, LOOK_MS);
  const { code, signal } = await new Promise<Pick<Usage, 'code' | 'signal'>>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, exitSignal) => resolve({ code: exitCode, signal: exitSignal }));
  }).finally(() => clearInterval(timer));
  return {
    code,
    signal,
    stdout,
    stderr,
    peakBytes,
    cpuSeconds,
    seconds: (performance.now() - started) / 1_000,
  };
}

/** What a process has used until now; undefined once it has ended. */
function usageOf(pid: number): { peakBytes: number; cpuSeconds: number } | undefined {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    if (kibibytes === undefined) return undefined;
    // Behind the name, which may hold spaces: utime and stime are the 14th and 15th fields (proc(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { peakBytes: Number(kibibytes) * 1_024, cpuSeconds: ticks / TICKS_A_SECOND };
  } catch {
    return undefined;
  }
}
