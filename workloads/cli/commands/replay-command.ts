import { replayQuarantine } from '../../classifier/replay-quarantine.ts';
import { UsageError, type ExitCode } from '../../core/errors.ts';
import { parseHours, type FolderHour } from '../../core/hour.ts';
import { loadHour } from '../../loader/load-hour.ts';
import type { LoadedType } from '../../loader/loaded-type.ts';
import { manifestOf } from '../../loader/plan-load.ts';
import { readLedger } from '../../loader/read-ledger.ts';
import { eachHour, exitCodeOfAll, logError, type HourOutcome } from '../hours.ts';
import type { Io } from '../io.ts';
import { runExitCode, runReport, type HourResult } from '../report.ts';
import type { GivenOptions } from '../settings.ts';
import type { SettingName } from '../../core/settings.ts';
import { suggestion } from '../../core/suggestion.ts';
import { renderRun, renderTable } from '../tables.ts';
import { withWorkspace, type Workspace } from '../workspace.ts';

const AREAS = ['rejects', 'quarantine'];

/** Takes what was set aside through the road again, once the schemas are mended. */
export async function replayCommand(
  io: Io,
  what: string,
  hours: string,
  options: GivenOptions,
): Promise<ExitCode> {
  if (!AREAS.includes(what)) {
    throw new UsageError(`replay: expected rejects or quarantine, found "${what}"${suggestion(what, AREAS)}`);
  }
  const chosen = parseHours(hours);
  // Rejects are told by the ledger; the quarantine by the manifest alone, so that a classifier without a warehouse can replay it.
  const settings: SettingName[] = what === 'rejects' ? ['staging', 'warehouse'] : ['staging'];
  return withWorkspace(io, options, { settings, schemas: true }, async (workspace) => {
    const { clock, logger } = workspace.classifier;
    const pace = { clock, logger, signal: io.signal, deadline: workspace.settings.deadline };
    if (options.dryRun === true) {
      const outcomes = await eachHour(chosen, pace, (hour) => setAsideOf(workspace, what, hour));
      io.stdout(describeSetAside(io, what, outcomes, options.json === true));
      return exitCodeOfAll(outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : [])));
    }
    const outcomes = await eachHour(chosen, pace, (hour) =>
      what === 'rejects' ? replayRejects(workspace, hour) : replayLines(workspace, hour),
    );
    workspace.bar.stop();
    const report = runReport(outcomes);
    io.stdout(options.json === true ? `${JSON.stringify(report)}\n` : renderRun(io, report));
    return runExitCode(outcomes, report);
  });
}

function describeSetAside(
  io: Io,
  what: string,
  outcomes: readonly HourOutcome<SetAside[]>[],
  json: boolean,
): string {
  const done = outcomes.flatMap((outcome) => ('error' in outcome ? [] : [outcome]));
  if (json)
    return `${JSON.stringify({ dryRun: true, hours: done.map(({ hour, result }) => ({ hour, [what]: result })) })}\n`;
  const rows = done.flatMap(({ hour, result }) => result.map(({ type, records }) => [hour, type, records]));
  return `${renderTable(io, ['hour (UTC)', 'type', what], rows)}Dry run: nothing was written.\n`;
}

interface SetAside {
  /** Empty for what could not be classified. */
  readonly type: string;
  readonly records: number;
}

/** What lies set aside now, by type. */
async function setAsideOf({ loader }: Workspace, what: string, hour: FolderHour): Promise<SetAside[]> {
  const manifest = await manifestOf(loader, hour);
  if (what === 'quarantine') return [{ type: '', records: manifest.quarantined }];
  const ledger = await loader.warehouse.session((session) => readLedger(session, hour), { readOnly: true });
  return [...ledger.values()]
    .filter(({ rejected }) => rejected > 0)
    .map(({ type, rejected }) => ({ type, records: rejected }));
}

/** The next revision of each type that has rejects: their rows are still in staging, beside those that were loaded. */
async function replayRejects(workspace: Workspace, hour: FolderHour): Promise<HourResult> {
  const rejected = await setAsideOf(workspace, 'rejects', hour);
  const { loader } = workspace;
  if (rejected.length === 0) {
    loader.logger.log('NOTICE', `Hour ${hour}: no rejects to replay`, { hour });
    return { manifest: await manifestOf(loader, hour), classified: 'unchanged' };
  }
  const loaded = await loadHour({ ...loader, reload: true, only: rejected.map(({ type }) => type) }, hour);
  tellReplayed(workspace, hour, rejected, loaded.types);
  for (const { error, type } of loaded.types)
    if (error !== undefined) logError(loader.logger, error, { hour, type });
  return { manifest: loaded.manifest, loaded };
}

function tellReplayed(
  { loader }: Workspace,
  hour: FolderHour,
  former: readonly SetAside[],
  types: readonly LoadedType[],
): void {
  const now = types.filter(({ type }) => former.some((setAside) => setAside.type === type));
  if (now.some(({ state }) => state === 'failed')) return;
  const before = former.reduce((sum, { records }) => sum + records, 0);
  const stay = now.reduce((sum, { rejected }) => sum + rejected, 0);
  const replayed = before - stay;
  loader.logger.log('NOTICE', `Hour ${hour}: ${replayed} of ${before} rejects fit now, ${stay} stay`, {
    hour,
    replayed,
  });
}

async function replayLines(
  { classifier, loader, settings }: Workspace,
  hour: FolderHour,
): Promise<HourResult> {
  const { outcome, replayed, manifest } = await replayQuarantine(classifier, hour);
  loader.logger.log(
    'NOTICE',
    `Hour ${hour}: ${replayed} quarantined lines found a type, ${manifest.quarantined} stay`,
    { hour, replayed },
  );
  if (settings.warehouse === undefined) return { manifest, classified: outcome };
  const loaded = await loadHour(loader, hour);
  for (const { error, type } of loaded.types)
    if (error !== undefined) logError(loader.logger, error, { hour, type });
  return { manifest, classified: outcome, loaded };
}
