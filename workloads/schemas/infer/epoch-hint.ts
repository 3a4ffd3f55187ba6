import type { EpochUnit } from '../../core/schema/log-type.ts';
import type { NumberStats } from './scalar-stats.ts';

/** Last words of names that mean an instant: `ts`, `created_at`, `eventTime`. */
const TIME_WORDS = new Set(['ts', 'time', 'timestamp', 'stamp', 'at', 'date', 'datetime', 'epoch']);

/** What may follow such a word: `ts_ms`, `created_at_utc`. */
const UNIT_WORDS = new Set(['s', 'sec', 'seconds', 'ms', 'msec', 'millis', 'us', 'usec', 'micros', 'utc']);

/** Seconds since 1970 of the years that logs are written in. The three units' ranges do not overlap, so the unit is certain. */
const FIRST_SECOND = Date.UTC(2000, 0, 1) / 1000;
const LAST_SECOND = Date.UTC(2100, 0, 1) / 1000;

const UNITS: readonly (readonly [EpochUnit, number, string])[] = [
  ['s', 1, 'seconds'],
  ['ms', 1_000, 'milliseconds'],
  ['us', 1_000_000, 'microseconds'],
];

/** The unit of an integer field that holds instants by its name and by all its values, or undefined. */
export function epochUnitOf(name: string, { min, max }: NumberStats): EpochUnit | undefined {
  if (!namesTime(name)) return undefined;
  return UNITS.find(([, factor]) => min >= FIRST_SECOND * factor && max <= LAST_SECOND * factor)?.[0];
}

/** How the field is described to analysts. */
export function epochDescription(unit: EpochUnit): string {
  return `epoch ${UNITS.find(([name]) => name === unit)![2]}, UTC (inferred)`;
}

function namesTime(name: string): boolean {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/_+/)
    .filter((word) => word !== '');
  while (words.length > 1 && UNIT_WORDS.has(words.at(-1)!)) words.pop();
  return TIME_WORDS.has(words.at(-1) ?? '');
}
