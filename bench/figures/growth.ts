import { QUANTITIES, spread } from '../measure/ratios.ts';
import { logferryClassify, PLAIN_STAGING } from '../peers/logferry.ts';
import type { HourOptions } from '../generate/write-hour.ts';
import type { Context } from './context.ts';
import type { Figure, FigureResult } from './figure.ts';
import { checkClassified, rounds } from './rounds.ts';

/** One thing is changed at a time; the rest is as everywhere. */
const CASES: readonly (readonly [what: string, options: Partial<HourOptions>])[] = [
  ['an hour of one line', { bytes: 1 }],
  ['40 types, lines of 800 B on average, one object', {}],
  ['1 type', { types: 1 }],
  ['200 types', { types: 200 }],
  ['1,000 types', { types: 1_000 }],
  ['lines of 200 B', { shape: { medianBytes: 200, sigma: 0 } }],
  ['lines of 20 kB', { shape: { medianBytes: 20_000, sigma: 0 } }],
  ['16 objects', { objects: 16 }],
  ['256 objects', { objects: 256 }],
];

/** Megabytes of each hour: what is told is a cost a MB. */
const MEGABYTES = { quick: 16, full: 256 };

/** How the cost grows with what varies. */
export const growthFigure: Figure = {
  name: 'growth',
  about: 'CPU a MB of classify, by types, lines and objects',
  run,
};

async function run(context: Context): Promise<FigureResult> {
  const bytes = (context.settings.full ? MEGABYTES.full : MEGABYTES.quick) * 1e6;
  const rows: string[][] = [];
  let fixed = 0;
  for (const [what, options] of CASES) {
    const hour = context.hour({ bytes, ...options });
    const tool = logferryClassify(hour, ...PLAIN_STAGING);
    const [side] = await rounds(context, [tool], context.slowPairs, checkClassified(hour));
    context.drop(hour);
    const { median } = spread(side!.runs.map(QUANTITIES.cpu.of));
    const { median: peak } = spread(side!.runs.map(QUANTITIES.rss.of));
    if (rows.length === 0) fixed = median;
    const each = rows.length === 0 ? '' : (((median - fixed) * 1e9) / hour.bytes).toFixed(2);
    rows.push([what, String(hour.lines), median.toFixed(2), each, peak.toFixed(0)]);
  }
  return {
    name: growthFigure.name,
    title: 'how the cost of classify grows, plain to plain',
    input: `Hours of ${bytes / 1e6} MB; the cost of an hour of one line is taken off before a cost a MB is told`,
    sides: [],
    comparisons: [],
    skipped: [],
    table: { head: ['hour', 'lines', 'CPU, s', 'CPU, ms a MB', 'peak RSS, MiB'], rows },
  };
}
