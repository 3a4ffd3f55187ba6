import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeHour, type GeneratedHour, type HourOptions } from '../generate/write-hour.ts';

/** What the figures of one run share. */
export interface Settings {
  /** Uncompressed megabytes (10^6 bytes) of an hour. */
  readonly megabytes: number;
  /** The same where a side takes several times as long as ours; both sides get the same hour. */
  readonly slowMegabytes: number;
  /** The same where a side takes a second a megabyte. */
  readonly mixedMegabytes: number;
  /** Alternating runs of each side. */
  readonly pairs: number;
  /** The same where a side is slow. */
  readonly slowPairs: number;
  /** The published figures: a GB, in one object and in sixteen. */
  readonly full: boolean;
  /** Source folder of real GitHub events. */
  readonly github: string | undefined;
}

const MB = 1e6;
/** Distinct lines of a small hour: making them costs more than writing them again. */
const SMALL_BLOCK_BYTES = 4 * MB;

/** Inputs, made once, and room for outputs, emptied after each figure. */
export class Context {
  readonly settings: Settings;
  readonly folder: string;
  readonly #hours = new Map<string, GeneratedHour>();
  readonly #say: (text: string) => void;

  /** @param folder Must exist; all that is made is made below it. @param say Of progress. */
  constructor(folder: string, settings: Settings, say: (text: string) => void) {
    this.folder = folder;
    this.settings = settings;
    this.#say = say;
  }

  say(text: string): void {
    this.#say(text);
  }

  /** An hour of the settings' size, or of another; the same options give the same files. */
  hour(options: Partial<HourOptions> = {}): GeneratedHour {
    const { megabytes, full } = this.settings;
    const block = full ? {} : { blockBytes: SMALL_BLOCK_BYTES };
    const asked: HourOptions = { bytes: megabytes * MB, ...block, ...options };
    const key = JSON.stringify(asked);
    const made = this.#hours.get(key) ?? writeHour(this.temporary('hour'), asked);
    this.#hours.set(key, made);
    return made;
  }

  /** Forgets an hour that is too large to keep beside others. */
  drop(hour: GeneratedHour): void {
    for (const [key, made] of this.#hours) if (made === hour) this.#hours.delete(key);
    rmSync(join(hour.source, '..'), { recursive: true });
  }

  /** A new folder. */
  temporary(name: string): string {
    return mkdtempSync(join(this.folder, `${name}-`));
  }
}

/** What an hour is, for people. */
export function hourText(hour: GeneratedHour): string {
  const { bytes, lines, files, storedBytes, raw } = hour;
  const gzip = storedBytes === bytes ? '' : `, gzip ${(bytes / storedBytes).toFixed(1)}:1`;
  const objects = files.length === 1 ? 'one object' : `${files.length} objects`;
  const types = raw.size === 1 ? 'one type' : `${raw.size} types`;
  return `${(bytes / MB).toFixed(0)} MB in ${objects}${gzip}, ${lines} lines of ${types}, ${(bytes / lines).toFixed(0)} B each on average`;
}
