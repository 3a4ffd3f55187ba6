import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../workloads/core/errors.ts';

const ROOT = '/sys/fs/cgroup';

/** Microseconds in which a cgroup's share of a core is counted: what the kubelet sets (`cpuCFSQuotaPeriod`, 100 ms). */
const PERIOD_MICROS = 100_000;

/** What the processes of a cgroup may use together. */
export interface CgroupLimits {
  readonly memoryBytes: number;
  /** Thousandths of a core. */
  readonly cpuMillis: number;
}

/** A cgroup with limits, as the kubelet makes one for each container. */
export interface Cgroup {
  /** Files that a process writes its id into to come under the limits. */
  readonly procs: readonly string[];
  /** The most that it ever held, file cache included: that is given back when memory is short, so it may reach the limit. */
  readonly peakBytes: () => number;
  /** Processes that the kernel killed for want of memory. */
  readonly oomKills: () => number;
  /** Periods in which it was held back, of all in which it ran. */
  readonly throttled: () => { readonly periods: number; readonly of: number };
  /** To be called once its processes have ended. */
  readonly remove: () => void;
}

/** Why this machine lets nobody make a cgroup with limits, or undefined where it does. */
export function cgroupProblem(): string | undefined {
  try {
    makeCgroup({ memoryBytes: 2 ** 27, cpuMillis: 100 }).remove();
    return undefined;
  } catch (error) {
    return `no cgroup can be made below ${ROOT}: ${messageOf(error)}`;
  }
}

/** Makes a cgroup, of version 2 where memory is one of its controllers, else of version 1. @throws where that is not allowed. */
export function makeCgroup(limits: CgroupLimits): Cgroup {
  const name = `logferry-${randomUUID().slice(0, 8)}`;
  const controllers = join(ROOT, 'cgroup.controllers');
  const unified =
    existsSync(controllers) && readFileSync(controllers, 'utf8').split(/\s+/).includes('memory');
  return unified ? version2(join(ROOT, name), limits) : version1(name, limits);
}

function version2(folder: string, { memoryBytes, cpuMillis }: CgroupLimits): Cgroup {
  return made([folder], () => {
    const quota = (cpuMillis * PERIOD_MICROS) / 1_000;
    set(folder, 'memory.max', memoryBytes);
    if (existsSync(join(folder, 'memory.swap.max'))) set(folder, 'memory.swap.max', 0);
    set(folder, 'cpu.max', `${quota} ${PERIOD_MICROS}`);
    return {
      peakBytes: () => Number(get(folder, 'memory.peak')),
      oomKills: () => field(folder, 'memory.events', 'oom_kill'),
      throttled: () => throttling(folder),
    };
  });
}

function version1(name: string, { memoryBytes, cpuMillis }: CgroupLimits): Cgroup {
  const [memory, cpu] = [join(ROOT, 'memory', name), join(ROOT, 'cpu', name)];
  return made([memory, cpu], () => {
    set(memory, 'memory.limit_in_bytes', memoryBytes);
    if (existsSync(join(memory, 'memory.memsw.limit_in_bytes')))
      set(memory, 'memory.memsw.limit_in_bytes', memoryBytes);
    set(cpu, 'cpu.cfs_period_us', PERIOD_MICROS);
    set(cpu, 'cpu.cfs_quota_us', (cpuMillis * PERIOD_MICROS) / 1_000);
    return {
      peakBytes: () => Number(get(memory, 'memory.max_usage_in_bytes')),
      oomKills: () => field(memory, 'memory.oom_control', 'oom_kill'),
      throttled: () => throttling(cpu),
    };
  });
}

/** Makes the folders, which are the cgroup, and leaves none behind where its limits cannot be set. */
function made(folders: readonly string[], limit: () => Omit<Cgroup, 'procs' | 'remove'>): Cgroup {
  const remove = (): void =>
    folders.filter((folder) => existsSync(folder)).forEach((folder) => rmdirSync(folder));
  try {
    for (const folder of folders) mkdirSync(folder);
    return { procs: folders.map((folder) => join(folder, 'cgroup.procs')), ...limit(), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function set(folder: string, file: string, value: number | string): void {
  writeFileSync(join(folder, file), String(value));
}

function get(folder: string, file: string): string {
  return readFileSync(join(folder, file), 'utf8').trim();
}

/** One of the numbers of a file of `name value` lines. */
function field(folder: string, file: string, name: string): number {
  const line = get(folder, file)
    .split('\n')
    .find((each) => each.startsWith(`${name} `));
  return Number(line?.split(' ')[1] ?? Number.NaN);
}

function throttling(folder: string): { periods: number; of: number } {
  return { periods: field(folder, 'cpu.stat', 'nr_throttled'), of: field(folder, 'cpu.stat', 'nr_periods') };
}
