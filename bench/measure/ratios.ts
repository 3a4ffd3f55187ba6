import type { Usage } from './command.ts';

/** Of several runs. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** @param values At least one. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { min: sorted[0]!, median, max: sorted.at(-1)! };
}

/** What is compared of two runs. */
export const QUANTITIES = {
  cpu: { name: 'CPU', unit: 's', of: (usage: Usage) => usage.cpuSeconds },
  wall: { name: 'wall', unit: 's', of: (usage: Usage) => usage.wallSeconds },
  rss: { name: 'peak RSS', unit: 'MiB', of: (usage: Usage) => (usage.peakBytes ?? NaN) / 2 ** 20 },
} as const;

export type Quantity = keyof typeof QUANTITIES;

/** A over B, pair by pair: both runs of a pair met the same neighbours on the machine. */
export function ratios(quantity: Quantity, a: readonly Usage[], b: readonly Usage[]): number[] {
  const { of } = QUANTITIES[quantity];
  return a.map((usage, index) => of(usage) / of(b[index]!));
}
