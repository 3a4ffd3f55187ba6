import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { addHours, hourOf, hourPath, type FolderHour } from '../../../../workloads/core/hour.ts';
import { writeSample, type SampleHour } from '../../../../workloads/sample/write-sample.ts';
import { s3Request } from './effects.ts';

/** Enough for every type and every kind of broken line. */
const LINES_AN_HOUR = 600;

/** What an hour of logs holds, as the count view shows it. */
export interface LogHour {
  readonly hour: FolderHour;
  /** Rows that fit, by type. */
  readonly rows: Readonly<Record<string, number>>;
  /** Rows that break their schema, by type; types without any are missing. */
  readonly rejected: Readonly<Record<string, number>>;
  readonly quarantined: number;
}

/** The hour that ended `back` hours ago, counted from the hour that is. */
export const hourAgo = (back: number): FolderHour => addHours(hourOf(new Date()), -back);

/** Minutes past the hour from which an hour could end under the tests, which take up to twenty. */
const LATE_MINUTE = 40;

/**
 * Settings with which no further hour becomes ready while the tests run, wherever in an hour they begin: late in one, the grace
 * reaches well past its end.
 */
export function unhurried(now: Date): Readonly<Record<'grace' | 'classifierMinute' | 'fastMinute', string>> {
  return now.getUTCMinutes() < LATE_MINUTE
    ? { grace: '1s', classifierMinute: '5', fastMinute: '15' }
    : { grace: '25m', classifierMinute: '26', fastMinute: '27' };
}

/** Puts logs into the source bucket, as their producers do. */
export class LogProducer {
  readonly #folder: string;
  readonly #put: (key: string, bytes: Buffer) => Promise<void>;
  readonly #hours: readonly SampleHour[];

  private constructor(folder: string, put: LogProducer['put'], hours: readonly SampleHour[]) {
    this.#folder = folder;
    this.#put = put;
    this.#hours = hours;
  }

  /** @param s3 The emulator. @param place `bucket/prefix`. */
  static async make(folder: string, s3: string, place: string): Promise<LogProducer> {
    const put = (key: string, bytes: Buffer): Promise<void> =>
      s3Request(s3, 'PUT', `/${place}/${key}`, bytes);
    const { hours } = await writeSample({ folder, linesPerHour: LINES_AN_HOUR });
    return new LogProducer(folder, put, hours);
  }

  /** One more object. */
  put(key: string, bytes: Buffer): Promise<void> {
    return this.#put(key, bytes);
  }

  /** The n-th hour of the sample, in the folder of another hour. @param types That have a schema; rows of others are quarantined. */
  async putSample(index: number, hour: FolderHour, types: readonly string[]): Promise<LogHour> {
    const { objects, rows, planted } = this.#hours[index]!;
    for (const object of objects)
      await this.put(`${hourPath(hour)}/${basename(object)}`, readFileSync(join(this.#folder, object)));
    const known = (counts: Readonly<Record<string, number>>): [string, number][] =>
      Object.entries(counts).filter(([type]) => types.includes(type));
    const unknown = Object.entries(rows).filter(([type]) => !types.includes(type));
    const fitting = known(rows).map(([type, count]) => [type, count - (planted.misfits[type] ?? 0)]);
    return {
      hour,
      rows: Object.fromEntries(fitting) as Record<string, number>,
      rejected: Object.fromEntries(known(planted.misfits)),
      quarantined: [
        planted.broken,
        planted.untyped,
        planted.unknownType,
        ...unknown.map(([, count]) => count),
      ].reduce((sum, count) => sum + count),
    };
  }
}
