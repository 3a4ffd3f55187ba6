import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { FastDeflate, fastDeflate } from '../../../workloads/core/compression/fast-deflate.ts';

const BLOCK_BYTES = 128 * 1024;
/** RFC 1951: how far back a match may be, and how long it may be. */
const WINDOW = 32 * 1024;
const MAX_MATCH = 258;

/** An empty stored block, as a full flush ends with. */
const FLUSH = Buffer.from([0x00, 0x00, 0xff, 0xff]);
/** A last block with fixed codes and nothing in it. */
const LAST = Buffer.from([0x03, 0x00]);

const deflater = new FastDeflate();

function inflate(deflated: Uint8Array): Buffer {
  return inflateRawSync(Buffer.concat([deflated, LAST]));
}

/** Fails unless a block comes back, is no larger than if it were stored, and ends as a flush does. @returns Its deflated bytes. */
function check(block: Buffer): Buffer {
  const deflated = Buffer.from(deflater.deflate(block));
  assert.ok(inflate(deflated).equals(block), `${block.length} bytes came back otherwise`);
  assert.ok(deflated.length <= block.length + 5 * Math.ceil(block.length / 65_535) + 5);
  assert.deepEqual(deflated.subarray(-4), FLUSH);
  return deflated;
}

/** Bytes from a seed, each below `kinds`. */
function noise(length: number, kinds = 256, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed >>> 0 || 1;
  for (let at = 0; at < length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[at] = ((state >>> 8) & 0xffff) % kinds;
  }
  return bytes;
}

function lines(length: number): Buffer {
  const words = ['구매', 'checkout', '게임', '🎮', 'error', 'http://cdn.example.com/image.png', '\\u0041bc'];
  const picks = noise(length, words.length);
  const text: string[] = [];
  for (let at = 0, bytes = 0; bytes < length; at += 3) {
    const [a, b, c] = [words[picks[at]!]!, words[picks[at + 1]!]!, words[picks[at + 2]!]!];
    text.push(
      `{"log_type":"구매","user":${at * 7919},"at":"2026-11-20T05:00:00Z","words":"${a} ${b} ${c}"}\n`,
    );
    bytes += text.at(-1)!.length;
  }
  return Buffer.from(text.join('')).subarray(0, length);
}

/** Pieces of wild bytes: noise of few or many kinds, runs, and copies of what came before. */
const wild = fc
  .array(
    fc.oneof(
      fc.record({
        kind: fc.constant('noise' as const),
        length: fc.integer({ min: 1, max: 40_000 }),
        kinds: fc.constantFrom(1, 2, 3, 20, 97, 256),
        seed: fc.integer(),
      }),
      fc.record({
        kind: fc.constant('copy' as const),
        length: fc.oneof(
          fc.integer({ min: 3, max: 40 }),
          fc.integer({ min: MAX_MATCH - 3, max: MAX_MATCH + 3 }),
          fc.integer({ min: 1, max: 40_000 }),
        ),
        distance: fc.oneof(
          fc.integer({ min: 1, max: 40 }),
          fc.integer({ min: WINDOW - 3, max: WINDOW + 3 }),
          fc.integer({ min: 1, max: BLOCK_BYTES }),
        ),
      }),
    ),
    { maxLength: 12, size: 'max' },
  )
  .map((pieces) => {
    const bytes = Buffer.alloc(BLOCK_BYTES);
    let length = 0;
    for (const piece of pieces) {
      const end = Math.min(BLOCK_BYTES, length + piece.length);
      if (piece.kind === 'noise') noise(end - length, piece.kinds, piece.seed).copy(bytes, length);
      else for (let at = length; at < end; at++) bytes[at] = bytes[Math.max(0, at - piece.distance)]!;
      length = end;
    }
    return bytes.subarray(0, length);
  });

describe('fast deflate', function () {
  this.timeout(60_000);

  it('any bytes come back', () => {
    fc.assert(
      fc.property(wild, (block) => void check(block)),
      { numRuns: 200 },
    );
  });

  it('small blocks of any bytes come back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400, size: 'max' }), (block) => void check(Buffer.from(block))),
      { numRuns: 500 },
    );
  });

  it('blocks of each length come back, where the halves part and where a block is full too', () => {
    const kinds = { zeros: Buffer.alloc(BLOCK_BYTES), noise: noise(BLOCK_BYTES), lines: lines(BLOCK_BYTES) };
    const lengths = Array.from({ length: 301 }, (_, length) => length);
    for (const around of [WINDOW, 65_535, BLOCK_BYTES - 20])
      lengths.push(...Array.from({ length: 41 }, (_, k) => Math.min(BLOCK_BYTES, around - 20 + k)));
    for (const bytes of Object.values(kinds)) for (const length of lengths) check(bytes.subarray(0, length));
  });

  it('copies come back at each distance around the window and of each length around the longest match', () => {
    for (let distance = WINDOW - 2; distance <= WINDOW + 2; distance++)
      for (let length = MAX_MATCH - 2; length <= MAX_MATCH + 2; length++) {
        const block = noise(distance + length + 3, 256, distance * length);
        block.copy(block, distance, 0, length);
        check(block);
      }
  });

  it('codes come back at their limits: frequencies like Fibonacci numbers, one distance, none', () => {
    const skewed: number[] = [];
    for (let byte = 0, a = 1, b = 1; skewed.length + a <= BLOCK_BYTES; byte++, [a, b] = [b, a + b])
      skewed.push(...Array.from({ length: a }, () => byte));
    const order = noise(2 * skewed.length);
    for (let at = skewed.length - 1; at > 0; at--) {
      const other = ((order[2 * at]! << 8) | order[2 * at + 1]!) % (at + 1);
      [skewed[at], skewed[other]] = [skewed[other]!, skewed[at]!];
    }
    check(Buffer.from(skewed));
    const once = noise(600, 256, 5);
    check(once);
    check(Buffer.concat([once.subarray(0, 300), once]));
  });

  it('what is known to be small is small', () => {
    assert.deepEqual(check(Buffer.alloc(0)), Buffer.from([0, ...FLUSH]));
    assert.equal(check(Buffer.from('a')).length, 7);
    // 509 matches of 258 take 2 bits or so each.
    assert.ok(check(Buffer.alloc(BLOCK_BYTES, 'a')).length < 180);
    assert.equal(check(noise(BLOCK_BYTES)).length, BLOCK_BYTES + 3 * 5 + 5);
  });

  it('lines shrink at least as well as at level 1 of zlib', () => {
    const block = lines(BLOCK_BYTES);
    const zlib = deflateRawSync(block, { level: 1, finishFlush: constants.Z_FULL_FLUSH });
    assert.ok(check(block).length <= zlib.length);
  });

  it('results follow each other in one stream, and refer to nothing before them', () => {
    const blocks = [
      lines(BLOCK_BYTES),
      Buffer.alloc(0),
      noise(1000),
      lines(BLOCK_BYTES),
      Buffer.alloc(70_000),
    ];
    const deflated = blocks.map((block) => Buffer.from(deflater.deflate(block)));
    assert.ok(inflate(Buffer.concat(deflated)).equals(Buffer.concat(blocks)));
    assert.deepEqual(deflated[3], deflated[0]);
  });

  it('a result depends on the block alone, not on what the instance did before', () => {
    const used = new FastDeflate();
    fc.assert(
      fc.property(wild, (block) => {
        assert.ok(new FastDeflate().deflate(block).equals(used.deflate(block)));
      }),
      { numRuns: 60 },
    );
  });

  it('the same blocks make the same bytes as ever: parts are named after theirs, so others would be parts written anew', () => {
    const blocks = {
      lines: lines(BLOCK_BYTES),
      'lines in one piece': lines(WINDOW - 1),
      'the fewest lines in two pieces': lines(WINDOW),
      'lines behind each other from afar': Buffer.concat([lines(3000), noise(28_000, 256, 3), lines(3000)]),
      'four kinds': noise(50_000, 4),
      'ninety kinds': noise(BLOCK_BYTES, 90, 7),
      'short runs': Buffer.from(
        [...noise(9000, 3)].flatMap((byte) => Array<number>(1 + 5 * byte).fill(byte)),
      ),
      'one word': Buffer.from('{"log_type":"구매"}\n'),
    };
    assert.deepEqual(
      Object.entries(blocks).map(([name, block]) => {
        const deflated = check(block);
        return [name, deflated.length, createHash('sha256').update(deflated).digest('hex').slice(0, 16)];
      }),
      [
        ['lines', 13_026, '94524c4af907d499'],
        ['lines in one piece', 3_494, 'c3cbafa2099c9312'],
        ['the fewest lines in two pieces', 3_497, 'ce31f87b0f730469'],
        ['lines behind each other from afar', 28_928, 'f55e276d8992dafd'],
        ['four kinds', 16_410, '5123f4f374c10399'],
        ['ninety kinds', 107_818, 'd4421829195a198c'],
        ['short runs', 5_637, '0b2845540931a514'],
        ['one word', 29, '9e4683fbda0d415c'],
      ],
    );
  });

  it('of the three ways to write a block the shortest is taken as ever, where they are nearly as long', () => {
    const digest = createHash('sha256');
    const chosen = { stored: 0, fixed: 0, dynamic: 0 };
    const write = (block: Buffer): void => {
      const deflated = check(block);
      digest.update(deflated);
      chosen[(['stored', 'fixed', 'dynamic'] as const)[(deflated[0]! >> 1) & 3]!]++;
    };
    for (let length = 1; length < 700; length += length < 60 ? 1 : 9)
      for (const kinds of [2, 9, 30, 60, 100, 140, 180, 220, 256]) {
        const once = noise(length, kinds, length * kinds);
        write(once);
        write(Buffer.concat([once, once.subarray(0, length >> 3)]));
      }
    // Copies from afar save little, for their distances have many bits.
    const far = noise(24_000);
    for (let copies = 0; copies < 90; copies++) {
      const pieces = Array.from({ length: copies }, (_, k) => far.subarray(k * 211, k * 211 + 5 + (k % 3)));
      write(Buffer.concat([far, ...pieces]));
    }
    // Longer ones save more, but for the bits of their lengths.
    for (let copies = 1; copies < 8; copies++)
      for (let length = 11; length < 60; length++) {
        const pieces = Array.from({ length: copies }, (_, k) => far.subarray(k * 211, k * 211 + length));
        write(Buffer.concat([far, ...pieces]));
      }
    assert.deepEqual(chosen, { stored: 293, fixed: 1_240, dynamic: 1_258 });
    assert.equal(digest.digest('hex').slice(0, 16), '02844444a25b62c5');
  });

  it('a block that is too long is refused', () => {
    assert.throws(() => deflater.deflate(Buffer.alloc(BLOCK_BYTES + 1)), {
      name: 'RangeError',
      message: 'deflate a block: expected at most 131072 bytes, found 131073; cut it first',
    });
  });

  it('there is one instance a process', () => {
    assert.equal(fastDeflate(), fastDeflate());
  });
});
