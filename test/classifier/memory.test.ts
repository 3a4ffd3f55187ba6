import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { constants, zstdCompressSync } from 'node:zlib';
import { randomBytes } from 'node:crypto';
import { cliProcess } from '../support/cli.ts';
import { HOUR } from '../support/hour-bench.ts';
import { Road } from '../support/road.ts';
import { tempFolder } from '../support/temp.ts';

const PRINT_RSS = fileURLToPath(new URL('../support/print-rss.ts', import.meta.url));
const MIB = 1024 * 1024;
/** A pod's limits of V8: without them a busy machine collects garbage late, and the peak is that of the machine. */
const NODE_OPTIONS = '--max-semi-space-size=1 --max-old-space-size=48';
const fields = [{ name: 'log_type', type: 'STRING' }];

const lineOf = (type: number): string =>
  `${JSON.stringify({ log_type: `t${type}`, pad: 'x'.repeat(200 + (type % 100)) })}\n`;

/** Peak memory, in MiB, of classifying an hour of so many types in objects that `write` fills. */
async function peak(types: number, write: (fd: number) => void, objects = 1): Promise<number> {
  const road = new Road(
    tempFolder(),
    Object.fromEntries(Array.from({ length: types }, (_, n) => [`t${n}`, { fields }])),
  );
  for (let object = 0; object < objects; object++) {
    const fd = openSync(road.put(HOUR, `x${object}.json`, ''), 'w');
    write(fd);
    closeSync(fd);
  }
  const { code, stderr } = await cliProcess(['classify', HOUR, ...road.options], {
    imports: [PRINT_RSS],
    env: { NODE_OPTIONS },
  });
  assert.equal(code, 0, stderr);
  return Number(/maxRSS (\d+)/.exec(stderr)![1]) / 1024;
}

/** Writes a line of each type over and over. */
function fill(bytes: number, types: number): (fd: number) => void {
  const block = Array.from({ length: types }, (_, n) => lineOf(n)).join('');
  return (fd) => {
    for (let written = 0; written < bytes;) written += writeSync(fd, block);
  };
}

function oneLine(bytes: number): (fd: number) => void {
  return (fd) => {
    writeSync(fd, '{"pad":"');
    for (let written = 0; written < bytes;) written += writeSync(fd, 'x'.repeat(MIB));
    writeSync(fd, '","log_type":"t0"}\n');
  };
}

/** Lines that do not repeat themselves, in a zstd frame whose window is as large as that. */
function zstd(windowLog: number): (fd: number) => void {
  const lines = Array.from({ length: 1_500 }, () =>
    lineOf(0).replaceAll('x', randomBytes(100).toString('hex')),
  );
  const bytes = zstdCompressSync(lines.join(''), { params: { [constants.ZSTD_c_windowLog]: windowLog } });
  return (fd) => void writeSync(fd, bytes);
}

describe('memory', () => {
  it('does not grow with the file, the line, the number of types or of objects', async () => {
    const peaks = {
      small: await peak(40, fill(5 * MIB, 40)),
      large: await peak(40, fill(60 * MIB, 40)),
      line: await peak(40, oneLine(85 * MIB)),
      objects: await peak(40, fill(MIB / 4, 40), 160),
      types: await peak(1_000, fill(5 * MIB, 1_000)),
      window: await peak(40, zstd(23)),
      wide: await peak(40, zstd(27)),
    };
    const told = JSON.stringify(peaks);
    assert.ok(peaks.large - peaks.small <= 25, told);
    // Where each object had buffers of its own they took 20 MiB more.
    assert.ok(peaks.objects - peaks.small <= 15, told);
    assert.ok(peaks.types - peaks.small <= 25, told);
    // A window of 8 MiB and what decodes it; a larger one is refused before there is memory for it.
    assert.ok(peaks.window - peaks.small <= 25, told);
    assert.ok(peaks.wide - peaks.small <= 25, told);
    // Half the line: what its blocks leave behind until they are collected, never the line itself.
    assert.ok(peaks.line - peaks.small <= 42, told);
  });
});
