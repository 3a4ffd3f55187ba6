import { classifyHour, planClassification } from '../../classifier/classify-hour.ts';
import type { ExitCode } from '../../core/errors.ts';
import type { FolderHour } from '../../core/hour.ts';
import type { Manifest } from '../../core/manifest.ts';
import type { SettingName } from '../../core/settings.ts';
import { loadHour } from '../../loader/load-hour.ts';
import { planLoad } from '../../loader/plan-load.ts';
import { chooseHours, eachHour, exitCodeOfAll, logError, type HourOutcome } from '../hours.ts';
import type { Io } from '../io.ts';
import { isIdle, runExitCode, runReport, type HourResult } from '../report.ts';
import type { GivenOptions } from '../settings.ts';
import { renderRun, renderTable } from '../tables.ts';
import { withWorkspace, type Workspace } from '../workspace.ts';

/** The three commands that carry hours: both halves of the road, or one of them. */
export type HoursCommand = 'classify' | 'load' | 'run';

const NEEDED: Readonly<Record<HoursCommand, readonly SettingName[]>> = {
  classify: ['source', 'staging'],
  load: ['staging', 'warehouse'],
  run: ['source', 'staging', 'warehouse'],
};

export async function hoursCommand(
  io: Io,
  command: HoursCommand,
  hours: string | undefined,
  options: GivenOptions,
): Promise<ExitCode> {
  return withWorkspace(io, options, { settings: NEEDED[command], schemas: true }, async (workspace) => {
    const { clock, logger } = workspace.classifier;
    const chosen = chooseHours(hours, clock, workspace.settings);
    const { deadline } = workspace.settings;
    const pace = { clock, logger, signal: io.signal, deadline };
    if (options.dryRun === true) {
      const outcomes = await eachHour(chosen, pace, (hour) => dryRun(workspace, command, hour));
      return finishDryRun(io, outcomes, options.json === true);
    }
    const outcomes = await eachHour(chosen, pace, (hour) => carryHour(workspace, command, hour));
    workspace.bar.stop();
    return finish(io, workspace, outcomes, options.json === true);
  });
}

async function carryHour(
  { classifier, loader }: Workspace,
  command: HoursCommand,
  hour: FolderHour,
): Promise<HourResult> {
  const classified = command === 'load' ? undefined : await classifyHour(classifier, hour);
  if (classified?.outcome === 'committed') tellQuarantine(classifier, classified.manifest);
  if (command === 'classify' && classified !== undefined) {
    const { manifest, outcome } = classified;
    report(classifier, hour, outcome, `epoch ${manifest.epoch}, ${manifest.lines} lines`);
    return { manifest, classified: outcome };
  }
  const loaded = await loadHour(loader, hour);
  const { manifest } = loaded;
  const idle = isIdle(classified?.outcome, loaded.types);
  report(
    classifier,
    hour,
    idle ? 'unchanged' : 'committed',
    `epoch ${manifest.epoch}, ${manifest.lines} lines`,
  );
  for (const { note, state, type } of loaded.types) {
    if (note !== undefined && state !== 'failed')
      loader.logger.log('NOTICE', `${type} ${hour}: ${note}`, { hour, type });
  }
  for (const { error, type } of loaded.types)
    if (error !== undefined) logError(loader.logger, error, { hour, type });
  return { manifest, loaded, ...(classified === undefined ? {} : { classified: classified.outcome }) };
}

/** Lines that no type took are nobody's rows: said aloud once, when the hour is classified. */
function tellQuarantine({ logger }: Workspace['classifier'], manifest: Manifest): void {
  const { hour, quarantined, reasons, quarantine } = manifest;
  if (quarantined === 0) return;
  const list = Object.entries(reasons).map(([reason, count]) => `${count} ${reason}`);
  const where = quarantine?.index ?? '';
  logger.log('WARNING', `Hour ${hour}: ${quarantined} lines quarantined (${list.join(', ')}); see ${where}`, {
    hour,
    quarantined,
    reasons,
    object: where,
  });
}

function report(
  { logger }: Workspace['classifier'],
  hour: FolderHour,
  outcome: string,
  detail: string,
): void {
  const message =
    outcome === 'unchanged'
      ? `Hour ${hour}: nothing to do, ${detail} is committed`
      : `Hour ${hour}: done, ${detail}`;
  logger.log('INFO', message, { hour, outcome });
}

function finish(
  io: Io,
  { classifier }: Workspace,
  outcomes: readonly HourOutcome<HourResult>[],
  json: boolean,
): ExitCode {
  const result = runReport(outcomes);
  io.stdout(json ? `${JSON.stringify(result)}\n` : renderRun(io, result));
  if (!json && result.hours.length > 0 && result.hours.every(({ state }) => state === 'unchanged')) {
    io.stdout('Nothing to do: every hour is committed already.\n');
  }
  if (outcomes.length === 0) classifier.logger.log('NOTICE', 'No hour is ready yet.');
  return runExitCode(outcomes, result);
}

/** What would be done, a line an object and a type; nothing is written. */
interface DryRun {
  readonly hour: FolderHour;
  readonly epoch: number;
  readonly classify?: { outcome: string; objects: number; bytes: number };
  readonly load?: readonly { type: string; action: string; rows: number }[];
}

async function dryRun(
  { classifier, loader }: Workspace,
  command: HoursCommand,
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
          },
        };
  if (command === 'classify' || plan?.outcome === 'commit')
    return { hour, epoch: plan?.epoch ?? 0, ...classify };
  const { manifest, decisions } = await planLoad(loader, hour);
  const load = manifest.types.map(({ type, rows }) => ({
    type,
    rows,
    action: decisions.get(type)?.action ?? 'none',
  }));
  return { hour, epoch: manifest.epoch, ...classify, load };
}

function finishDryRun(io: Io, outcomes: readonly HourOutcome<DryRun>[], json: boolean): ExitCode {
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
          ]),
      ...(load ?? [])
        .filter(({ rows: count, action }) => count > 0 || action !== 'none')
        .map(({ type, action, rows: count }) => [hour, epoch, `load: ${action}`, type, `${count} rows`]),
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
