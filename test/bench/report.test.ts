import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FigureResult } from '../../bench/figures/figure.ts';
import { measure, CommandError, type Usage } from '../../bench/measure/command.ts';
import { ratios, spread } from '../../bench/measure/ratios.ts';
import { commandText } from '../../bench/peers/tool.ts';
import { chart } from '../../bench/report/chart.ts';
import { figureMarkdown, number } from '../../bench/report/markdown.ts';
import { writeReport } from '../../bench/report/write-report.ts';
import { tempFolder } from '../support/temp.ts';

const usage = (cpuSeconds: number, wallSeconds = 1): Usage => ({
  cpuSeconds,
  wallSeconds,
  peakBytes: 2 ** 20,
  stdout: '',
});

const RESULT: FigureResult = {
  name: 'classify-plain',
  title: 'classify <plain> & "simple"',
  input: '1 MB in one object',
  sides: [
    {
      name: 'logferry',
      version: 'logferry 1',
      command: 'node cli.js | cat',
      runs: [usage(1), usage(2), usage(3)],
    },
  ],
  comparisons: [
    { quantity: 'cpu', of: 'DuckDB / logferry', values: [3, 5, 4], bar: { at: 'least', value: 4 } },
    { quantity: 'wall', of: 'DuckDB / logferry', values: [2, 1, 3], bar: { at: 'least', value: 2.3 } },
    { quantity: 'cpu', of: 'a | b', values: [1.25], bar: { at: 'most', value: 1.5 } },
    { quantity: 'rss', of: 'DuckDB / logferry', values: [3.14159, 3.2, 3.3] },
  ],
  skipped: [{ name: 'jq + gawk', install: 'apt-get install jq gawk' }],
};

describe('bench: figures', () => {
  it('takes the middle one of several, and the mean of the two middle ones', () => {
    assert.deepEqual(spread([3, 1, 2]), { min: 1, median: 2, max: 3 });
    assert.deepEqual(spread([4, 1, 3, 2]), { min: 1, median: 2.5, max: 4 });
    assert.deepEqual(spread([7]), { min: 7, median: 7, max: 7 });
    assert.deepEqual(spread([10, 9, 1]), { min: 1, median: 9, max: 10 });
  });

  it('divides pair by pair', () => {
    const [a, b] = [
      [usage(4, 9), usage(9, 8)],
      [usage(2, 3), usage(3, 2)],
    ];
    assert.deepEqual(ratios('cpu', a, b), [2, 3]);
    assert.deepEqual(ratios('wall', a, b), [3, 4]);
    assert.deepEqual(ratios('rss', a, b), [1, 1]);
  });

  it('says which promise is kept, by the median, and which peer was skipped and how to get it', () => {
    const text = figureMarkdown(RESULT);
    assert.match(text, /\| CPU +\| DuckDB \/ logferry +\| 3 \| 3 \| 4 \| 5 \| ≥ 4 \| kept \|/);
    assert.match(text, /\| wall +\| DuckDB \/ logferry +\| 3 \| 1 \| 2 \| 3 \| ≥ 2\.3 \| MISSED \|/);
    assert.match(text, /\| CPU \| a \\\| b \| 1 \| 1\.25 \| 1\.25 \| 1\.25 \| ≤ 1\.5 \| kept \|/);
    assert.match(text, /\| peak RSS \| DuckDB \/ logferry \| 3 \| 3\.14 \| 3\.2 \| 3\.3 \| {2}\| {2}\|/);
    assert.match(text, /Skipped: jq \+ gawk is not installed\. apt-get install jq gawk/);
    assert.match(
      text,
      /- logferry: CPU 2 s, wall 1 s, peak RSS 1 MiB \(logferry 1\)\n {2}`node cli\.js \| cat`/,
    );
    assert.equal(number(NaN), 'unknown');
  });

  it('draws what has a promise, and says in words whether it is kept', () => {
    const svg = chart([RESULT], 'a <machine>');
    wellFormed(svg);
    assert.equal(svg.match(/<rect class="(kept|missed)"/g)?.length, 3);
    assert.equal(svg.match(/class="kept"/g)?.length, 2);
    assert.match(svg, /\(≥ 2\.3, missed\)/);
    assert.match(svg, /\(≤ 1\.5, kept\)/);
    assert.match(svg, /prefers-color-scheme: dark/);
    assert.match(svg, /a &lt;machine&gt;/);
    wellFormed(chart([], ''));
  });

  it('writes every run into JSON', () => {
    const machine = { cpu: 'a CPU', cores: 2, memoryGiB: 4, system: 'Linux', versions: ['logferry 1'] };
    const folder = join(tempFolder(), 'new');
    const time = '2026-11-20T14:00:00.000Z';
    const report = { machine, time, settings: { pairs: 3 }, notes: ['A note.'], results: [RESULT] };
    const files = writeReport(folder, report);
    assert.deepEqual(
      files,
      ['results.json', 'results.md', 'ratios.svg'].map((name) => join(folder, name)),
    );
    assert.deepEqual(JSON.parse(readFileSync(files[0]!, 'utf8')), report);
    assert.match(
      readFileSync(files[1]!, 'utf8'),
      /^a CPU, 2 cores, 4 GiB, Linux; logferry 1; 2026-11-20\.\n\nA note\.\n\n### classify/,
    );
  });
});

describe('bench: measuring', () => {
  const bash = (text: string, env: Record<string, string> = {}): Promise<Usage> =>
    measure({ argv: ['bash', '-c', text], env });

  it('gives figures and what was printed', async () => {
    const { cpuSeconds, wallSeconds, stdout } = await bash('echo "$NAME"; echo noise >&2', {
      NAME: 'a name',
    });
    assert.equal(stdout, 'a name\n');
    assert.ok(Number.isFinite(cpuSeconds) && Number.isFinite(wallSeconds));
  });

  it('sees the memory of children of children', async function () {
    if (process.platform !== 'linux') this.skip();
    const hold = 'Buffer.alloc(80 * 2 ** 20, 1); setTimeout(() => {}, 100)';
    const { peakBytes = 0 } = await bash(`bash -c '"${process.execPath}" -e "${hold}"; true'`);
    assert.ok(peakBytes > 80 * 2 ** 20, `${peakBytes}`);
  });

  it('keeps a person’s settings away', async () => {
    process.env.LOGFERRY_TYPE_KEY = 'mine';
    try {
      assert.equal((await bash('echo "${LOGFERRY_TYPE_KEY:-nothing}"')).stdout, 'nothing\n');
    } finally {
      delete process.env.LOGFERRY_TYPE_KEY;
    }
  });

  it('refuses a command that fails, with what it said', async () => {
    await assert.rejects(bash('echo out; echo err >&2; exit 3'), (error: unknown) => {
      assert.ok(error instanceof CommandError);
      assert.match(error.message, /ended with 3:\nout\nerr\n$/);
      return true;
    });
  });

  it('shows a command as it would be typed', () => {
    assert.equal(
      commandText({ argv: ['a', "it's", 'b c'], env: { X: '1 2' } }),
      String.raw`X='1 2' a 'it'\''s' 'b c'`,
    );
  });
});

/** Every tag is closed by its own name, and no text holds a bare `<` or `&`. */
function wellFormed(svg: string): void {
  const open: string[] = [];
  const rest = svg.replaceAll(
    /<(\/?)([a-z]+)((?: [\w:-]+="[^"<]*")*)(\/?)>/g,
    (_, end: string, tag: string, _attributes, alone: string) => {
      if (end !== '') assert.equal(open.pop(), tag);
      else if (alone === '') open.push(tag);
      return '';
    },
  );
  assert.deepEqual(open, []);
  assert.doesNotMatch(rest.replaceAll(/&(amp|lt|gt|quot);/g, ''), /[<&]/);
}
