import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { bundle } from '../scripts/bundle.ts';
import { FIGURES } from './figures/all.ts';
import { Context } from './figures/context.ts';
import type { FigureResult } from './figures/figure.ts';
import { UnequalError } from './figures/rounds.ts';
import { CommandError } from './measure/command.ts';
import { readOptions, type Options } from './options.ts';
import { BUNDLE } from './peers/logferry.ts';
import { machineText, thisMachine } from './report/machine.ts';
import { figureMarkdown } from './report/markdown.ts';
import { writeReport } from './report/write-report.ts';

// How fast logferry is, against its peers on this machine: npm run bench -- --help. docs/performance.md is written from it.

async function main(options: Options): Promise<void> {
  await bundle(BUNDLE);
  const machine = thisMachine();
  console.log(`${machineText(machine)}\n`);
  const folder = mkdtempSync(join(tmpdir(), 'logferry-bench-'));
  const say = (text: string): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  };
  const results: FigureResult[] = [];
  try {
    const context = new Context(folder, options, say);
    for (const figure of options.figures) {
      const result = await figure.run(context);
      say('');
      results.push(result);
      console.log(figureMarkdown(result));
    }
    const { figures, out, ...settings } = options;
    const report = { machine, time: new Date().toISOString(), settings, results };
    console.log(`Written: ${writeReport(out, report).join(', ')} (${figures.length} figures)`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

try {
  await main(readOptions(process.argv.slice(2), FIGURES, (text) => process.stderr.write(text)));
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof UnequalError || error instanceof CommandError) {
    console.error(error.message);
    process.exitCode = 1;
  } else throw error;
}
