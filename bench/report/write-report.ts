import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FigureResult } from '../figures/figure.ts';
import { chart } from './chart.ts';
import { machineText, type Machine } from './machine.ts';
import { figureMarkdown } from './markdown.ts';

/** Everything that was measured, for programs, for pages and for eyes. */
export interface Report {
  readonly machine: Machine;
  /** When, ISO 8601. */
  readonly time: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** What a reader must know of how the figures were asked for. */
  readonly notes: readonly string[];
  readonly results: readonly FigureResult[];
}

/** Writes results.json (every run's raw figures), results.md and ratios.svg. @returns The files. */
export function writeReport(folder: string, report: Report): string[] {
  mkdirSync(folder, { recursive: true });
  const caption = `${machineText(report.machine).split(';')[0]!}, ${report.time.slice(0, 10)}`;
  const texts = {
    'results.json': `${JSON.stringify(report, undefined, 2)}\n`,
    'results.md': `${[`${machineText(report.machine)}; ${report.time.slice(0, 10)}.`, ...report.notes].join('\n\n')}\n\n${report.results.map(figureMarkdown).join('\n')}`,
    'ratios.svg': chart(report.results, caption),
  };
  return Object.entries(texts).map(([name, text]) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  });
}
