import { sha256 } from '../../workloads/core/digest.ts';
import type { LogType } from '../../workloads/core/schema/log-type.ts';

/** Minutes past the hour, UTC, at which each part of the road begins. */
export interface Minutes {
  readonly classifier: number;
  readonly fast: number;
  /** One a group of the standard lane, ascending. */
  readonly standard: readonly number[];
}

/** One CronJob: its name, when it fires, and what it runs. */
export interface CronJobPlan {
  /** At most 52 characters: Kubernetes adds 11 for a Job's name, and 63 is a label's limit. */
  readonly name: string;
  readonly workload: 'classifier' | 'loader';
  /** Past each hour, UTC. */
  readonly minute: number;
  /** The arguments of `logferry`; `--json` because a cluster's logs take each line for an entry. */
  readonly args: readonly string[];
}

/** What decides which CronJob loads a log type. */
export type LaneType = Pick<LogType, 'type' | 'table' | 'lane'>;

/** Every CronJob that carries these types, in the order of the hour. A group of the standard lane without types has none. */
export function cronJobPlans(types: readonly LaneType[], minutes: Minutes): readonly CronJobPlan[] {
  return [
    { name: 'classifier', workload: 'classifier', minute: minutes.classifier, args: ['classify', '--json'] },
    {
      name: 'loader-fast',
      workload: 'loader',
      minute: minutes.fast,
      args: ['load', '--json', '--lane', 'fast'],
    },
    ...standardGroups(types, minutes.standard).map(([minute, group]): CronJobPlan => ({
      name: `loader-standard-${String(minute).padStart(2, '0')}`,
      workload: 'loader',
      minute,
      args: ['load', '--json', '--lane', 'standard', ...group.map((type) => `--types=${type}`)],
    })),
  ];
}

/** Types by their group's minute. A type's group depends on its table's name and the count of groups only: others come and go. */
function standardGroups(types: readonly LaneType[], minutes: readonly number[]): [number, string[]][] {
  const standard = types.filter(({ lane }) => lane === 'standard');
  return minutes.flatMap((minute, group): [number, string[]][] => {
    const members = standard.filter(({ table }) => groupOf(table, minutes.length) === group);
    return members.length === 0 ? [] : [[minute, members.map(({ type }) => type).sort()]];
  });
}

/** Eight hexadecimal digits of the digest: 32 bits, evenly spread over any count of groups. */
function groupOf(table: string, groups: number): number {
  return Number.parseInt(sha256(table).slice(0, 8), 16) % groups;
}
