import {
  EXIT,
  exitCodeOf,
  InterruptedError,
  LogferryError,
  messageOf,
  NotReadyError,
  UsageError,
  type ExitCode,
} from '../core/errors.ts';
import { hourOf, parseHours, recentHours, type FolderHour } from '../core/hour.ts';
import { checkInterrupt } from '../core/interrupt.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Logger } from '../core/ports/logger.ts';
import type { Settings } from './settings.ts';

/** What became of one hour: a result, or the error that ended it. */
export type HourOutcome<T> =
  { readonly hour: FolderHour; readonly result: T } | { readonly hour: FolderHour; readonly error: unknown };

/**
 * The hours that a command takes: those named, or the recent ready ones.
 * @throws UsageError where an open hour is asked for and none is named: those that are not named are over.
 */
export function chooseHours(
  text: string | undefined,
  clock: Clock,
  { lookback, grace, open }: Pick<Settings, 'lookback' | 'grace'> & { readonly open: boolean },
): FolderHour[] {
  if (text !== undefined) return parseHours(text);
  if (!open) return recentHours(clock.now(), lookback, grace);
  throw new UsageError('--open: expected HOURS that name the open hour, found none', {
    advice: `Write the hour before the options, such as ${hourOf(clock.now())}.`,
  });
}

/** Takes hours one after another, oldest first. Each stands alone: one that fails leaves the others their chance. */
export async function eachHour<T>(
  hours: readonly FolderHour[],
  {
    clock,
    logger,
    signal,
    deadline,
  }: { clock: Clock; logger: Logger; signal: AbortSignal; deadline: number },
  work: (hour: FolderHour) => Promise<T>,
): Promise<HourOutcome<T>[]> {
  const end = deadline > 0 ? clock.now().getTime() + deadline : Infinity;
  const outcomes: HourOutcome<T>[] = [];
  for (const hour of hours) {
    try {
      checkInterrupt(signal);
      if (clock.now().getTime() >= end) {
        throw new NotReadyError(`Hour ${hour}: not begun, the deadline of ${deadline / 1000} s has passed`, {
          advice: 'The next run takes it up.',
          context: { hour },
        });
      }
      outcomes.push({ hour, result: await work(hour) });
    } catch (error) {
      logError(logger, error, { hour });
      outcomes.push({ hour, error });
      // A wrong setting is as wrong for every other hour.
      if (error instanceof InterruptedError || error instanceof UsageError) break;
    }
  }
  return outcomes;
}

/** 1 if any failed for good, else 75 if any is not ready, else 0 (design 5.1). */
export function exitCodeOfAll(errors: readonly unknown[]): ExitCode {
  const codes = errors.map(exitCodeOf);
  for (const code of [EXIT.usage, EXIT.failed, EXIT.notReady]) if (codes.includes(code)) return code;
  return EXIT.done;
}

/** One error as one event: what happened, what to do, and its fields. */
export function logError(
  logger: Logger,
  error: unknown,
  fields: Readonly<Record<string, unknown>> = {},
): void {
  if (error instanceof LogferryError) {
    const advice = error.advice === undefined ? '' : `\n  → ${error.advice}`;
    logger.log(error.retry ? 'WARNING' : 'ERROR', `${error.message}${advice}`, {
      error: error.name,
      retry: error.retry,
      ...fields,
      ...error.context,
    });
    return;
  }
  const stack = error instanceof Error ? error.stack : undefined;
  logger.log('ERROR', `Unexpected: ${messageOf(error)}`, { error: 'Unexpected', stack, ...fields });
}
