import { join } from 'node:path';
import { WIDE_TYPE } from '../generate/log-types.ts';
import { measure, type Usage } from '../measure/command.ts';
import { commandText } from '../peers/tool.ts';
import { hourText, type Context } from './context.ts';
import type { Comparison, Figure, FigureResult } from './figure.ts';
import { atLeast, shownCommand } from './rounds.ts';

/** Rows that are looked at again and again: more than any processor's own caches hold, as in a load. */
const ROW_BYTES = 4e6;

/** The three processes. */
const WAYS = {
  check: 'logferry’s row check',
  'parse-strings': 'JSON.parse of ready strings',
  'parse-buffers': 'toString + JSON.parse',
} as const;

type Way = keyof typeof WAYS;

/** The strict check of a row with 30 fields, one thread, rows in memory. */
export const rowCheckFigure: Figure = {
  name: 'row-check',
  about: 'the strict row check of 30 fields, against JSON.parse',
  run,
};

async function run(context: Context): Promise<FigureResult> {
  const hour = context.hour({ types: 1, bytes: ROW_BYTES });
  const argv = (way: Way): [string, ...string[]] => [
    process.execPath,
    new URL('row-check-process.ts', import.meta.url).pathname,
    hour.files[0]!,
    join(hour.schemas, `${WIDE_TYPE}.json`),
    way,
  ];
  const runs: Record<Way, Usage[]> = { check: [], 'parse-strings': [], 'parse-buffers': [] };
  const ways = Object.keys(WAYS) as Way[];
  for (let round = 0; round < context.settings.pairs; round++) {
    for (const way of ways) {
      context.say(`${WAYS[way]}: round ${round + 1} of ${context.settings.pairs}`);
      runs[way].push(await measure({ argv: argv(way) }));
    }
  }
  const speeds = (way: Way): number[] =>
    runs[way].map(({ stdout }) => (JSON.parse(stdout) as { megabytesPerSecond: number }).megabytesPerSecond);
  const over = (way: Way): Comparison => ({
    quantity: 'speed',
    of: `${WAYS.check} / ${WAYS[way]}`,
    values: speeds('check').map((speed, index) => speed / speeds(way)[index]!),
  });
  return {
    name: rowCheckFigure.name,
    title: 'row check of 30 fields',
    input: hourText(hour),
    sides: ways.map((way) => ({
      name: WAYS[way],
      version: `Node ${process.versions.node}`,
      command: shownCommand(context, commandText({ argv: argv(way) })),
      runs: runs[way],
    })),
    comparisons: [
      ...ways.map((way) => ({
        quantity: 'MB/s' as const,
        of: WAYS[way],
        values: speeds(way),
        ...(way === 'check' ? { bar: atLeast(400) } : {}),
      })),
      { ...over('parse-strings'), bar: atLeast(2) },
      over('parse-buffers'),
    ],
    skipped: [],
  };
}
