import { cpus, release, totalmem, type } from 'node:os';
import { DUCKDB_VERSION } from '../peers/duckdb.ts';
import { LOGFERRY_VERSION } from '../peers/logferry.ts';

/** What figures are worth nothing without. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly versions: readonly string[];
}

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    versions: [LOGFERRY_VERSION, DUCKDB_VERSION],
  };
}

export function machineText({ cpu, cores, memoryGiB, system, versions }: Machine): string {
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}; ${versions.join('; ')}`;
}
