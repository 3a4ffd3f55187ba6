import { classifyHour } from '../../classifier/classify-hour.ts';
import type { ExitCode } from '../../core/errors.ts';
import type { FolderHour } from '../../core/hour.ts';
import type { SettingName } from '../../core/settings.ts';
import { HourWindow } from '../../loader/hour-window.ts';
import { chooseHours, eachHour, logError, type HourOutcome } from '../hours.ts';
import type { Io } from '../io.ts';
import { isIdle, runExitCode, runReport, type HourResult } from '../report.ts';
import type { GivenOptions } from '../settings.ts';
import { refuseShards } from '../shards.ts';
import { withWorkspace, type Workspace } from '../workspace.ts';
import { classify, tellOutcome, tellQuarantine } from './classify-step.ts';

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
  const needs = { settings: NEEDED[command], schemas: true, shards: command === 'classify' };
  return withWorkspace(io, options, needs, async (workspace) => {
    if (command === 'run') refuseShards(command, workspace.settings);
    const { clock, logger } = workspace.classifier;
    const chosen = chooseHours(hours, clock, { ...workspace.settings, open: options.open === true });
    const { deadline } = workspace.settings;
    const pace = { clock, logger, signal: io.signal, deadline };
    if (options.dryRun === true) {
      const { dryRun, finishDryRun } = await import('./dry-run.ts');
      const outcomes = await eachHour(chosen, pace, (hour) => dryRun(workspace, command, hour));
      return finishDryRun(io, outcomes, options.json === true);
    }
    const loader = {
      ...workspace.loader,
      window: new HourWindow(chosen, workspace.loader.schemas.types.length),
    };
    const outcomes = await eachHour(chosen, pace, (hour) =>
      carryHour({ ...workspace, loader }, command, hour),
    );
    workspace.bar.stop();
    return finish(io, workspace, outcomes, options.json === true);
  });
}

async function carryHour(
  { classifier, loader }: Workspace,
  command: HoursCommand,
  hour: FolderHour,
): Promise<HourResult> {
  if (command === 'classify') return classify(classifier, hour);
  const classified = command === 'load' ? undefined : await classifyHour(classifier, hour);
  if (classified?.outcome === 'committed') tellQuarantine(classifier, classified.manifest);
  const { loadHour } = await import('../../loader/load-hour.ts');
  const loaded = await loadHour(loader, hour);
  const { manifest } = loaded;
  const idle = isIdle(classified?.outcome, loaded.types);
  const failed = loaded.types.some(({ state }) => state === 'failed');
  tellOutcome(
    classifier,
    hour,
    failed ? 'failed' : idle ? 'unchanged' : 'committed',
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

/** What draws tables, and what loads, is loaded where it is needed: a pod that classifies carries neither in its memory. */
async function finish(
  io: Io,
  { classifier }: Workspace,
  outcomes: readonly HourOutcome<HourResult>[],
  json: boolean,
): Promise<ExitCode> {
  const result = runReport(outcomes);
  if (json) io.stdout(`${JSON.stringify(result)}\n`);
  else io.stdout((await import('../tables.ts')).renderRun(io, result));
  if (!json && result.hours.length > 0 && result.hours.every(({ state }) => state === 'unchanged')) {
    io.stdout('Nothing to do: every hour is committed already.\n');
  }
  if (outcomes.length === 0) classifier.logger.log('NOTICE', 'No hour is ready yet.');
  return runExitCode(outcomes, result);
}
