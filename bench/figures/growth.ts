import { QUANTITIES, spread } from '../measure/ratios.ts';
import { logferryClassify, PLAIN_STAGING } from '../peers/logferry.ts';
import type { HourOptions } from '../generate/write-hour.ts';
import type { Context } from './context.ts';
import type { Figure, FigureResult } from './figure.ts';
import { checkClassified, rounds } from './rounds.ts';

/** One thing is changed at a time; the rest is as everywhere. */
const CASES: readonly (readonly [what: string, options: Partial<HourOptions>])[] = [
  ['40 types, lines of 800 B on average, one object', {}],
  ['1 type', { types: 1 }],
  ['200 types', { types: 200 }],
  ['1,000 types', { types: 1_000 }],
  ['lines of 200 B', { shape: { medianBytes: 200, sigma: 0 } }],
  ['lines of 20 kB', { shape: { medianBytes: 20_000, sigma: 0 } }],
  ['16 objects', { objects: 16 }],
  ['256 objects', { objects: 256 }],
];

/** Megabytes of the larger hour of each case. */
const MEGABYTES = { quick: 64, full: 256 };
/** The smaller one has this part of it: what both cost alike is not the bytes' doing. */
const SMALLER = 8;

/** How the cost grows with what varies. */
export const growthFigure: Figure = {
  name: 'growth',
  about: 'CPU a MB and an hour of classify, by types, lines and objects',
  leftOut: 'what a MB costs shows only in hours that take a while',
  run,
};

async function run(context: Context): Promise<FigureResult> {
  const large = (context.settings.full ? MEGABYTES.full : MEGABYTES.quick) * 1e6;
  const rows: string[][] = [];
  for (const [what, options] of CASES) {
    const [few, many] = [
      await costOf(context, { bytes: large / SMALLER, ...options }),
      await costOf(context, { bytes: large, ...options }),
    ];
    const each = (many.cpuSeconds - few.cpuSeconds) / (many.bytes - few.bytes);
    const fixed = few.cpuSeconds - each * few.bytes;
    rows.push([
      what,
      String(many.lines),
      many.cpuSeconds.toFixed(2),
      (each * 1e9).toFixed(1),
      fixed.toFixed(2),
      many.peakMebibytes.toFixed(0),
    ]);
  }
  return {
    name: growthFigure.name,
    title: 'how the cost of classify grows, plain to plain',
    input: `Hours of ${large / 1e6 / SMALLER} and ${large / 1e6} MB; what the larger one costs more is the cost of a MB, the rest that of an hour`,
    sides: [],
    comparisons: [],
    skipped: [],
    table: { head: ['hour', 'lines', 'CPU, s', 'ms a MB', 's an hour', 'peak RSS, MiB'], rows },
  };
}

/** Medians of an hour's classifications. */
async function costOf(
  context: Context,
  options: HourOptions,
): Promise<{ bytes: number; lines: number; cpuSeconds: number; peakMebibytes: number }> {
  const hour = context.hour(options);
  const tool = logferryClassify(hour, ...PLAIN_STAGING);
  const [side] = await rounds(context, [tool], context.settings.slowPairs, checkClassified(hour));
  context.drop(hour);
  const median = (quantity: 'cpu' | 'rss'): number => spread(side!.runs.map(QUANTITIES[quantity].of)).median;
  return { bytes: hour.bytes, lines: hour.lines, cpuSeconds: median('cpu'), peakMebibytes: median('rss') };
}
