import type { FolderHour } from '../core/hour.ts';
import { linesOf, type Manifest, type SplitFindings } from '../core/manifest.ts';
import type { LoadedHour } from '../loader/load-hour.ts';
import type { LoadedType } from '../loader/loaded-type.ts';
import { EXIT, exitCodeOf, messageOf, type ExitCode } from '../core/errors.ts';
import { exitCodeOfAll, type HourOutcome } from './hours.ts';

/** What `run` and `load` did with one hour. */
export interface HourResult {
  /** Absent where this process had but a share of the hour, and others are not done with theirs. */
  readonly manifest?: Manifest;
  /** What it found in its share. */
  readonly share?: SplitFindings;
  readonly shard?: ShardReport;
  /** `committed` or `unchanged`; absent where nothing was classified. */
  readonly classified?: 'committed' | 'unchanged';
  readonly loaded?: LoadedHour;
}

/** The JSON document of `run --json`: its field names are a contract (docs/operations.md). */
export interface RunReport {
  readonly hours: readonly HourReport[];
  /** Every line of every hour asked for is accounted for, and in the warehouse or set aside. */
  readonly conserved: boolean;
}

/** Which part of an hour a process had. */
export interface ShardReport {
  /** From 0. */
  readonly index: number;
  /** How many the hour's plan has. */
  readonly of: number;
  /** Those that were not done when this one was. */
  readonly missing: readonly number[];
}

export interface HourReport {
  readonly hour: FolderHour;
  readonly epoch?: number;
  /**
   * `notReady`: not over yet, or something stands in its way that a later run finds gone (exit 75); `waiting`: this shard is done,
   * others are not; `spare`: the hour's plan has no such shard.
   */
  readonly state: 'done' | 'unchanged' | 'failed' | 'notReady' | 'waiting' | 'spare';
  readonly shard?: ShardReport;
  readonly lines?: number;
  readonly blank?: number;
  readonly quarantined?: number;
  readonly staged?: number;
  readonly damaged?: boolean;
  readonly duplicateTypeKeys?: number;
  readonly types: readonly TypeReport[];
  readonly error?: string;
}

export interface TypeReport {
  readonly type: string;
  readonly staged: number;
  readonly rejected: number;
  readonly loaded: number;
  readonly state: LoadedType['state'];
  readonly note?: string;
}

export function runReport(outcomes: readonly HourOutcome<HourResult>[]): RunReport {
  const hours = outcomes.map(hourReport);
  return {
    hours,
    conserved: hours.every((hour, index) => hour.error === undefined && isProved(outcomes[index]!)),
  };
}

function isProved(outcome: HourOutcome<HourResult>): boolean {
  if ('error' in outcome) return false;
  const { manifest, share, loaded } = outcome.result;
  const found = manifest ?? share;
  if (found === undefined) return true;
  const lines = manifest?.lines ?? linesOf(found);
  return lines === found.staged + found.quarantined + found.blank && (loaded?.conserved ?? true);
}

/** Whether an hour had nothing to do: no new epoch, and no type that was brought up to one. */
export function isIdle(
  classified: HourResult['classified'],
  types: readonly Pick<LoadedType, 'state'>[],
): boolean {
  return (
    classified !== 'committed' && types.every(({ state }) => state === 'unchanged' || state === 'waiting')
  );
}

function hourReport(outcome: HourOutcome<HourResult>): HourReport {
  if ('error' in outcome) {
    const state = exitCodeOf(outcome.error) === EXIT.notReady ? 'notReady' : 'failed';
    return { hour: outcome.hour, state, types: [], error: messageOf(outcome.error) };
  }
  const { manifest, loaded, classified, share, shard } = outcome.result;
  if (manifest === undefined) return shareReport(outcome.hour, share, shard);
  const { hour, epoch, lines, blank, quarantined, staged, damaged, duplicateTypeKeys } = manifest;
  const types = (loaded?.types ?? []).map(
    ({ type, staged: rows, rejected, loaded: inTable, state, note }): TypeReport => ({
      type,
      staged: rows,
      rejected,
      loaded: inTable,
      state,
      ...(note === undefined ? {} : { note }),
    }),
  );
  const failed = types.some(({ state }) => state === 'failed');
  const state = failed ? 'failed' : isIdle(classified, types) ? 'unchanged' : 'done';
  const figures = { lines, blank, quarantined, staged, damaged, duplicateTypeKeys, types };
  return { hour, epoch, state, ...(shard === undefined ? {} : { shard }), ...figures };
}

/** The figures are those of the share; the shards' reports together are the hour's. */
function shareReport(
  hour: FolderHour,
  share: SplitFindings | undefined,
  shard: ShardReport | undefined,
): HourReport {
  const which = shard === undefined ? {} : { shard };
  if (share === undefined) return { hour, state: 'spare', ...which, types: [] };
  const { sources, blank, quarantined, staged, duplicateTypeKeys } = share;
  const damaged = sources.some((source) => source.damaged !== undefined);
  const figures = { lines: linesOf(share), blank, quarantined, staged, damaged, duplicateTypeKeys };
  return { hour, state: 'waiting', ...which, ...figures, types: [] };
}

/** 1 before 75 before 0; what is not proved and has no error would be a defect of the proof itself, and never a success. */
export function runExitCode(
  outcomes: readonly HourOutcome<HourResult>[],
  { conserved }: RunReport,
): ExitCode {
  const errors = outcomes.flatMap((outcome) =>
    'error' in outcome
      ? [outcome.error]
      : (outcome.result.loaded?.types ?? []).flatMap(({ error }) => (error === undefined ? [] : [error])),
  );
  return conserved || errors.length > 0 ? exitCodeOfAll(errors) : EXIT.failed;
}

/** The sums that prove a report, as people read them; what failed or was not asked for is not part of any sum. */
export function conservationSentence({ hours, conserved }: RunReport): string {
  const sum = (values: readonly (number | undefined)[]): string =>
    values.reduce<number>((total, value) => total + (value ?? 0), 0).toLocaleString('en-US');
  const known = hours.filter(({ error }) => error === undefined);
  const types = known.flatMap((hour) => hour.types);
  const proved = types.filter(({ state }) => state !== 'failed' && state !== 'waiting');
  const notReady = hours.filter(({ state }) => state === 'notReady').length;
  const failedHours = hours.length - known.length - notReady;
  const failedTypes = types.filter(({ state }) => state === 'failed').length;
  const left = [
    ...(failedHours > 0 ? [`${failedHours} hour(s) did not go through`] : []),
    ...(failedTypes > 0 ? [`${failedTypes} type(s) did not go through`] : []),
    ...(notReady > 0 ? [`${notReady} hour(s) are not ready yet`] : []),
  ].join(', ');
  return [
    `${sum(known.map(({ lines }) => lines))} lines = ${sum(known.map(({ staged }) => staged))} staged + ` +
      `${sum(known.map(({ quarantined }) => quarantined))} quarantined + ${sum(known.map(({ blank }) => blank))} blank`,
    ...(proved.length > 0
      ? [
          `${sum(proved.map(({ staged }) => staged))} staged = ${sum(proved.map(({ loaded }) => loaded))} in tables + ` +
            `${sum(proved.map(({ rejected }) => rejected))} rejects`,
        ]
      : []),
    conserved
      ? 'conserved: every line is accounted for'
      : `NOT all is proved: ${left}; what was committed before is untouched`,
  ].join('\n');
}
