import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { ByteView } from '../../workloads/core/bytes/byte-view.ts';
import { Crc32c } from '../../workloads/core/bytes/crc32c.ts';
import { Utf8Check } from '../../workloads/core/bytes/utf8-check.ts';
import { tempFolder } from '../support/temp.ts';

describe('bytes', () => {
  it('UTF-8 is told in pieces as it is told whole: invalid sequences and characters cut anywhere', () => {
    const unit = fc.constantFrom(
      ...['한', '😀', 'é', 'a', '\0'].map((text) => [...Buffer.from(text)]),
      ...[
        [0x80],
        [0xbf],
        [0xc0],
        [0xc2],
        [0xe0],
        [0xed],
        [0xa0],
        [0xf0],
        [0xf4],
        [0x90],
        [0xf5],
        [0xff],
        [0xef, 0xbf],
      ],
    );
    const sizes = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 8 }), sizes, (units, lengths) => {
        const bytes = Uint8Array.from(units.flat());
        const check = new Utf8Check();
        let at = 0;
        for (const length of lengths) check.push(bytes.subarray(at, (at += length)));
        check.push(bytes.subarray(at));
        assert.equal(check.end(), isUtf8(bytes));
      }),
      { numRuns: 5_000 },
    );
  });

  it('a view of a file gives the same bytes as one of memory, wherever it is asked', () => {
    const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * 31 + (at >> 8)) % 256));
    const path = join(tempFolder(), 'bytes');
    writeFileSync(path, bytes);
    const fd = openSync(path, 'r');
    const [start, end] = [777, 199_000];
    const [file, memory] = [
      new ByteView().inFile(fd, end, start),
      new ByteView().inMemory(bytes, start, end),
    ];
    const position = fc.integer({ min: -2, max: end - start + 2 });
    fc.assert(
      fc.property(
        fc.array(position, { maxLength: 20 }),
        fc.nat({ max: end - start }),
        fc.nat({ max: 70_000 }),
        (positions, from, length) => {
          for (const at of positions.filter((value) => value >= 0))
            assert.equal(file.at(at), bytes[at + start < end ? at + start : -1] ?? -1);
          const to = Math.min(from + length, end - start);
          const pieces: Buffer[] = [];
          file.eachPiece(from, to, (piece) => pieces.push(Buffer.from(piece)));
          assert.ok(Buffer.concat(pieces).equals(memory.copy(from, to)));
          assert.ok(file.copy(from, to).equals(memory.copy(from, to)));
        },
      ),
    );
    closeSync(fd);
  });

  it('CRC-32C is spelled as GCS reports it', () => {
    const crc = new Crc32c();
    crc.update(Buffer.from('12345'));
    crc.update(Buffer.from('6789'));
    // The check value of CRC-32C is 0xE3069283.
    assert.equal(crc.digest(), Buffer.from('e3069283', 'hex').toString('base64'));
  });
});
