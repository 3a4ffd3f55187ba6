import { planClassification } from '../../classifier/classify-hour.ts';
import type { ExitCode } from '../../core/errors.ts';
import type { FolderHour } from '../../core/hour.ts';
import type { ShardRange } from '../../core/shards/ranges.ts';
import { planLoad } from '../../loader/plan-load.ts';
import { exitCodeOfAll, type HourOutcome } from '../hours.ts';
import type { Io } from '../io.ts';
import { renderTable } from '../tables.ts';
import type { Workspace } from '../workspace.ts';

/** What would be done, a line an object and a type; nothing is written. */
export interface DryRun {
  readonly hour: FolderHour;
  readonly epoch: number;
  readonly classify?: { outcome: string; objects: number; bytes: number; shards?: readonly ShardRange[] };
  /** Bytes only where the warehouse bills what it reads. */
  readonly load?: readonly {
    type: string;
    action: string;
    rows: number;
    loadBytes?: number;
    commitBytes?: number | undefined;
  }[];
}

/** @returns What the command would do of an hour. */
export async function dryRun(
  { classifier, loader }: Workspace,
  command: 'classify' | 'load' | 'run',
  hour: FolderHour,
): Promise<DryRun> {
  const plan = command === 'load' ? undefined : await planClassification(classifier, hour);
  const classify =
    plan === undefined
      ? {}
      : {
          classify: {
            outcome: plan.outcome,
            objects: plan.plan.length,
            bytes: plan.plan.reduce((sum, { size }) => sum + size, 0),
            ...(plan.ranges === undefined ? {} : { shards: plan.ranges }),
          },
        };
  if (command === 'classify' || plan?.outcome === 'commit')
    return { hour, epoch: plan?.epoch ?? 0, ...classify };
  const { manifest, decisions, costs } = await planLoad(loader, hour);
  const costOf = new Map(costs.map(({ type, ...cost }) => [type, cost]));
  const load = manifest.types.map(({ type, rows }) => ({
    type,
    rows,
    action: decisions.get(type)?.action ?? 'none',
    ...costOf.get(type),
  }));
  return { hour, epoch: manifest.epoch, ...classify, load };
}

/** Prints what all hours would come to. */
export function finishDryRun(io: Io, outcomes: readonly HourOutcome<DryRun>[], json: boolean): ExitCode {
  const done = outcomes.flatMap((outcome) => ('error' in outcome ? [] : [outcome.result]));
  if (json) io.stdout(`${JSON.stringify({ dryRun: true, hours: done })}\n`);
  else {
    const rows = done.flatMap(({ hour, epoch, classify, load }) => [
      ...(classify === undefined
        ? []
        : [
            [
              hour,
              epoch,
              `classify: ${classify.outcome}`,
              '',
              `${classify.objects} objects, ${classify.bytes} bytes`,
            ],
            ...(classify.shards ?? []).map(({ objects, bytes, from, to }, index, { length }) => [
              hour,
              epoch,
              `classify: shard ${index} of ${length}`,
              '',
              `${objects} objects, ${bytes} bytes${objects === 0 ? '' : `: ${from} to ${to}`}`,
            ]),
          ]),
      ...(load ?? [])
        .filter(({ rows: count, action }) => count > 0 || action !== 'none')
        .map(({ type, action, rows: count, commitBytes }) => [
          hour,
          epoch,
          `load: ${action}`,
          type,
          `${count} rows${commitBytes === undefined ? '' : `, about ${commitBytes} bytes billed (at least 10 MB a table)`}`,
        ]),
      ...(classify?.outcome === 'commit' && load === undefined
        ? [[hour, epoch, 'load: what the classification finds', '', '']]
        : []),
    ]);
    io.stdout(
      `${renderTable(io, ['hour (UTC)', 'epoch', 'would', 'type', 'what'], rows)}Dry run: nothing was written.\n`,
    );
  }
  return exitCodeOfAll(outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : [])));
}
