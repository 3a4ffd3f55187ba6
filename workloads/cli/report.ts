import type { FolderHour } from '../core/hour.ts';
import type { Manifest } from '../core/manifest.ts';
import type { LoadedHour } from '../loader/load-hour.ts';
import type { LoadedType } from '../loader/loaded-type.ts';
import { messageOf } from '../core/errors.ts';
import type { HourOutcome } from './hours.ts';

/** What `run` and `load` did with one hour. */
export interface HourResult {
  readonly manifest: Manifest;
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

export interface HourReport {
  readonly hour: FolderHour;
  readonly epoch?: number;
  readonly state: 'done' | 'unchanged' | 'failed';
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
  const { manifest, loaded } = outcome.result;
  return (
    manifest.lines === manifest.staged + manifest.quarantined + manifest.blank && (loaded?.conserved ?? true)
  );
}

function hourReport(outcome: HourOutcome<HourResult>): HourReport {
  if ('error' in outcome)
    return { hour: outcome.hour, state: 'failed', types: [], error: messageOf(outcome.error) };
  const { manifest, loaded, classified } = outcome.result;
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
  const idle =
    classified !== 'committed' && types.every(({ state }) => state === 'unchanged' || state === 'waiting');
  const state = failed ? 'failed' : idle ? 'unchanged' : 'done';
  return { hour, epoch, state, lines, blank, quarantined, staged, damaged, duplicateTypeKeys, types };
}

/** The sum that proves a report, as one sentence for people. */
export function conservationSentence({ hours, conserved }: RunReport): string {
  const sum = (pick: (hour: HourReport) => number | undefined): number =>
    hours.reduce((total, hour) => total + (pick(hour) ?? 0), 0);
  const ofTypes = (pick: (type: TypeReport) => number): number =>
    hours.reduce((total, hour) => total + hour.types.reduce((inner, type) => inner + pick(type), 0), 0);
  const [lines, staged, quarantined, blank] = [
    sum(({ lines }) => lines),
    sum(({ staged }) => staged),
    sum(({ quarantined }) => quarantined),
    sum(({ blank }) => blank),
  ];
  const count = (value: number): string => value.toLocaleString('en-US');
  const first = `${count(lines)} lines = ${count(staged)} staged + ${count(quarantined)} quarantined + ${count(blank)} blank`;
  const hasTypes = hours.some(({ types }) => types.length > 0);
  const second = hasTypes
    ? `${count(ofTypes(({ staged }) => staged))} staged = ${count(ofTypes(({ loaded }) => loaded))} in tables + ${count(ofTypes(({ rejected }) => rejected))} rejects`
    : undefined;
  return `${[first, second].filter((part) => part !== undefined).join('\n')}\n${conserved ? 'conserved: every line is accounted for' : 'NOT conserved: see the hours and types that failed'}`;
}
