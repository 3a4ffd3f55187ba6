import type { Comparison, FigureResult, Side } from '../figures/figure.ts';
import { QUANTITIES, spread, type Quantity } from '../measure/ratios.ts';

/** Three figures: a fourth would be noise. */
export const number = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(3))) : 'unknown';

/** Whether the median keeps what is promised; undefined where nothing is. */
export function keeps({ bar, values }: Comparison): boolean | undefined {
  if (bar === undefined) return undefined;
  const { median } = spread(values);
  return bar.at === 'least' ? median >= bar.value : median <= bar.value;
}

/** A figure as Markdown, as docs/performance.md has it. */
export function figureMarkdown({ title, input, sides, comparisons, skipped, table }: FigureResult): string {
  const parts = [`### ${title}`, `${input}.`];
  if (comparisons.length > 0)
    parts.push(
      tableMarkdown({
        head: ['what', 'of', 'pairs', 'min', 'median', 'max', 'bar', ''],
        rows: comparisons.map(comparisonRow),
      }),
    );
  if (table !== undefined) parts.push(tableMarkdown(table));
  if (sides.length > 0) parts.push(sides.map(sideText).join('\n'));
  for (const { name, install } of skipped) parts.push(`Skipped: ${name} is not installed. ${install}`);
  return `${parts.join('\n\n')}\n`;
}

function comparisonRow(comparison: Comparison): string[] {
  const { quantity, of, values, bar } = comparison;
  const { min, median, max } = spread(values);
  const what = quantity in QUANTITIES ? QUANTITIES[quantity as Quantity].name : quantity;
  const kept = keeps(comparison);
  return [
    what,
    of,
    String(values.length),
    number(min),
    number(median),
    number(max),
    bar === undefined ? '' : `${bar.at === 'least' ? '≥' : '≤'} ${number(bar.value)}`,
    kept === undefined ? '' : kept ? 'kept' : 'MISSED',
  ];
}

/** Medians of one side, what it is, and the command. */
function sideText({ name, version, command, runs }: Side): string {
  const medians = (Object.keys(QUANTITIES) as Quantity[]).map((quantity) => {
    const { of, unit, name: what } = QUANTITIES[quantity];
    return `${what} ${number(spread(runs.map(of)).median)} ${unit}`;
  });
  return `- ${name}: ${medians.join(', ')} (${version})\n  \`${command}\``;
}

function tableMarkdown({
  head,
  rows,
}: {
  head: readonly string[];
  rows: readonly (readonly string[])[];
}): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
