import { classifyHour } from '../../classifier/classify-hour.ts';
import type { ExitCode } from '../../core/errors.ts';
import type { FolderHour } from '../../core/hour.ts';
import type { SettingName } from '../../core/settings.ts';
import { HourWindow } from '../../loader/hour-window.ts';
import { loadHour } from '../../loader/load-hour.ts';
import { chooseHours, eachHour, logError, type HourOutcome } from '../hours.ts';
import type { Io } from '../io.ts';
import { isIdle, runExitCode, runReport, type HourResult } from '../report.ts';
import type { GivenOptions } from '../settings.ts';
import { refuseShards } from '../shards.ts';
import { renderRun } from '../tables.ts';
import { withWorkspace, type Workspace } from '../workspace.ts';
import { classify, tellOutcome, tellQuarantine } from './classify-step.ts';
import { dryRun, finishDryRun } from './dry-run.ts';

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
    const chosen = chooseHours(hours, clock, workspace.settings);
    const { deadline } = workspace.settings;
    const pace = { clock, logger, signal: io.signal, deadline };
    if (options.dryRun === true) {
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
