import type { Bar, Comparison, FigureResult } from '../figures/figure.ts';
import { spread } from '../measure/ratios.ts';
import { number } from './markdown.ts';

/** One bar of the chart. */
interface Row {
  readonly label: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly bar: Bar;
  /** How often the promise is kept: 1 is just so, 2 is twice as good as promised. */
  readonly score: number;
}

/** Pixels. */
const WIDTH = 1_000;
const LABEL_WIDTH = 520;
const ROW_HEIGHT = 30;
const TOP = 64;
const BOTTOM = 20;
const CHART_WIDTH = WIDTH - LABEL_WIDTH - 150;
/** Bars reach at most this many times the promise; what is beyond is told by its number. */
const LONGEST = 4;

/**
 * Every promised ratio as a bar whose length says how far it is kept: at the line it is just kept. Plain SVG that follows the reader's
 * light or dark scheme; the result is told by words and numbers too, not by colour alone.
 */
export function chart(results: readonly FigureResult[], caption: string): string {
  const rows = results.flatMap(({ title, comparisons }) => comparisons.flatMap((each) => rowOf(title, each)));
  const height = TOP + rows.length * ROW_HEIGHT + BOTTOM;
  const line = LABEL_WIDTH + CHART_WIDTH / LONGEST;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Ratios against what is promised">
<style>
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .quiet { fill: #59636e; font-size: 12px }
  .back { fill: #ffffff }
  .kept { fill: #1a7f37 }
  .missed { fill: #cf222e }
  .line { stroke: #1f2328; stroke-dasharray: 4 3 }
  .spread { stroke: #1f2328 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .quiet { fill: #9198a1 }
    .back { fill: #0d1117 }
    .kept { fill: #3fb950 }
    .missed { fill: #f85149 }
    .line, .spread { stroke: #f0f6fc }
  }
</style>
<rect class="back" width="${WIDTH}" height="${height}"/>
<text x="12" y="24">${escaped('How far each promise is kept: at the dashed line it is just kept')}</text>
<text class="quiet" x="12" y="44">${escaped(caption)}</text>
${rows.map(rowSvg).join('\n')}
<line class="line" x1="${line}" x2="${line}" y1="${TOP - 8}" y2="${height - BOTTOM + 4}"/>
</svg>
`;
}

function rowOf(title: string, comparison: Comparison): Row[] {
  const { bar, quantity, of, values } = comparison;
  if (bar === undefined) return [];
  const all = spread(values);
  if (![all.min, all.median, all.max].every(Number.isFinite)) return [];
  return [
    {
      label: `${title}: ${quantity === 'cpu' ? 'CPU' : quantity}, ${of}`,
      ...all,
      bar,
      score: scoreOf(all.median, bar),
    },
  ];
}

const scoreOf = (value: number, { at, value: promised }: Bar): number =>
  at === 'least' ? value / promised : promised / value;

const xOf = (score: number): number =>
  LABEL_WIDTH + (Math.min(Math.max(score, 0), LONGEST) / LONGEST) * CHART_WIDTH;

function rowSvg({ label, median, min, max, bar, score }: Row, index: number): string {
  const y = TOP + index * ROW_HEIGHT;
  const ends = [scoreOf(min, bar), scoreOf(max, bar)].map(xOf);
  const promised = `${bar.at === 'least' ? '≥' : '≤'} ${number(bar.value)}`;
  const verdict = score >= 1 ? 'kept' : 'missed';
  const end = xOf(Math.max(score, scoreOf(min, bar), scoreOf(max, bar)));
  return [
    `<text x="12" y="${y + 15}">${escaped(shortened(label))}</text>`,
    `<rect class="${verdict}" x="${LABEL_WIDTH}" y="${y + 3}" width="${(xOf(score) - LABEL_WIDTH).toFixed(1)}" height="16"/>`,
    `<line class="spread" x1="${Math.min(...ends).toFixed(1)}" x2="${Math.max(...ends).toFixed(1)}" y1="${y + 11}" y2="${y + 11}"/>`,
    `<text x="${(end + 6).toFixed(1)}" y="${y + 15}">${number(median)} <tspan class="quiet">${escaped(`(${promised}, ${verdict})`)}</tspan></text>`,
  ].join('\n');
}

/** Characters that the label's column holds. */
const LABEL_LENGTH = 76;

const shortened = (label: string): string =>
  label.length <= LABEL_LENGTH ? label : `${label.slice(0, LABEL_LENGTH - 1)}…`;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
