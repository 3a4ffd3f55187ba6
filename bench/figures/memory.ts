import { join } from 'node:path';
import { measure } from '../measure/command.ts';
import { QUANTITIES, spread } from '../measure/ratios.ts';
import { logferryClassify, LOGFERRY_VERSION, PLAIN_STAGING } from '../peers/logferry.ts';
import { commandText, type Classifier } from '../peers/tool.ts';
import type { GeneratedHour } from '../generate/write-hour.ts';
import type { Usage } from '../measure/command.ts';
import { rmSync } from 'node:fs';
import { hourText, type Context } from './context.ts';
import type { Figure, FigureResult, Side } from './figure.ts';
import { atMost, checkClassified, shownCommand } from './rounds.ts';

/** Megabytes of the smaller and the larger hour, and how many types they have; 40 have all other figures. */
const CASES = {
  quick: { sizes: [4, 16], types: [1, 200] },
  full: { sizes: [100, 8_000], types: [1, 40, 200] },
} as const;
/** An hour beyond this is classified once: it takes minutes, and its memory hardly differs from run to run. */
const LARGE_MEGABYTES = 1_000;

/** How much memory a classification needs, however large the hour and however many its types. */
export const memoryFigure: Figure = {
  name: 'memory',
  about: 'peak RSS of classify, by size of the hour and number of types',
  run,
};

async function run(context: Context): Promise<FigureResult> {
  const { sizes, types: counts } = context.settings.full ? CASES.full : CASES.quick;
  const peaks = new Map<string, number[]>();
  const rows: string[][] = [];
  const sides: Side[] = [];
  for (const types of counts) {
    for (const megabytes of sizes) {
      const side = await classified(context, types, megabytes);
      const mebibytes = side.runs.map(QUANTITIES.rss.of);
      peaks.set(`${types} ${megabytes}`, mebibytes);
      const { min, median, max } = spread(mebibytes);
      rows.push([String(types), `${megabytes} MB`, ...[min, median, max].map((peak) => peak.toFixed(1))]);
      sides.push(side);
    }
  }
  const all = [...peaks.values()].map((values) => spread(values).median);
  const growths = counts.map((types) => {
    const [small, large] = sizes.map((megabytes) => spread(peaks.get(`${types} ${megabytes}`)!).median);
    return large! - small!;
  });
  return {
    name: memoryFigure.name,
    title: 'peak memory of classify, plain to plain',
    input: `Hours of ${sizes.join(' and ')} MB in one object`,
    sides: sides.slice(0, 1),
    comparisons: [
      // The largest of all, not the middle one: a pod must live with each.
      { quantity: 'MiB', of: 'logferry, highest of all', values: [Math.max(...all)], bar: atMost(80) },
      {
        quantity: 'MiB',
        of: `growth from ${sizes[0]} to ${sizes[1]} MB, highest`,
        values: [Math.max(...growths)],
        bar: atMost(8),
      },
    ],
    skipped: [],
    table: { head: ['types', 'hour', 'MiB, min', 'median', 'max'], rows },
  };
}

/** Classifies an hour that is made for it and thrown away. */
async function classified(context: Context, types: number, megabytes: number): Promise<Side> {
  const hour = context.hour({ types, bytes: megabytes * 1e6 });
  const tool = logferryClassify(hour, ...PLAIN_STAGING);
  const runs: Usage[] = [];
  const rounds = megabytes > LARGE_MEGABYTES ? 1 : context.settings.slowPairs;
  for (let round = 0; round < rounds; round++) {
    context.say(`memory: ${hourText(hour)}, round ${round + 1}`);
    runs.push(await once(context, tool, hour, round === 0));
  }
  const command = shownCommand(context, commandText(tool.command('OUTPUT')));
  context.drop(hour);
  return { name: 'logferry', version: LOGFERRY_VERSION, command, runs };
}

async function once(context: Context, tool: Classifier, hour: GeneratedHour, check: boolean): Promise<Usage> {
  const output = join(context.temporary('output'), 'staging');
  const usage = await measure(tool.command(output));
  if (check) await checkClassified(hour)(tool, output);
  rmSync(output, { recursive: true });
  return usage;
}
