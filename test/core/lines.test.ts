import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LONG_LINE_BYTES, LineSplitter } from '../../workloads/core/lines/splitter.ts';
import { Scratch } from '../../workloads/core/scratch/scratch.ts';
import { tempFolder } from '../support/temp.ts';

interface Seen {
  readonly number: number;
  readonly offset: number;
  readonly text: string;
}

/** The lines of some chunks, and the bytes that they account for. */
function linesOf(
  scratch: Scratch,
  chunks: readonly Buffer[],
): { lines: Seen[]; bytes: number; count: number } {
  const lines: Seen[] = [];
  const splitter = new LineSplitter(scratch, ({ number, offset, view }) => {
    lines.push({ number, offset, text: view.copy(0, view.length).toString('latin1') });
  });
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return { lines, bytes: splitter.bytes, count: splitter.lines };
}

/** The design in the plainest way. */
function plain(bytes: Buffer): Seen[] {
  const text = bytes.toString('latin1');
  const pieces = text.split('\n');
  if (pieces.at(-1) === '') pieces.pop();
  let start = 0;
  return pieces.map((piece, index) => {
    const content = piece.replace(/\r$/, '');
    const bom = index === 0 && content.startsWith('\xef\xbb\xbf') ? 3 : 0;
    const line = { number: index + 1, offset: start + bom, text: content.slice(bom) };
    start += piece.length + 1;
    return line;
  });
}

function cut(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length]!;
    chunks.push(bytes.subarray(at, at + length));
    at += length;
  }
  return chunks;
}

const text = fc.string({
  unit: fc.constantFrom('\n', '\r', '\n', '\xef', '\xbb', '\xbf', '\xef\xbb\xbf', 'a', '{', '\0', '\xff'),
  maxLength: 60,
});

describe('the line splitter', () => {
  let scratch: Scratch;
  before(async () => (scratch = await Scratch.create(tempFolder())));

  it('any bytes cut into any chunks: the same lines, numbers and offsets, and every byte accounted for', () => {
    fc.assert(
      fc.property(
        text,
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 }),
        (content, lengths) => {
          const bytes = Buffer.from(content, 'latin1');
          const expected = plain(bytes);
          assert.deepEqual(linesOf(scratch, cut(bytes, lengths)), {
            lines: expected,
            bytes: bytes.length,
            count: expected.length,
          });
        },
      ),
      { numRuns: 1_500 },
    );
  });

  it('empty chunks change nothing', () => {
    const bytes = [
      Buffer.alloc(0),
      Buffer.from('a'),
      Buffer.alloc(0),
      Buffer.from('\r'),
      Buffer.alloc(0),
      Buffer.from('\n'),
      Buffer.alloc(0),
    ];
    assert.deepEqual(linesOf(scratch, bytes).lines, [{ number: 1, offset: 0, text: 'a' }]);
    assert.deepEqual(linesOf(scratch, [Buffer.alloc(0)]).lines, []);
  });

  it('lines around the length that is spooled to disk: BOM, CR and offsets as in short ones', () => {
    for (const length of [LONG_LINE_BYTES - 1, LONG_LINE_BYTES, LONG_LINE_BYTES + 1, 3 * LONG_LINE_BYTES]) {
      const bytes = Buffer.concat([
        Buffer.from('\xef\xbb\xbf', 'latin1'),
        Buffer.alloc(length - 4, 'x'),
        Buffer.from('\r\nshort\r\n'),
        Buffer.alloc(length, 'y'),
        Buffer.from('\r\r\n'),
        Buffer.alloc(length, 'z'),
      ]);
      for (const chunk of [65_536, 300_001]) {
        const { lines, bytes: counted } = linesOf(scratch, cut(bytes, [chunk]));
        assert.equal(counted, bytes.length);
        assert.deepEqual(
          lines.map(({ number, offset, text: { length: found } }) => [number, offset, found]),
          [
            [1, 3, length - 4],
            [2, length + 1, 5],
            [3, length + 8, length + 1],
            [4, 2 * length + 11, length],
          ],
        );
      }
    }
  });
});
