import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageEnvironment, readDockerfile } from '../../test/support/dockerfile.ts';
import { makeCgroup, type CgroupLimits } from '../../test/real/support/cgroup.ts';
import type { Clouds } from './clouds.ts';
import { HOUR } from './hour.ts';
import { measure, podEnvironments, type Usage } from './pod.ts';

/** What a run in a cgroup adds: how near it came to its limits. */
export interface CgroupUsage {
  readonly peakBytes: number;
  readonly oomKills: number;
  readonly throttled: { readonly periods: number; readonly of: number };
}

/** A workload's run. */
export interface Run extends Usage {
  readonly cgroup?: CgroupUsage;
}

const DOCKERFILE = new URL('../../workloads/Dockerfile', import.meta.url);

/** The commands that a pod runs, and the CronJob whose environment it has. The loader takes all lanes: the whole hour is one pod's. */
const COMMANDS = {
  classify: { cronJob: 'classifier', args: ['classify', HOUR, '--json'] },
  load: { cronJob: 'loader-fast', args: ['load', HOUR, '--json'] },
} as const;

export type Command = keyof typeof COMMANDS;

/** Where things are that differ from the pod's; what is not named is as the pod has it. */
export interface Places {
  readonly source: string;
  readonly staging: string;
  readonly warehouse: string;
}

/**
 * Runs a workload from the bundle as a pod of the program would: its environment is the image's and the CronJob's, but for the addresses of
 * the clouds, the folders, and the certificate of the stand-ins.
 * @param folder For scratch, token and the like; must be empty of other runs.
 */
export async function runWorkload(
  command: Command,
  { bundle, folder, clouds, places = clouds.urls, limits }: Setup,
): Promise<Run> {
  const { cronJob, args } = COMMANDS[command];
  const pod = (await podEnvironments()).get(cronJob);
  if (pod === undefined) throw new Error(`the program has no CronJob "${cronJob}"`);
  const work = mkdtempSync(join(folder, `${command}-`));
  const [scratch, token] = [join(work, 'scratch'), join(work, 'aws-token')];
  mkdirSync(scratch);
  writeFileSync(token, 'a.projected.token');
  const env = {
    ...imageEnvironment(readDockerfile(readFileSync(DOCKERFILE, 'utf8'))),
    ...without(pod, ['GOOGLE_APPLICATION_CREDENTIALS', 'LOGFERRY_RECORDS']),
    ...('AWS_ROLE_ARN' in pod ? { AWS_WEB_IDENTITY_TOKEN_FILE: token } : {}),
    ...('LOGFERRY_SOURCE' in pod ? { LOGFERRY_SOURCE: places.source } : {}),
    ...('LOGFERRY_WAREHOUSE' in pod ? { LOGFERRY_WAREHOUSE: places.warehouse } : {}),
    LOGFERRY_STAGING: places.staging,
    LOGFERRY_SCHEMAS: clouds.schemas,
    LOGFERRY_SCRATCH: scratch,
    TMPDIR: scratch,
    ...clouds.env,
  };
  const cgroup = limits === undefined ? undefined : makeCgroup(limits);
  try {
    const usage = await measure([process.execPath, join(bundle, 'cli.js'), ...args], env, cgroup);
    if (cgroup === undefined) return usage;
    const { peakBytes, oomKills, throttled } = cgroup;
    return { ...usage, cgroup: { peakBytes: peakBytes(), oomKills: oomKills(), throttled: throttled() } };
  } finally {
    cgroup?.remove();
  }
}

export interface Setup {
  /** The bundle's folder, the native packages beside it. */
  readonly bundle: string;
  readonly folder: string;
  readonly clouds: Clouds;
  /** In place of the clouds' own addresses. */
  readonly places?: Places;
  readonly limits?: CgroupLimits;
}

function without(env: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
}
