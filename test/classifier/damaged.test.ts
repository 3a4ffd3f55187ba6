import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { FaultyStore } from '../support/faulty-store.ts';
import { HOUR, HourBench, lineOf } from '../support/hour-bench.ts';
import { tempFolder } from '../support/temp.ts';

const A = (n: number): string => `${lineOf('a', { n, pad: 'x'.repeat(200) })}\n`;
const good = gzipSync(A(1) + A(2));
const flipped = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at < 0 ? copy.length + at : at]! ^= 0xff;
  return copy;
};
const BOMB_BYTES = 110 * 1024 * 1024;

const DAMAGED: readonly (readonly [name: string, reason: string, bytes: () => Buffer])[] = [
  ['truncated gzip', 'truncated', () => good.subarray(0, good.length - 1)],
  ['gzip truncated before its first block', 'truncated', () => good.subarray(0, 4)],
  ['truncated second member', 'truncated', () => Buffer.concat([good, good.subarray(0, 20)])],
  ['gzip with a bad CRC', 'corrupt', () => flipped(good, -8)],
  ['gzip with a wrong length', 'corrupt', () => flipped(good, -1)],
  ['gzip with a broken header', 'corrupt', () => flipped(good, 2)],
  ['bytes that follow a gzip member', 'corrupt', () => Buffer.concat([good, Buffer.from(A(3))])],
  ['zeros that follow a gzip member', 'corrupt', () => Buffer.concat([good, Buffer.alloc(512)])],
  ['truncated zstd', 'truncated', () => zstdCompressSync(A(1)).subarray(0, -2)],
  [
    'bytes that follow a zstd frame',
    'corrupt',
    () => Buffer.concat([zstdCompressSync(A(1)), Buffer.from(A(3))]),
  ],
  ['gzip bomb', 'bomb', () => gzipSync(Buffer.alloc(BOMB_BYTES))],
  [
    'zstd with a window of 9 MiB',
    'window',
    () =>
      zstdCompressSync(Buffer.alloc(9 * 1024 * 1024, A(1)), { params: { [constants.ZSTD_c_windowLog]: 24 } }),
  ],
  ['zstd bomb', 'bomb', () => zstdCompressSync(Buffer.alloc(BOMB_BYTES))],
];

describe('an object of an epoch that cannot be read any more, though it has not changed', () => {
  const damage = (bytes: Buffer): Buffer => {
    const broken = Buffer.from(bytes);
    broken.fill(0xff, 12, 20);
    return broken;
  };

  it('parks the hour: its rows would leave the tables; --allow-shrink lets them go', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    const line = (n: number): string => `${lineOf('a', { n })}\n`;
    const path = hour.put('1.json.gz', gzipSync(line(1) + line(2)));
    await hour.classify();
    hour.put('late.json', line(3));
    const bytes = readFileSync(path);
    const source = new FaultyStore(hour.source, {
      read: (key, go) => (key.endsWith('.gz') ? Promise.resolve(Readable.from([damage(bytes)])) : go()),
    });
    await assert.rejects(hour.classify({ source }), {
      name: 'ParkedError',
      message: `Hour ${HOUR}: parked: ${hour.source.url}/2026/11/20/14/1.json.gz has not changed since epoch 1; expected its 2 lines, found it damaged (corrupt)`,
    });
    assert.deepEqual(hour.epochs(), ['1.json']);
    const { manifest } = await hour.classify({ source, allowShrink: true });
    assert.deepEqual([manifest.epoch, manifest.damaged, manifest.staged], [2, true, 1]);
  });
});

describe('damaged objects', () => {
  for (const [name, reason, make] of DAMAGED) {
    it(`${name}: quarantined whole byte for byte, 0 lines, the hour is damaged, the other objects untouched`, async () => {
      const hour = new HourBench(tempFolder(), 'a');
      const bytes = make();
      hour.put('1.json.gz', gzipSync(A(10)));
      hour.put('2.json.gz', bytes);
      hour.put('3.json', A(30) + 'not an object\n');
      const { manifest } = await hour.classify();
      assert.equal(hour.staged(manifest, 'a').toString(), A(10) + A(30));
      assert.deepEqual(
        [manifest.damaged, manifest.lines, manifest.staged, manifest.quarantined],
        [true, 3, 2, 1],
      );
      assert.match(
        hour.logged.map(({ message }) => message).join('\n'),
        new RegExp(
          `Object file:\\S+/2\\.json\\.gz is damaged, ${reason} \\(.+\\): quarantined whole, none of its lines counts`,
        ),
      );
      const source = manifest.sources[1]!;
      assert.deepEqual(
        [source.lines, source.bytes, source.size, source.damaged],
        [0, 0, bytes.length, reason],
      );
      const [record, line] = hour.quarantined(manifest);
      assert.ok(record!.raw.equals(bytes), 'the quarantined bytes are the object');
      assert.deepEqual(
        [record!.object, record!.line, record!.byteOffset, record!.reason],
        [hour.keyOf('2.json.gz'), null, 0, `object_${reason}`],
      );
      assert.deepEqual([line!.object, line!.line, line!.reason], [hour.keyOf('3.json'), 2, 'not_object']);
      assert.equal(line!.raw.toString(), 'not an object');
    });
  }

  it('several damaged objects in one hour, first and last among them', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    const bad = new Map([
      ['1.gz', good.subarray(0, -3)],
      ['3.gz', flipped(good, -8)],
      ['4.gz', flipped(good, 2)],
      ['6.zst', zstdCompressSync(A(1)).subarray(0, -1)],
    ]);
    for (const [name, bytes] of bad) hour.put(name, bytes);
    hour.put('2.gz', gzipSync(A(2)));
    hour.put('5.json', A(5));
    const { manifest } = await hour.classify();
    assert.equal(hour.staged(manifest, 'a').toString(), A(2) + A(5));
    const records = hour.quarantined(manifest);
    assert.deepEqual(
      records.map(({ object }) => object),
      [...bad.keys()].map((name) => hour.keyOf(name)),
    );
    for (const { object, raw } of records)
      assert.ok(raw.equals(bad.get(object.slice(-object.split('/').at(-1)!.length))!), object);
    assert.deepEqual(
      [manifest.lines, manifest.staged, manifest.quarantined, manifest.damaged],
      [2, 2, 0, true],
    );
  });

  it('parts that were full before the end turned out to be broken do not count', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    const many = gzipSync(Array.from({ length: 5_000 }, (_, n) => A(n)).join(''));
    hour.put('1.gz', many.subarray(0, -1));
    hour.put('2.json', A(7));
    const { manifest } = await hour.classify({ partBytes: 10_000 });
    assert.equal(hour.staged(manifest, 'a').toString(), A(7));
    assert.equal(manifest.types[0]!.objects.length, 1);
  });

  it('a damaged object that is mended makes the next epoch, without damage', async () => {
    const hour = new HourBench(tempFolder(), 'a');
    hour.put('1.gz', good.subarray(0, -1));
    await hour.classify();
    hour.put('1.gz', good);
    const { manifest } = await hour.classify();
    assert.deepEqual(
      [manifest.epoch, manifest.damaged, manifest.staged, manifest.quarantine],
      [2, false, 2, null],
    );
  });
});
