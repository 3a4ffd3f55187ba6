import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { Crc32c } from '../../workloads/core/bytes/crc32c.ts';
import { BLOCK_BYTES } from '../../workloads/core/compression/block-deflate.ts';
import type { Compression } from '../../workloads/core/compression/block-encoder.ts';
import { TerminalError } from '../../workloads/core/errors.ts';
import { Scratch } from '../../workloads/core/scratch/scratch.ts';
import type { Spool } from '../../workloads/core/scratch/spool.ts';
import { SpoolPool } from '../../workloads/core/scratch/spool-pool.ts';
import { tempFolder } from '../support/temp.ts';

/** Compressed on this thread, at the default level. */
const FAST: Compression = { kind: 'gzip', level: 1 };
/** Compressed beside it. */
const GZIP: Compression = { kind: 'gzip', level: 2 };
const PLAIN: Compression = { kind: 'none', level: 1 };

const KINDS = [PLAIN, FAST, GZIP];

/** Bytes that deflate has work with, and that tell their place. */
function bytesOf(length: number, seed = 0): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at++) bytes[at] = 97 + (((at * 7 + seed) ^ (at >> 5)) % 23);
  return bytes;
}

/** Appends in pieces. */
function fill(spool: Spool, bytes: Buffer, piece: number): void {
  for (let at = 0; at < bytes.length; at += piece)
    spool.appendRange(bytes, at, Math.min(bytes.length, at + piece));
}

/** As many spools as a pool lets keep a block, each with one. */
function occupy(pool: SpoolPool): Spool[] {
  const block = bytesOf(BLOCK_BYTES + 1);
  return Array.from({ length: 100 }, (_, index) => {
    const spool = pool.open(`other ${index}`, PLAIN);
    spool.append(block);
    return spool;
  });
}

describe('spools', () => {
  let scratch: Scratch;
  before(async () => (scratch = await Scratch.create(tempFolder())));
  afterEach(() => assert.deepEqual(readdirSync(scratch.folder), []));

  /** Seals a spool, holds its file against the bytes that went in, and removes it. @returns What names it. */
  async function sealed(spool: Spool, content: Buffer, { kind }: Compression): Promise<string> {
    const { path, size, crc32c, sha256 } = await spool.seal();
    const stored = readFileSync(path);
    scratch.release(path, size);
    assert.equal(stored.length, size);
    assert.equal(createHash('sha256').update(stored).digest('hex'), sha256);
    const crc = new Crc32c();
    crc.update(stored);
    assert.equal(crc.digest(), crc32c);
    if (kind === 'gzip')
      assert.ok(inflateRawSync(stored.subarray(10, -8)).equals(content), 'a single member');
    assert.ok((kind === 'gzip' ? gunzipSync(stored) : stored).equals(content));
    return sha256;
  }

  for (const compression of [FAST, GZIP, PLAIN]) {
    it(`${compression.kind}, level ${compression.level}: the same file, whether its blocks were encoded at once or lay raw on the disk meanwhile`, async () => {
      const B = BLOCK_BYTES;
      for (const length of [
        0,
        1,
        2_047,
        2_048,
        2_049,
        B - 1,
        B,
        B + 1,
        2 * B - 1,
        2 * B,
        2 * B + 1,
        5 * B + 77,
      ]) {
        const content = bytesOf(length);
        const hot = new SpoolPool(scratch).open('hot', compression);
        fill(hot, content, 997);
        const expected = await sealed(hot, content, compression);

        const crowded = new SpoolPool(scratch);
        const others = occupy(crowded);
        const cold = crowded.open('cold', compression);
        fill(cold, content, 1_003);
        assert.equal(await sealed(cold, content, compression), expected, `cold, ${length}`);
        for (const other of others) other.discard();

        const late = new SpoolPool(scratch);
        const spool = late.open('late', compression);
        fill(spool, content.subarray(0, B - 100), 100_000);
        // It is written out for want of memory, and takes its first block from there.
        for (const other of occupy(late)) other.discard();
        fill(spool, content.subarray(B - 100), 65_537);
        assert.equal(await sealed(spool, content, compression), expected, `late, ${length}`);
      }
    });
  }

  it('forty that fill in turns: 32 keep a block though memory holds no block of each, and only the others lie raw on the disk', async () => {
    const pool = new SpoolPool(scratch);
    const spools = Array.from({ length: 40 }, (_, index) => pool.open(`s${index}`, FAST));
    const piece = bytesOf(6_000);
    for (let turn = 0; turn < 60; turn++) for (const spool of spools) spool.append(piece);
    const raw = readdirSync(scratch.folder).filter((name) => name.endsWith('.raw'));
    assert.equal(raw.length, 8, raw.join());
    const content = Buffer.concat(Array.from({ length: 60 }, () => piece));
    const names = new Set<string>();
    for (const spool of spools) names.add(await sealed(spool, content, FAST));
    assert.equal(names.size, 1);
  });

  it('many sealed at once: each file is its own spool’s', async () => {
    const contents = Array.from({ length: 20 }, (_, index) =>
      bytesOf(BLOCK_BYTES * (index % 3) + 5_000 + index, index),
    );
    const spools = contents.map((content, index) => {
      // Each in a pool of its own, as hours are that are split at once in one process.
      const spool = new SpoolPool(scratch).open(`s${index}`, FAST);
      spool.append(content);
      return spool;
    });
    await Promise.all(spools.map((spool, index) => sealed(spool, contents[index]!, FAST)));
  });

  it('a line of 12 MB, appended without a pause: the same file as in pieces', async () => {
    const content = bytesOf(12_000_000);
    const whole = new SpoolPool(scratch).open('whole', GZIP);
    whole.append(content);
    assert.ok(
      readdirSync(scratch.folder).length > 1,
      'what cannot be compressed at once lies raw on the disk',
    );
    const pool = new SpoolPool(scratch);
    const pieces = pool.open('pieces', GZIP);
    for (let at = 0; at < content.length; at += 100_000) {
      pieces.append(content.subarray(at, at + 100_000));
      await pool.settle();
    }
    assert.equal(await sealed(whole, content, GZIP), await sealed(pieces, content, GZIP));
  });

  it('what could not be compressed at once is no reason to stop: the next blocks are', async () => {
    const pool = new SpoolPool(scratch);
    const long = pool.open('long', GZIP);
    long.append(bytesOf(50 * BLOCK_BYTES));
    const next = pool.open('next', GZIP);
    const content = bytesOf(6 * BLOCK_BYTES);
    for (let at = 0; at < content.length; at += BLOCK_BYTES) {
      while (pool.isBusy) await sleep(5);
      next.appendRange(content, at, at + BLOCK_BYTES);
    }
    assert.deepEqual(
      readdirSync(scratch.folder)
        .filter((name) => name.endsWith('.raw'))
        .map((name) => name.slice(7)),
      ['long.raw'],
    );
    await sealed(next, content, GZIP);
    long.discard();
  });

  it('any appends to many spools of one pool, hot and cold: each holds its own bytes in order', async () => {
    const appends = fc.array(fc.tuple(fc.nat({ max: 59 }), fc.nat({ max: 200_000 })), {
      minLength: 60,
      maxLength: 120,
    });
    await fc.assert(
      fc.asyncProperty(appends, async (list) => {
        const pool = new SpoolPool(scratch);
        const spools = Array.from({ length: 60 }, (_, n) => pool.open(`s${n}`, KINDS[n % 3]!));
        const contents = spools.map(() => [] as Buffer[]);
        for (const [index, length] of list) {
          const bytes = bytesOf(length, index);
          spools[index]!.append(bytes);
          contents[index]!.push(bytes);
          assert.equal(
            spools[index]!.bytes,
            contents[index]!.reduce((sum, { length: n }) => sum + n, 0),
          );
          await pool.settle();
        }
        for (const [index, spool] of spools.entries())
          await sealed(spool, Buffer.concat(contents[index]!), KINDS[index % 3]!);
      }),
      { numRuns: 10 },
    );
  });

  it('discarded while blocks are under way: nothing is written any more', async () => {
    const pool = new SpoolPool(scratch);
    const spools = [pool.open('a', GZIP), pool.open('b', GZIP)];
    for (const spool of spools) spool.append(bytesOf(8 * BLOCK_BYTES));
    for (const spool of spools) spool.discard();
    await pool.settle();
    await sleep(50);
    assert.deepEqual(readdirSync(scratch.folder), []);
  });

  it('whose raw bytes were cut short on the disk says so', async () => {
    const pool = new SpoolPool(scratch);
    const spool = pool.open('short', GZIP);
    spool.append(bytesOf(500));
    spool.spill();
    const [raw] = readdirSync(scratch.folder);
    const path = join(scratch.folder, raw!);
    truncateSync(path, 400);
    await assert.rejects(spool.seal(), {
      name: 'TerminalError',
      message: `Scratch: reading ${path}: expected 500 bytes, found 400`,
      advice: 'Something else wrote into the scratch folder. What needed it was not committed; run again.',
    });
    spool.discard();
    assert.deepEqual(readdirSync(scratch.folder), []);
  });

  it('a full disk while blocks are under way: whoever waits is told, and so is whoever seals', async () => {
    const small = await Scratch.create(tempFolder(), 20_000);
    const pool = new SpoolPool(small);
    const spool = pool.open('a', GZIP);
    spool.append(bytesOf(6 * BLOCK_BYTES));
    const full = (error: unknown): boolean =>
      error instanceof TerminalError && error.message.includes('needed');
    await assert.rejects(async () => {
      for (let turn = 0; turn < 10; turn++) {
        spool.append(bytesOf(3 * BLOCK_BYTES));
        await pool.settle();
      }
    }, full);
    await assert.rejects(spool.seal(), full);
    assert.deepEqual(readdirSync(small.folder), []);
    small.claim(17_000);
    await small.remove();
  });
});
