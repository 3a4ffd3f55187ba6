import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DEFLATE_WASM } from '../../../workloads/core/kernels/deflate.wasm.ts';
import { Kernel } from '../../../workloads/core/kernels/kernel.ts';

const kernel = new Kernel<'codeLengths'>(DEFLATE_WASM);
const memory = kernel.reserve(kernel.constant('MEMORY_END'));

function codeLengths(counts: readonly number[], limit: number): number[] {
  // The input's place is free while nothing is deflated.
  const at = kernel.constant('INPUT');
  const lengthsAt = at + 4 * counts.length;
  new Uint32Array(memory, at, counts.length).set(counts);
  kernel.functions.codeLengths(at, counts.length, lengthsAt, limit);
  return [...new Uint8Array(memory, lengthsAt, counts.length)];
}

/** The fewest bits that any code without a limit takes: each pair that is put together costs what it weighs. */
function fewestBits(counts: readonly number[]): number {
  const weights = counts.filter((count) => count > 0).toSorted((a, b) => a - b);
  let bits = 0;
  while (weights.length > 1) {
    const weight = weights.shift()! + weights.shift()!;
    bits += weight;
    const place = weights.findIndex((other) => other >= weight);
    weights.splice(place < 0 ? weights.length : place, 0, weight);
  }
  return bits;
}

const bitsOf = (counts: readonly number[], lengths: readonly number[]): number =>
  counts.reduce((sum, count, symbol) => sum + count * lengths[symbol]!, 0);

/** Fails unless the code is complete, within its limit and of the symbols that come. */
function check(counts: readonly number[], limit: number): number[] {
  const lengths = codeLengths(counts, limit);
  assert.equal(
    lengths.reduce((sum, length) => sum + (length > 0 ? 2 ** -length : 0), 0),
    1,
  );
  assert.ok(lengths.every((length) => length <= limit));
  if (counts.filter((count) => count > 0).length > 1)
    assert.deepEqual(
      lengths.map((length) => length > 0),
      counts.map((count) => count > 0),
    );
  return lengths;
}

/** Frequencies that make the deepest tree. */
function fibonacci(length: number): number[] {
  const numbers = [1, 1];
  while (numbers.length < length) numbers.push(numbers.at(-1)! + numbers.at(-2)!);
  return numbers;
}

const counts = (symbols: number): fc.Arbitrary<number[]> =>
  fc.array(
    fc.oneof(
      fc.constant(0),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: 0, max: 131_072 }),
    ),
    { minLength: 2, maxLength: symbols, size: 'max' },
  );

describe('code lengths', () => {
  for (const [name, symbols, limit] of [
    ['literals', 288, 14],
    ['distances', 30, 15],
    ['code lengths', 19, 7],
  ] as const)
    it(`${name}: complete and within ${limit} bits, and the shortest where the limit does not bind`, () => {
      fc.assert(
        fc.property(counts(symbols), (frequencies) => {
          const lengths = check(frequencies, limit);
          if (Math.max(...lengths) < limit && frequencies.filter(Boolean).length > 1)
            assert.equal(bitsOf(frequencies, lengths), fewestBits(frequencies));
        }),
        { numRuns: 500 },
      );
    });

  it('frequencies like Fibonacci numbers reach the limit and stay within it', () => {
    for (const [symbols, limit] of [
      [25, 14],
      [25, 15],
      [15, 7],
    ] as const) {
      const lengths = check(fibonacci(symbols), limit);
      assert.equal(Math.max(...lengths), limit);
    }
    assert.deepEqual(check(fibonacci(9), 7), [7, 7, 7, 7, 5, 4, 3, 2, 1]);
    assert.deepEqual(check(fibonacci(8), 7), [7, 7, 6, 5, 4, 3, 2, 1]);
  });

  it('there are always two codes', () => {
    assert.deepEqual(check([0, 0, 0], 15), [1, 1, 0]);
    assert.deepEqual(check([7, 0, 0], 15), [1, 1, 0]);
    assert.deepEqual(check([0, 0, 7], 15), [1, 0, 1]);
  });
});
