import type { Dice } from './dice.ts';

export type LineKind = 'row' | 'misfit' | 'broken' | 'untyped' | 'unknownType' | 'blank';

/** Lines of one kind (and type) that an hour still has to write. */
export interface Card {
  readonly kind: LineKind;
  /** The log type of rows and misfits, else empty. */
  readonly type: string;
  readonly count: number;
}

/** Shares of a type's rows (0 to 1) that become misfits, by type. */
export type MisfitShares = Readonly<Record<string, number>>;

/** Lines that are set aside or blank: few, and the same number however large the hour is. */
export const FEW: Readonly<Record<Exclude<LineKind, 'row' | 'misfit'>, number>> = {
  broken: 4,
  untyped: 3,
  unknownType: 5,
  blank: 3,
};

/**
 * What an hour's lines are, before one of them is written. Counting first and shuffling then makes the promised counts exact
 * by construction, and every type has a row however small the hour is.
 *
 * @param types Log types, the most frequent first: the n-th gets about 1/n of what the first gets (Zipf).
 */
export function dealHour(lines: number, types: readonly string[], misfitShares: MisfitShares): Card[] {
  const few = Object.entries(FEW).map(([kind, count]): Card => ({ kind: kind as LineKind, type: '', count }));
  const rows = lines - few.reduce((sum, { count }) => sum + count, 0);
  const typed = zipf(rows, types).flatMap(({ type, count }): Card[] => {
    const share = misfitShares[type];
    // Rounded down, and never more than the twentieth part that would fail the type's hour (`onMisfit`).
    const misfits = share === undefined || count < 20 ? 0 : Math.max(1, Math.floor(count * share));
    return [
      { kind: 'row', type, count: count - misfits },
      { kind: 'misfit', type, count: misfits },
    ];
  });
  return [...typed, ...few].filter(({ count }) => count > 0);
}

/** Shares out `rows`; what rounding leaves over goes to the first type. */
function zipf(rows: number, types: readonly string[]): { type: string; count: number }[] {
  const weight = types.reduce((sum, _, index) => sum + 1 / (index + 1), 0);
  const shares = types.map((type, index) => ({
    type,
    count: Math.max(1, Math.floor(rows / weight / (index + 1))),
  }));
  const dealt = shares.reduce((sum, { count }) => sum + count, 0);
  return shares.map((share, index) =>
    index === 0 ? { ...share, count: share.count + rows - dealt } : share,
  );
}

/** Takes the hour's lines one by one in a random order. */
export class Deck {
  readonly #left: { readonly card: Card; count: number }[];
  #total: number;

  /** @param edges How many lines are drawn as edges; they are kept back from the first card. */
  constructor(cards: readonly Card[], edges: number) {
    this.#left = cards.map((card, index) => ({ card, count: index === 0 ? card.count - edges : card.count }));
    this.#total = cards.reduce((sum, { count }) => sum + count, 0) - edges;
  }

  /** The first card's: a good row, so that a BOM or a missing newline never meets a blank line, which nobody could count. */
  drawEdge(): Drawn {
    return { card: this.#left[0]!.card, index: 0 };
  }

  draw(dice: Dice): Drawn {
    let place = dice.int(0, this.#total - 1);
    const drawn = this.#left.find(({ count }) => (place -= count) < 0)!;
    const index = drawn.card.count - drawn.count;
    this.#total--;
    drawn.count--;
    return { card: drawn.card, index };
  }
}

export interface Drawn {
  readonly card: Card;
  /** How many of the card were drawn before: planted lines take turns by it. */
  readonly index: number;
}
