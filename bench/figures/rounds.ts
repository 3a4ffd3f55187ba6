import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { differences, type TypedLines } from '../equality/multiset.ts';
import { readTypedLines } from '../equality/read-output.ts';
import type { GeneratedHour } from '../generate/write-hour.ts';
import { measure, type Usage } from '../measure/command.ts';
import { ratios, type Quantity } from '../measure/ratios.ts';
import { commandText, type Classifier, type Tool } from '../peers/tool.ts';
import type { Context } from './context.ts';
import type { Bar, Comparison, Side } from './figure.ts';

/** The checkout. */
const ROOT = new URL('../../', import.meta.url).pathname;

/** An output that is not what the input asks for: no time of that tool means anything. */
export class UnequalError extends Error {}

/**
 * Runs tools in turn, round by round, so that what slows the machine down slows all of them down; looks at each tool's first output
 * before anything is told.
 * @throws UnequalError, CommandError
 */
export async function rounds<T extends Tool>(
  context: Context,
  tools: readonly T[],
  count: number,
  check: (tool: T, output: string) => Promise<void>,
): Promise<Side[]> {
  const runs = new Map<T, Usage[]>(tools.map((tool) => [tool, []]));
  const folder = context.temporary('output');
  for (let round = 0; round < count; round++) {
    for (const tool of tools) {
      context.say(`${tool.name}: round ${round + 1} of ${count}`);
      const output = join(folder, tool.name.replaceAll(/\W+/g, '-'));
      runs.get(tool)!.push(await measure(tool.command(output)));
      if (round === 0) await check(tool, output);
      rmSync(output, { recursive: true });
    }
  }
  return tools.map((tool) => ({
    name: tool.name,
    version: tool.version,
    command: shownCommand(context, commandText(tool.command(join(folder, 'OUTPUT')))),
    runs: runs.get(tool)!,
  }));
}

/** A command without the places of this machine. */
export function shownCommand(context: Context, command: string): string {
  return command
    .replaceAll(process.execPath, 'node')
    .replaceAll(/[\w./-]*\/output-\w+\/OUTPUT/g, 'OUTPUT')
    .replaceAll(context.folder, 'BENCH')
    .replaceAll(ROOT, '');
}

/** Compares what a classifier wrote with what the generator knows. @throws UnequalError */
export function checkClassified(hour: GeneratedHour): (tool: Classifier, output: string) => Promise<void> {
  return async (tool, output) => {
    const found = await readTypedLines(output, tool.typeOf, tool.spelling);
    assertEqual(tool.name, tool.spelling === 'raw' ? hour.raw : hour.canonical(), found);
  };
}

/** @throws UnequalError which names the types that differ, with their counts. */
export function assertEqual(name: string, expected: TypedLines, found: TypedLines): void {
  const wrong = differences(expected, found);
  if (wrong.length > 0)
    throw new UnequalError(`${name} gave other lines than its input has:\n${wrong.join('\n')}`);
}

/** How many times as much as ours a peer takes, each quantity with what is promised of it. */
export function timesOurs(
  ours: Side,
  peer: Side,
  bars: Partial<Readonly<Record<Quantity, Bar | undefined>>>,
): Comparison[] {
  return (Object.entries(bars) as [Quantity, Bar | undefined][]).map(([quantity, bar]) => ({
    quantity,
    of: `${peer.name} / ${ours.name}`,
    values: ratios(quantity, peer.runs, ours.runs),
    ...(bar === undefined ? {} : { bar }),
  }));
}

export const atLeast = (value: number): Bar => ({ at: 'least', value });
export const atMost = (value: number): Bar => ({ at: 'most', value });
