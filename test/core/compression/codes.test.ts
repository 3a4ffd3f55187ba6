import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DEFLATE_WASM } from '../../../workloads/core/kernels/deflate.wasm.ts';
import { Kernel } from '../../../workloads/core/kernels/kernel.ts';

/** RFC 1951: the longest code. */
const MAX_LENGTH = 15;

const kernel = new Kernel<'makeCodes'>(DEFLATE_WASM);
const memory = kernel.reserve(kernel.constant('MEMORY_END'));

/** Of each symbol its code, as it is written: the first bit is the lowest. */
function codesOf(lengths: readonly number[]): string[] {
  // The input's place is free while nothing is deflated.
  const at = kernel.constant('INPUT');
  const lengthsAt = at + 4 * lengths.length;
  const codes = new Uint32Array(memory, at, lengths.length).fill(0xffffffff);
  new Uint8Array(memory, lengthsAt, lengths.length).set(lengths);
  kernel.functions.makeCodes(lengthsAt, lengths.length, at);
  return [...codes].map((code) => {
    const length = code >>> 24;
    const bits = code & 0xffffff;
    assert.equal(bits >>> length, 0, 'bits above the code');
    const text = Array.from({ length }, (_, at) => (bits >>> at) & 1);
    return text.join('');
  });
}

/** RFC 1951, 3.2.2: codes of one length are consecutive, in the order of their symbols, and shorter ones come before longer ones. */
function expectedCodes(lengths: readonly number[]): string[] {
  const codes = lengths.map(() => '');
  let next = 0;
  for (let length = 1; length <= MAX_LENGTH; length++, next *= 2)
    for (const [symbol, its] of lengths.entries())
      if (its === length) codes[symbol] = (next++).toString(2).padStart(length, '0');
  return codes;
}

/** Lengths of complete codes: one code of no bits, and then any that is there is parted into two. */
const complete = (symbols: number): fc.Arbitrary<number[]> =>
  fc.array(fc.nat(), { maxLength: symbols - 1, size: 'max' }).map((picks) => {
    const lengths = [0];
    for (const pick of picks) {
      const parted = pick % lengths.length;
      if (lengths[parted] === MAX_LENGTH) continue;
      lengths[parted]!++;
      lengths.push(lengths[parted]!);
    }
    return lengths.length === 1 ? [1, 1] : lengths;
  });

describe('codes', () => {
  it('are the RFC’s of any lengths, with symbols between them that do not come', () => {
    fc.assert(
      fc.property(complete(200), fc.array(fc.nat(), { maxLength: 80, size: 'max' }), (lengths, gaps) => {
        const all = [...lengths];
        for (const gap of gaps) all.splice(gap % (all.length + 1), 0, 0);
        assert.deepEqual(codesOf(all), expectedCodes(all));
      }),
      { numRuns: 300 },
    );
  });

  it('of all 15 lengths, and of more than 256 symbols of more than 8 bits, are the RFC’s too', () => {
    const chain = [...Array.from({ length: MAX_LENGTH }, (_, index) => index + 1), MAX_LENGTH];
    const rare = [...[2, 3, 4, 5, 6, 7, 8], ...Array.from({ length: 258 }, () => 9)];
    for (const lengths of [chain, chain.toReversed(), rare]) {
      assert.equal(
        lengths.reduce((sum, length) => sum + 2 ** -length, 0),
        1,
      );
      assert.deepEqual(codesOf(lengths), expectedCodes(lengths));
    }
  });
});
