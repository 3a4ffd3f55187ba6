import { join } from 'node:path';
import { UsageError } from '../core/errors.ts';
import { hourEnd, hourPath, hourStart, type FolderHour } from '../core/hour.ts';
import { countCards, type SampleCounts } from './counts.ts';
import { dealHour, type Card } from './deck.ts';
import { Dice } from './dice.ts';
import { HourLines } from './hour-lines.ts';
import { HOURS, LATE } from './hours.ts';
import { writeObject, type ObjectForm } from './objects.ts';
import { ROW_MAKERS } from './rows/rows.ts';

export type { SampleCounts } from './counts.ts';

export interface SampleOptions {
  /** The source's root; objects go below `<folder>/YYYY/MM/DD/HH/`. */
  readonly folder: string;
  /** A 32-bit integer; the same seed writes the same bytes. */
  readonly seed?: number;
  /** Lines of each hour, blank and broken ones included; at least 200. */
  readonly linesPerHour?: number;
  readonly onProgress?: (doneLines: number, totalLines: number) => void;
}

export interface SampleHour extends SampleCounts {
  readonly hour: FolderHour;
  /** Keys below the folder, in the order of writing. */
  readonly objects: readonly string[];
}

export interface SampleSummary {
  readonly hours: readonly SampleHour[];
}

export interface LateFile extends SampleCounts {
  readonly hour: FolderHour;
  /** Below the folder. */
  readonly key: string;
}

const DEFAULT_SEED = 20_261_120;
const DEFAULT_LINES_PER_HOUR = 8_000;

/** Enough for every type, every planted line, and a good row at both ends of each object. */
const MIN_LINES_PER_HOUR = 200;

/** What stayed behind on phones, as a share of an hour's lines (0 to 1). */
const LATE_SHARE = 0.05;

/** A progress bar redraws a few times a second; asking it for every line would cost more than the line. */
const LINES_PER_REPORT = 500;

/**
 * Writes three hours of mixed logs. It overwrites its own files and leaves all others alone: after `writeLateFile`, an empty
 * folder is the way back to the beginning.
 */
export async function writeSample(options: SampleOptions): Promise<SampleSummary> {
  const { linesPerHour, seed } = checked(options);
  const dice = new Dice(seed);
  const hours: SampleHour[] = [];
  for (const { hour, objects, misfitShares, without } of HOURS) {
    const types = [...ROW_MAKERS.keys()].filter((type) => !without.includes(type));
    const cards = dealHour(linesPerHour, types, misfitShares);
    const before = hours.length * linesPerHour;
    const keys = await writeHour(options.folder, hour, objects, cards, dice, hourEnd(hour), (written) =>
      options.onProgress?.(before + written, HOURS.length * linesPerHour),
    );
    hours.push({ hour, objects: keys, ...countCards(cards) });
  }
  return { hours };
}

/** Drops a late file into the middle hour; returns its key and exact counts. It does not need `writeSample` before it. */
export async function writeLateFile(options: SampleOptions): Promise<LateFile> {
  const { linesPerHour, seed } = checked(options);
  const { hour, object, arrived, types } = LATE;
  const count = Math.floor((linesPerHour * LATE_SHARE) / types.length);
  const cards = types.map((type): Card => ({ kind: 'row', type, count }));
  // Not the dice of the other hours: the late file's rows must be new ones.
  const dice = new Dice(~seed);
  const counts = countCards(cards);
  const [key] = await writeHour(options.folder, hour, [object], cards, dice, arrived, (written) =>
    options.onProgress?.(written, counts.lines),
  );
  return { hour, key: key!, ...counts };
}

/** Spreads the cards over the objects, one after another: a later object holds later rows. */
async function writeHour(
  folder: string,
  hour: FolderHour,
  objects: readonly ObjectForm[],
  cards: readonly Card[],
  dice: Dice,
  modified: Date,
  onWritten: (lines: number) => void,
): Promise<string[]> {
  const lines = new HourLines(cards, 2 * objects.length, hourStart(hour).getTime(), dice);
  const keys: string[] = [];
  let written = 0;
  for (const [index, form] of objects.entries()) {
    const first = written;
    const end = Math.floor((lines.total * (index + 1)) / objects.length);
    const key = `${hourPath(hour)}/${form.name}`;
    const next = (): Buffer => {
      if (written % LINES_PER_REPORT === 0) onWritten(written);
      const line = lines.next(written === first || written === end - 1);
      written++;
      return line;
    };
    await writeObject(join(folder, key), form, end - first, next, modified);
    keys.push(key);
  }
  onWritten(written);
  return keys;
}

function checked({ linesPerHour = DEFAULT_LINES_PER_HOUR, seed = DEFAULT_SEED }: SampleOptions): {
  linesPerHour: number;
  seed: number;
} {
  if (!Number.isSafeInteger(linesPerHour) || linesPerHour < MIN_LINES_PER_HOUR) {
    throw new UsageError(
      `Sample: expected a whole number of lines an hour, at least ${MIN_LINES_PER_HOUR}, found ${linesPerHour}`,
    );
  }
  if (!Number.isInteger(seed) || seed !== (seed | 0)) {
    throw new UsageError(`Sample: expected a seed that is a 32-bit integer, found ${seed}`);
  }
  return { linesPerHour, seed };
}
