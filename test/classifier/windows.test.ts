import assert from 'node:assert/strict';
import { FastTypeScanner } from '../../workloads/classifier/fast-type-scanner.ts';
import { TypeScanner } from '../../workloads/classifier/type-scanner.ts';
import type { Line } from '../../workloads/core/lines/line.ts';
import { LineSplitter, type RunTaker } from '../../workloads/core/lines/splitter.ts';
import { Scratch } from '../../workloads/core/scratch/scratch.ts';
import { HOUR, HourBench, lineOf } from '../support/hour-bench.ts';
import { tempFolder } from '../support/temp.ts';

const TYPES = ['a', '구매'];
const KEY = 'log_type';

const FAST = new FastTypeScanner(KEY, TYPES);

/** Takes what the fast scanner is sure of, and writes down what becomes of every line. */
class Recorder implements RunTaker {
  readonly #fast = FAST;
  readonly #scanner = new TypeScanner(KEY, TYPES);
  readonly fates: string[] = [];
  fast = 0;
  taken = 0;

  open(bytes: Buffer, start: number, end: number): number {
    this.#fast.open(bytes, start, end);
    return end;
  }

  take(start: number): number {
    const runs = this.#fast.take(start);
    for (let run = 0; run < runs; run++) {
      const type = TYPES[this.#fast.placeOf(run)]!;
      const first = this.#fast.startOf(run);
      const lines = this.#fast.gathered
        .toString('latin1', first, first + this.#fast.bytesOf(run))
        .split('\n');
      assert.deepEqual([lines.length - 1, lines.pop()], [this.#fast.linesOf(run), '']);
      for (const line of lines) this.fates.push(`${type} ${line}`);
    }
    this.taken = this.#fast.lines;
    this.fast += this.taken;
    return this.#fast.rest;
  }

  /** The lines of each type in their order, and those of none. */
  get byType(): Record<string, string[] | undefined> {
    return Object.groupBy(this.fates, (fate) => fate.slice(0, fate.indexOf(' ')));
  }

  readonly judge = ({ view, number, offset }: Line): void => {
    const verdict = this.#scanner.scan(view);
    const fate = 'type' in verdict ? verdict.type : `line ${number}, byte ${offset}, ${verdict.reason}`;
    this.fates.push(`${fate} ${view.copy(0, view.length).toString('latin1')}`);
  };
}

const LINES = [
  '\uFEFF{"log_type":"a"}\r\n',
  '{"x":{"log_type":"b","y":["\\"]"]},"log_type":"구매","z":-1.5}\n',
  '\n',
  '{"log_type":"a","x":"\\',
  '\n',
  '{"\\u006cog_type":"구매"}\r\n',
  '{"log_type":"a","x":"\\\\"}\r\n',
  '{"log_type":"c"}\n',
  '{"s":"한글 🎮","log_type":"a"}\n',
  '{"log_type":"a","x":[1,{"y":"',
];

describe('lines across windows', () => {
  let scratch: Scratch;
  before(async () => (scratch = await Scratch.create(tempFolder())));

  function record(chunks: readonly Buffer[]): Recorder & { lines: number; bytes: number } {
    const recorder = new Recorder();
    const splitter = new LineSplitter(scratch, recorder.judge, recorder);
    for (const chunk of chunks) splitter.push(Buffer.concat([chunk]));
    splitter.end();
    return Object.assign(recorder, { lines: splitter.lines, bytes: splitter.bytes });
  }

  it('cut at any two bytes: the same fate of each line, whoever judges it', () => {
    const bytes = Buffer.from(LINES.join(''));
    const whole = record([bytes]);
    assert.deepEqual(
      whole.fates.map((fate) => fate.slice(0, fate.indexOf(' {'))),
      [
        'a',
        '구매',
        'line 3, byte 85, not_object',
        'line 4, byte 86, not_object',
        '구매',
        'a',
        'line 7, byte 164, unknown_type',
        'a',
        'line 9, byte 216, not_object',
      ],
    );
    assert.equal(whole.fast, 3);
    for (let first = 0; first <= bytes.length; first++) {
      for (let second = first; second <= bytes.length; second += 1 + (first % 7)) {
        const cut = record([bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)]);
        assert.deepEqual(
          { fates: cut.byType, lines: cut.lines, bytes: cut.bytes },
          { fates: whole.byType, lines: whole.lines, bytes: bytes.length },
          `cut at ${first} and ${second}`,
        );
      }
    }
  });

  it('lines longer than a window are taken at the length that still lies in memory', () => {
    for (const length of [65_536, 262_144, 1_048_575, 1_048_576]) {
      const pad = 'x'.repeat(length - '{"pad":"","log_type":"a"}'.length);
      const line = Buffer.from(`{"pad":"${pad}","log_type":"a"}\n`);
      assert.equal(line.length, length + 1);
      const chunks = [];
      for (let at = 0; at < line.length * 3; at += 50_001)
        chunks.push(Buffer.concat([line, line, line]).subarray(at, at + 50_001));
      const { fast, lines, fates } = record(chunks);
      assert.deepEqual({ fast, lines }, { fast: 3, lines: 3 }, String(length));
      assert.ok(fates.every((fate) => fate.length === length + 2));
    }
  });

  it('a byte that is no UTF-8 at every place of a line: that line is set aside, its neighbours are not', async () => {
    const before = lineOf('a', { before: '한' });
    const line = Buffer.from('{"x":[1,"😀"],"log_type":"a"}');
    const hour = new HourBench(tempFolder(), 'a');
    for (let at = 0; at < line.length; at++) {
      const broken = Buffer.from(line);
      broken[at] = 0xff;
      hour.put(
        `${String(at).padStart(3, '0')}.json`,
        Buffer.concat([Buffer.from(`${before}\n`), broken, Buffer.from(`\n${before}\n`)]),
      );
    }
    const { manifest } = await hour.classify();
    const { staged, quarantined, reasons } = manifest;
    assert.deepEqual(
      { staged, quarantined, reasons },
      { staged: 2 * line.length, quarantined: line.length, reasons: { not_utf8: line.length } },
    );
    assert.ok(hour.quarantined(manifest).every(({ line: number }) => number === 2));
    assert.equal(hour.staged(manifest, 'a').toString(), `${before}\n`.repeat(2 * line.length));
  });

  it('a NUL at every place of a line: the same', async () => {
    const line = Buffer.from('{"x":[1,"s"],"log_type":"a"}');
    const hour = new HourBench(tempFolder(), 'a');
    const objects = Array.from(line, (_, at) =>
      Buffer.concat([line.subarray(0, at), Buffer.from([0]), line.subarray(at)]),
    );
    hour.put(
      'x.json',
      Buffer.concat(objects.flatMap((broken) => [line, Buffer.from('\n'), broken, Buffer.from('\n')])),
    );
    const { staged, quarantined, reasons } = (await hour.classify()).manifest;
    assert.deepEqual(
      { staged, quarantined, reasons },
      { staged: line.length, quarantined: line.length, reasons: { raw_nul: line.length } },
    );
  });

  it('100,000 types that nobody knows, one line each, among lines of known ones', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    const lines = Array.from(
      { length: 100_000 },
      (_, n) => `${lineOf(`unknown/${n}`)}\n${n % 10 === 0 ? `${lineOf('a')}\n` : ''}`,
    );
    hour.put('x.json', lines.join(''));
    const { staged, quarantined, reasons } = (await hour.classify({}, HOUR)).manifest;
    assert.deepEqual(
      { staged, quarantined, reasons },
      { staged: 10_000, quarantined: 100_000, reasons: { unknown_type: 100_000 } },
    );
  });
});
