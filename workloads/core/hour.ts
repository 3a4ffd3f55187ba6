import { UsageError } from './errors.ts';

/**
 * A folder hour: the UTC hour that a source folder names, spelled `2026-11-20T00`. The unit of everything: classified, loaded,
 * reloaded and counted by it, never by a time inside a row.
 */
export type FolderHour = string & { readonly __brand: 'FolderHour' };

const HOUR_MS = 3_600_000;
const SPELLING = /^(\d{4})-(\d{2})-(\d{2})T(\d{2})$/;
/** More hours than this in one range is a typo (a wrong year), not a wish: ten years. */
export const MAX_RANGE_HOURS = 87_672;

/** @throws UsageError where the text is not an existing UTC hour (`2026-02-29T00`, `2026-11-20T24` are not). */
export function parseHour(text: string): FolderHour {
  const match = SPELLING.exec(text);
  if (match) {
    const start = Date.parse(`${text}:00:00Z`);
    if (!Number.isNaN(start) && new Date(start).toISOString().slice(0, 13) === text)
      return text as FolderHour;
  }
  throw new UsageError(`HOURS: expected an existing UTC hour such as 2026-11-20T00, found "${text}"`, {
    advice: 'Write one hour as YYYY-MM-DDTHH in UTC, or a range A..B that includes both ends.',
  });
}

/** `A..B` (both ends included) or a single hour. @throws UsageError for a range that runs backwards or over ten years. */
export function parseHours(text: string): FolderHour[] {
  const [from, to, ...more] = text.split('..');
  if (more.length > 0 || from === undefined) parseHour(text);
  const first = parseHour(from!);
  const last = to === undefined ? first : parseHour(to);
  const count = (hourStart(last).getTime() - hourStart(first).getTime()) / HOUR_MS + 1;
  if (count < 1) throw new UsageError(`HOURS: expected A..B with A before B, found "${text}"`);
  if (count > MAX_RANGE_HOURS) {
    throw new UsageError(
      `HOURS: expected at most ${MAX_RANGE_HOURS} hours (ten years), found ${count} in "${text}"`,
    );
  }
  return Array.from({ length: count }, (_, index) => addHours(first, index));
}

/** The hour's first instant. */
export function hourStart(hour: FolderHour): Date {
  return new Date(`${hour}:00:00Z`);
}

/** The first instant that no longer belongs to the hour. */
export function hourEnd(hour: FolderHour): Date {
  return new Date(hourStart(hour).getTime() + HOUR_MS);
}

/** The folder hour that an instant falls into. */
export function hourOf(instant: Date): FolderHour {
  return instant.toISOString().slice(0, 13) as FolderHour;
}

export function addHours(hour: FolderHour, hours: number): FolderHour {
  return hourOf(new Date(hourStart(hour).getTime() + hours * HOUR_MS));
}

/** `2026/11/20/00`: how source, staging and records folder it. */
export function hourPath(hour: FolderHour): string {
  return hour.replaceAll(/[-T]/g, '/');
}

/** `2026112000`: how TEMP tables are named after it. */
export function compactHour(hour: FolderHour): string {
  return hour.replaceAll(/[-T]/g, '');
}

/** `2026-11-20T00:00:00Z`: how SQL parameters and rows carry it. */
export function hourTimestamp(hour: FolderHour): string {
  return `${hour}:00:00Z`;
}

/** Whether the hour is over and its grace (milliseconds) has passed, so that Firehose's last buffer may have arrived. */
export function isReady(hour: FolderHour, now: Date, graceMs: number): boolean {
  return now.getTime() >= hourEnd(hour).getTime() + graceMs;
}

/** The ready hours of the last `lookback` hours before `now`, oldest first. */
export function recentHours(now: Date, lookback: number, graceMs: number): FolderHour[] {
  const current = hourOf(now);
  return Array.from({ length: lookback }, (_, index) => addHours(current, index - lookback)).filter((hour) =>
    isReady(hour, now, graceMs),
  );
}
