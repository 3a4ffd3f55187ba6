import type { GeneratedHour } from '../generate/write-hour.ts';
import { duckdbClassify } from '../peers/duckdb.ts';
import { logferryClassify, PLAIN_STAGING } from '../peers/logferry.ts';
import { gzipAlone } from '../peers/text-tools.ts';
import { isMissing, type Missing, type Tool } from '../peers/tool.ts';
import { hourText, type Context } from './context.ts';
import type { Bar, Figure, FigureResult } from './figure.ts';
import { checkFloor } from './gzip-floor.ts';
import { atLeast, checkClassified, rounds, timesOurs } from './rounds.ts';

interface Case {
  readonly name: string;
  readonly title: string;
  /** Of staging; undefined: plain to plain. */
  readonly level?: number;
  readonly options: readonly string[];
  /** Each run takes several times as long as one of the first figure. */
  readonly slow?: boolean;
  readonly bars: { readonly cpu: Bar; readonly wall: Bar };
}

/** The level at which DuckDB's gzip works and offers no other: MZ_DEFAULT_LEVEL of miniz. */
const DUCKDB_LEVEL = 6;
/** Ours, where nothing else is asked for. */
const OWN_LEVEL = 1;

const CASES: readonly Case[] = [
  {
    name: 'classify-plain',
    title: 'classify, plain to plain',
    options: PLAIN_STAGING,
    bars: { cpu: atLeast(4), wall: atLeast(2.3) },
  },
  {
    name: 'classify-gzip',
    title: 'classify, gzip to gzip, both as they come',
    level: OWN_LEVEL,
    options: [],
    bars: { cpu: atLeast(5), wall: atLeast(4) },
  },
  {
    name: 'classify-gzip-equal',
    title: 'classify, gzip to gzip at the same level',
    level: DUCKDB_LEVEL,
    options: ['--compression-level', String(DUCKDB_LEVEL)],
    slow: true,
    bars: { cpu: atLeast(2.2), wall: atLeast(1.8) },
  },
];

/** Each against DuckDB's COPY; where gzip is written, also against gzip's own reading and writing of the same bytes: the codec's floor. */
export const classifyFigures: readonly Figure[] = CASES.map((each) => ({
  name: each.name,
  about: `${each.title}, against DuckDB${each.level === undefined ? '' : ` and gzip -${each.level} alone`}`,
  run: (context) => run(context, each),
}));

/** What one hour gave. */
type Part = Pick<FigureResult, 'sides' | 'comparisons' | 'skipped'>;

async function run(context: Context, each: Case): Promise<FigureResult> {
  const objectCounts = context.settings.full ? [1, 16] : [1];
  const [inputs, parts]: [string[], Part[]] = [[], []];
  for (const objects of objectCounts) {
    const hour = context.hour({ compression: each.level === undefined ? 'plain' : 'gzip', objects });
    const where = objectCounts.length === 1 ? '' : objects === 1 ? ', one object' : `, ${objects} objects`;
    inputs.push(hourText(hour));
    parts.push(await compare(context, each, hour, where));
  }
  return {
    name: each.name,
    title: each.title,
    input: inputs.join('; '),
    sides: parts.flatMap(({ sides }) => sides),
    comparisons: parts.flatMap(({ comparisons }) => comparisons),
    skipped: parts[0]!.skipped,
  };
}

async function compare(context: Context, each: Case, hour: GeneratedHour, where: string): Promise<Part> {
  const { level, options, slow, bars } = each;
  const { pairs, slowPairs } = context.settings;
  const [ours, duckdb] = [
    logferryClassify(hour, ...options),
    duckdbClassify(hour, level === undefined ? 'none' : 'gzip'),
  ];
  const floor: Tool | Missing | undefined = level === undefined ? undefined : gzipAlone(hour.files, level);
  const floors = floor === undefined || isMissing(floor) ? [] : [floor];
  const check = checkClassified(hour);
  const sides = await rounds<Tool>(
    context,
    [ours, duckdb, ...floors],
    slow === true || hour.files.length > 1 ? slowPairs : pairs,
    (tool, output) =>
      tool === ours || tool === duckdb
        ? check(tool === ours ? ours : duckdb, output)
        : checkFloor(tool.name, hour, output),
  );
  const [own, theirs, least] = sides;
  const comparisons = [
    ...timesOurs(own!, theirs!, { ...bars, rss: undefined }),
    ...(least === undefined ? [] : timesOurs(own!, least, { cpu: undefined, wall: undefined })),
  ].map((comparison) => ({ ...comparison, of: `${comparison.of}${where}` }));
  return { sides, comparisons, skipped: floor !== undefined && isMissing(floor) ? [floor] : [] };
}
