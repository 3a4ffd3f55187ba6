import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** All chance of a sample comes from one of these, so that the same seed throws the same rows on every machine. */
export class Dice {
  readonly #generator;

  /** @param seed A 32-bit integer. */
  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  /** A whole number, both ends included. */
  int(from: number, to: number): number {
    return uniformInt(this.#generator, from, to);
  }

  /** A number from `from` up to but without `to`. */
  float(from: number, to: number): number {
    return from + uniformFloat64(this.#generator) * (to - from);
  }

  /** True in about `share` (0 to 1) of all throws. */
  chance(share: number): boolean {
    return uniformFloat64(this.#generator) < share;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.int(0, choices.length - 1)]!;
  }

  /** `count` values made one after another. */
  times<T>(count: number, make: () => T): T[] {
    return Array.from({ length: count }, make);
  }
}
