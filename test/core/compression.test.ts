import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { constants, createZstdCompress, gzipSync, zstdCompressSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { DamagedObjectError, type DamageReason } from '../../workloads/core/compression/damage.ts';
import { decode, OURS, type Origin } from '../../workloads/core/compression/decode.ts';

async function* arriving(chunks: readonly Buffer[], slowly: boolean): AsyncGenerator<Buffer> {
  for (const chunk of chunks) {
    if (slowly) await sleep(0);
    yield chunk;
  }
}

/** Cuts bytes into chunks of the given lengths, over and over. */
function cut(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length]!;
    chunks.push(bytes.subarray(at, at + length));
    at += length;
  }
  return chunks;
}

async function decoded(
  chunks: readonly Buffer[],
  { slowSource = false, slowReader = false, origin = OURS } = {},
): Promise<Buffer> {
  const out: Buffer[] = [];
  const source = Readable.from(arriving(chunks, slowSource), { objectMode: true, highWaterMark: 1 });
  for await (const chunk of decode(source, origin)) {
    out.push(Buffer.from(chunk));
    if (slowReader) await sleep(1);
  }
  return Buffer.concat(out);
}

/** Why the object is damaged, or else its bytes. */
async function reasonOr(decoding: Promise<Buffer>): Promise<Buffer | DamageReason> {
  return decoding.catch((error: unknown) => {
    if (error instanceof DamagedObjectError) return error.reason;
    throw error;
  });
}

const ENCODERS = {
  gzip: (bytes: Uint8Array) => gzipSync(bytes),
  zstd: (bytes: Uint8Array) => zstdCompressSync(bytes),
};
/** A skippable frame of four bytes, as parallel and seekable compressors write them. */
const SKIPPABLE = Buffer.from('502a4d1804000000aabbccdd', 'hex');

describe('compression', () => {
  for (const [kind, encode] of Object.entries(ENCODERS)) {
    it(`${kind} of many members or frames: any chunking gives the same bytes, however slow the source or the reader`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 6 }),
          fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 8 }),
          fc.boolean(),
          fc.boolean(),
          async (members, lengths, slowSource, slowReader) => {
            const chunks = cut(Buffer.concat(members.map(encode)), lengths);
            assert.deepEqual(await decoded(chunks, { slowSource, slowReader }), Buffer.concat(members));
          },
        ),
        { numRuns: 80 },
      );
    });

    it(`${kind} of large members with a slow reader`, async () => {
      const members = [1, 2, 3, 4].map((seed) =>
        Buffer.from(Array.from({ length: 40_000 }, (_, at) => (at * at * seed) % 251)),
      );
      for (const length of [1_000, 60_000, 256 * 1024]) {
        const chunks = cut(Buffer.concat(members.map(encode)), [length]);
        assert.ok(
          (await decoded(chunks, { slowReader: true })).equals(Buffer.concat(members)),
          `chunks of ${length}`,
        );
      }
    });

    it(`${kind} cut off at any byte is truncated, except where a member or frame ends, however it arrives`, async () => {
      const member = encode(Buffer.from('a\n'));
      const two = Buffer.concat([member, member]);
      const whole = new Map([
        [member.length, 'a\n'],
        [two.length, 'a\na\n'],
      ]);
      for (let length = kind === 'gzip' ? 2 : 4; length <= two.length; length++) {
        const expected = whole.get(length) ?? 'truncated';
        for (let chunk = 1; chunk <= length; chunk++) {
          const result = await reasonOr(decoded(cut(two.subarray(0, length), [chunk])));
          assert.equal(String(result), expected, `${length} bytes in chunks of ${chunk}`);
        }
      }
    });
  }

  it('zstd with skippable frames before, between and after its frames', async () => {
    const [a, b] = [zstdCompressSync(Buffer.from('a\n')), zstdCompressSync(Buffer.from('b\n'))];
    for (const length of [1, 2, 3, 5, 1_000]) {
      for (const slowSource of [false, true]) {
        const chunks = cut(Buffer.concat([SKIPPABLE, a, SKIPPABLE, SKIPPABLE, b, SKIPPABLE]), [length]);
        assert.equal((await decoded(chunks, { slowSource })).toString(), 'a\nb\n');
      }
    }
  });

  it('any flipped bit of a gzip is damage or changes nothing', async () => {
    const content = Buffer.from('{"log_type":"a","n":12345678901234567890}\n');
    const whole = gzipSync(content);
    for (let bit = 16; bit < whole.length * 8; bit++) {
      const broken = Buffer.from(whole);
      broken[bit >> 3]! ^= 1 << (bit & 7);
      const result = await decoded([broken]).catch((error: unknown) => error);
      assert.ok(
        result instanceof DamagedObjectError || (Buffer.isBuffer(result) && result.equals(content)),
        `bit ${bit}: ${String(result)}`,
      );
    }
  });

  it('what follows a member or frame is damage: the beginning of another one is truncated, all else is corrupt, however it arrives', async () => {
    const garbage = ['\0', '\0\0\0\0\0', 'xy', '{"log_type":"a"}\n', '\x1f\x8c', '(\xb4', 'P*M\x19'];
    const tails = {
      gzip: {
        // zlib looks at two bytes before it says that they begin no member.
        truncated: ['\x1f', '\x1f\x8b', '\x1f\x8b\x08', 'x'],
        corrupt: [...garbage, '(\xb5', '(\xb5/\xfd', 'P*'],
      },
      zstd: {
        truncated: ['(', '(\xb5', '(\xb5/', '(\xb5/\xfd', 'P', '_*M', '_*M\x18'],
        corrupt: [...garbage, 'x', '\x1f', '\x1f\x8b', '\x1f\x8b\x08'],
      },
    };
    for (const [kind, encode] of Object.entries(ENCODERS)) {
      for (const [expected, each] of Object.entries(tails[kind as keyof typeof tails])) {
        for (const tail of each) {
          const bytes = Buffer.concat([encode(Buffer.from('abc')), Buffer.from(tail, 'latin1')]);
          for (let length = 1; length <= bytes.length; length++) {
            for (const slowSource of [false, true]) {
              const result = await reasonOr(decoded(cut(bytes, [length]), { slowSource }));
              assert.equal(result, expected, JSON.stringify({ kind, tail, length, slowSource }));
            }
          }
        }
      }
    }
  });

  it('a zstd frame may have a window of 8 MiB; a larger one is damage that says what it wants, wherever the frame begins and however it arrives', async () => {
    const MIB = 1024 * 1024;
    const text = Buffer.alloc(9 * MIB, '{"log_type":"a"}\n');
    const wide = (log: number): Buffer =>
      zstdCompressSync(text, { params: { [constants.ZSTD_c_windowLog]: log } });
    /** Its size is not known when it begins, so that its header tells the window itself. */
    const streamed = (log: number): Promise<Buffer> => {
      const stream = createZstdCompress({ params: { [constants.ZSTD_c_windowLog]: log } });
      return buffer(Readable.from([text.subarray(0, MIB), text.subarray(MIB)]).pipe(stream));
    };
    for (const fits of [wide(23), await streamed(23), zstdCompressSync(text.subarray(0, 8 * MIB))])
      assert.ok(text.includes(await decoded(cut(fits, [7]))));
    const header = (...bytes: number[]): Buffer =>
      Buffer.concat([Buffer.of(0x28, 0xb5, 0x2f, 0xfd, ...bytes), Buffer.alloc(20)]);
    const refused: readonly (readonly [window: number, bytes: Buffer])[] = [
      [16 * MIB, await streamed(24)],
      [128 * MIB, await streamed(27)],
      [9 * MIB, wide(27)],
      // A window with a mantissa; a content of eight bytes behind four of an id; one of four behind one.
      [9 * MIB, header(0x00, (13 << 3) | 1)],
      [2 ** 33 + 5, header(0xe3, 0, 0, 0, 0, 5, 0, 0, 0, 2, 0, 0, 0)],
      [2 ** 32 - 1, header(0xa1, 0, 0xff, 0xff, 0xff, 0xff)],
    ];
    const sound = zstdCompressSync('{"log_type":"b"}\n');
    for (const [window, frame] of refused) {
      for (const bytes of [frame, Buffer.concat([sound, frame]), Buffer.concat([SKIPPABLE, sound, frame])]) {
        for (const length of [1, 3, sound.length, sound.length + 1, 40, bytes.length]) {
          await assert.rejects(decoded(cut(bytes.subarray(0, 4_000), [length])), {
            reason: 'window',
            message: `a zstd frame wants a window of ${window} bytes, expected at most 8388608: compress it again with "zstd --long=23", or without --long and --ultra`,
          });
        }
      }
    }
  });

  it('an object of the source inflates 500 times as a whole, whatever its beginning does and however it arrives; ours inflate as they will', async () => {
    const MOST = 500;
    const zeros = gzipSync(Buffer.alloc(110 * 1024 * 1024));
    const object = Buffer.concat([zeros, gzipSync(randomBytes(120_000))]);
    const inflated = 110 * 1024 * 1024 + 120_000;
    const verdict = async (bytes: Buffer, chunk: number, origin: Origin): Promise<unknown> => {
      let length = 0;
      try {
        for await (const piece of decode(arriving(cut(bytes, [chunk]), false), origin))
          length += piece.length;
      } catch (error) {
        return (error as DamagedObjectError).reason;
      }
      return length;
    };
    for (const chunk of [4_096, 256 * 1024]) {
      const least = Math.ceil(inflated / MOST);
      assert.equal(await verdict(object, chunk, { from: 'source', size: object.length }), inflated);
      assert.equal(await verdict(object, chunk, { from: 'source', size: least }), inflated);
      assert.equal(await verdict(object, chunk, { from: 'source', size: least - 1 }), 'bomb');
      assert.equal(await verdict(zeros, chunk, { from: 'source', size: zeros.length }), 'bomb');
      assert.equal(await verdict(zeros, chunk, OURS), 110 * 1024 * 1024);
    }
  });

  it('a source that fails is not damage: its own error comes out', async () => {
    const failing = async function* (): AsyncGenerator<Buffer> {
      yield gzipSync('x'.repeat(10_000)).subarray(0, 20);
      throw new RangeError('connection reset');
    };
    const read = async (): Promise<void> => {
      for await (const chunk of decode(Readable.from(failing()), OURS)) chunk satisfies Buffer;
    };
    await assert.rejects(read(), RangeError);
  });

  it('a gzip in small pieces, read slowly: buffers that Node shares are left alone', async () => {
    const text = Buffer.from(Array.from({ length: 20_000 }, (_, n) => `{"n":${n * 7_919}}\n`).join(''));
    const out: Buffer[] = [];
    for await (const chunk of decode(arriving(cut(gzipSync(text, { level: 0 }), [256]), false), OURS)) {
      out.push(Buffer.concat([chunk]));
      await sleep(1);
    }
    assert.ok(Buffer.concat(out).equals(text));
  });

  it('plain bytes pass as they are, also fewer than a magic number has', async () => {
    for (const text of ['', '\x1f', '(', '(\xb5/', '{}', '\n']) {
      assert.equal((await decoded(cut(Buffer.from(text, 'latin1'), [1]))).toString('latin1'), text);
    }
  });
});
