import assert from 'node:assert/strict';
import {
  closeSync,
  createReadStream,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { createGunzip } from 'node:zlib';
import { LineSplitter } from '../../workloads/core/lines/splitter.ts';
import { Scratch } from '../../workloads/core/scratch/scratch.ts';
import { HourBench, lineOf, type SetAside } from '../support/hour-bench.ts';
import { itIf } from '../support/skip.ts';
import { tempFolder } from '../support/temp.ts';

const MIB = 1024 * 1024;
const a = lineOf('a', { n: 1 });

/** Writes pieces, each so many times, without ever holding the file. */
function write(path: string, ...pieces: readonly (readonly [piece: string, times: number])[]): void {
  mkdirSync(dirname(path), { recursive: true });
  const fd = openSync(path, 'w');
  for (const [piece, times] of pieces) for (let n = 0; n < times; n++) writeSync(fd, piece);
  closeSync(fd);
}

const decompressed = (path: string): AsyncIterable<Buffer> => createReadStream(path).pipe(createGunzip());

describe('long lines', () => {
  it('a line of exactly 100 MB is staged; one byte more: too_long, its bytes kept; the lines around them are staged', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    const rest = 100_000_000 - '{"log_type":"a","s":""}'.length;
    const head = ['{"log_type":"a","s":"', 1] as const;
    const body = [
      ['y'.repeat(100_000), Math.floor(rest / 100_000)],
      ['y', rest % 100_000],
    ] as const;
    write(hour.pathOf('x.json'), [`${a}\n`, 1], head, ...body, ['"}\r\n', 1], head, ...body, [
      `y"}\n${a}\n`,
      1,
    ]);
    const { manifest } = await hour.classify({ compression: { kind: 'none', level: 1 } });
    assert.deepEqual([manifest.lines, manifest.staged, manifest.quarantined], [4, 3, 1]);
    assert.equal(manifest.types[0]!.bytes, 100_000_001 + 2 * (a.length + 1));
    let size = 0;
    for await (const chunk of decompressed(hour.records.locate(manifest.quarantine!.bin)))
      size += chunk.length;
    assert.equal(size, 100_000_001);
    let index = '';
    for await (const chunk of decompressed(hour.records.locate(manifest.quarantine!.index)))
      index += chunk.toString();
    const { line, byteOffset, length, reason } = JSON.parse(index) as SetAside;
    assert.deepEqual(
      [line, byteOffset, length, reason],
      [3, a.length + 1 + 100_000_002, 100_000_001, 'too_long'],
    );
  });

  it('one 90 MB line with its type key after 80 MB is staged whole', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    const path = hour.pathOf('x.json');
    write(
      path,
      ['{"s":"', 1],
      ['한글\\"}{'.repeat(100), 80_000],
      ['","log_type":"a","t":[', 1],
      ['"b",'.repeat(100_000), 25],
      ['0]}\n', 1],
    );
    const { manifest } = await hour.classify({ compression: { kind: 'none', level: 1 } });
    const [object] = manifest.types[0]!.objects;
    assert.equal(object!.rows, 1);
    assert.ok(sameFiles(path, hour.staging.locate(object!.key)));
  });

  it('a long line is judged like a short one: not UTF-8, NUL, unknown type, blank, duplicate type keys', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    const pad = 'z'.repeat(2 * MIB);
    const lines = [
      Buffer.from(`{"log_type":"a","s":"${pad}\xff"}`, 'latin1'),
      Buffer.from(`{"log_type":"a","s":"${pad}\0"}`),
      Buffer.from(`{"log_type":"?","s":"${pad}"}`),
      Buffer.from(' '.repeat(2 * MIB)),
      Buffer.from(`{"log_type":"?","s":"${pad}","log_type":"a"}`),
      Buffer.from(`{"${pad}":1,"\\u006cog_type":"a"}`),
      Buffer.from(`{"log_type":"a","s":"${pad}"`),
    ];
    hour.put('x.json', Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])));
    const { manifest } = await hour.classify();
    assert.deepEqual(
      hour.quarantined(manifest).map(({ reason, line }) => [line, reason]),
      [
        [1, 'not_utf8'],
        [2, 'raw_nul'],
        [3, 'unknown_type'],
        [7, 'not_object'],
      ],
    );
    assert.deepEqual([manifest.blank, manifest.staged, manifest.duplicateTypeKeys], [1, 2, 1]);
    assert.ok(
      hour
        .staged(manifest, 'a')
        .equals(Buffer.concat([lines[4]!, Buffer.from('\n'), lines[5]!, Buffer.from('\n')])),
    );
  });

  itIf(process.platform === 'linux', 'only /proc tells which files are open')(
    'reading that ends inside a long line gives its disk back',
    async () => {
      const scratch = await Scratch.create(tempFolder());
      const splitter = new LineSplitter(scratch, () => undefined);
      for (let n = 0; n < 3; n++) splitter.push(Buffer.alloc(MIB, 0x20));
      splitter.discard();
      const open = readdirSync('/proc/self/fd').map((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`);
        } catch {
          return '';
        }
      });
      assert.deepEqual(
        open.filter((path) => path.startsWith(scratch.folder)),
        [],
      );
      assert.deepEqual(readdirSync(scratch.folder), []);
    },
  );
});

function sameFiles(left: string, right: string): boolean {
  const [one, two] = [openSync(left, 'r'), openSync(right, 'r')];
  const [a1, b1] = [Buffer.alloc(MIB), Buffer.alloc(MIB)];
  try {
    for (;;) {
      const [n, m] = [readSync(one, a1), readSync(two, b1)];
      if (n !== m || !a1.subarray(0, n).equals(b1.subarray(0, m))) return false;
      if (n === 0) return true;
    }
  } finally {
    closeSync(one);
    closeSync(two);
  }
}
