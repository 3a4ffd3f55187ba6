import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { bundle } from '../scripts/bundle.ts';
import { FIGURES } from './figures/all.ts';
import { Context } from './figures/context.ts';
import type { Figure, FigureResult } from './figures/figure.ts';
import { UnequalError } from './figures/rounds.ts';
import { CommandError } from './measure/command.ts';
import { notesOf, readOptions, type Options } from './options.ts';
import { BUNDLE } from './peers/logferry.ts';
import { machineText, thisMachine } from './report/machine.ts';
import { figureMarkdown } from './report/markdown.ts';
import { writeReport } from './report/write-report.ts';

// How fast logferry is, against its peers on this machine: npm run bench -- --help. docs/performance.md is written from it.

async function main(options: Options): Promise<void> {
  const begun = performance.now();
  await bundle(BUNDLE);
  const machine = thisMachine();
  console.log(`${machineText(machine)}\n`);
  const folder = mkdtempSync(join(tmpdir(), 'logferry-bench-'));
  try {
    const results = await measureAll(new Context(folder, options, say), options.figures);
    const { figures, leftOut, out, ...sizes } = options;
    const settings = { ...sizes, figures: figures.map(nameOf), leftOut: leftOut.map(nameOf) };
    const notes = notesOf(options);
    const report = { machine, time: new Date().toISOString(), settings, notes, results };
    for (const note of notes) console.log(`${note}\n`);
    const seconds = Math.round((performance.now() - begun) / 1_000);
    console.log(
      `${results.length} of ${figures.length} figures in ${seconds} s: ${writeReport(out, report).join(', ')}`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const nameOf = ({ name }: Figure): string => name;

/** Progress, on a terminal only. */
function say(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

/** Tells each figure as soon as it is there. One that fails tells no time, and does not keep the others from being measured. */
async function measureAll(context: Context, figures: readonly Figure[]): Promise<FigureResult[]> {
  const results: FigureResult[] = [];
  for (const figure of figures) {
    try {
      const result = await figure.run(context);
      say('');
      results.push(result);
      console.log(figureMarkdown(result));
    } catch (error) {
      if (!(error instanceof UnequalError) && !(error instanceof CommandError)) throw error;
      say('');
      console.error(`### ${figure.name} failed\n\n${error.message}\n`);
      process.exitCode = 1;
    }
  }
  return results;
}

try {
  await main(readOptions(process.argv.slice(2), FIGURES, (text) => process.stderr.write(text)));
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
