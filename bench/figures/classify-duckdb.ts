import { duckdbClassify } from '../peers/duckdb.ts';
import { logferryClassify, PLAIN_STAGING } from '../peers/logferry.ts';
import { hourText, type Context } from './context.ts';
import type { Bar, Figure, FigureResult } from './figure.ts';
import { atLeast, checkClassified, rounds, timesOurs } from './rounds.ts';

interface Case {
  readonly name: string;
  readonly title: string;
  readonly compression: 'plain' | 'gzip';
  readonly options: readonly string[];
  readonly bars: { readonly cpu: Bar; readonly wall: Bar };
}

/** The level at which DuckDB's gzip works and offers no other: MZ_DEFAULT_LEVEL of miniz. */
const DUCKDB_LEVEL = '6';

const CASES: readonly Case[] = [
  {
    name: 'classify-plain',
    title: 'classify, plain to plain',
    compression: 'plain',
    options: PLAIN_STAGING,
    bars: { cpu: atLeast(4), wall: atLeast(2.3) },
  },
  {
    name: 'classify-gzip',
    title: 'classify, gzip to gzip, both as they come',
    compression: 'gzip',
    options: [],
    bars: { cpu: atLeast(5), wall: atLeast(4) },
  },
  {
    name: 'classify-gzip-equal',
    title: 'classify, gzip to gzip at the same level',
    compression: 'gzip',
    options: ['--compression-level', DUCKDB_LEVEL],
    bars: { cpu: atLeast(2.2), wall: atLeast(1.8) },
  },
];

/** Each against DuckDB's COPY. */
export const classifyFigures: readonly Figure[] = CASES.map((each) => ({
  name: each.name,
  about: `${each.title}, against DuckDB`,
  run: (context) => run(context, each),
}));

async function run(
  context: Context,
  { name, title, compression, options, bars }: Case,
): Promise<FigureResult> {
  const objectCounts = context.settings.full ? [1, 16] : [1];
  const comparisons: FigureResult['comparisons'][number][] = [];
  const sides: FigureResult['sides'][number][] = [];
  const inputs: string[] = [];
  for (const objects of objectCounts) {
    const hour = context.hour({ compression, objects });
    const tools = [
      logferryClassify(hour, ...options),
      duckdbClassify(hour, compression === 'plain' ? 'none' : 'gzip'),
    ];
    const made = await rounds(context, tools, context.settings.pairs, checkClassified(hour));
    const [ours, duckdb] = made;
    sides.push(...made);
    inputs.push(hourText(hour));
    const where = objectCounts.length === 1 ? '' : objects === 1 ? ', one object' : `, ${objects} objects`;
    comparisons.push(
      ...timesOurs(ours!, duckdb!, { ...bars, rss: undefined }).map((each) => ({
        ...each,
        of: `${each.of}${where}`,
      })),
    );
  }
  return { name, title, input: inputs.join('; '), sides, comparisons, skipped: [] };
}
