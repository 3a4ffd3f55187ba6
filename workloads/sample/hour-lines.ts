import { Deck, type Card, type Drawn } from './deck.ts';
import type { Dice } from './dice.ts';
import { misfit } from './misfits.ts';
import { blankLine, brokenLine, unknownTypeLine, untypedLine } from './quarantine.ts';
import { ROW_MAKERS } from './rows/rows.ts';

const HOUR_MS = 3_600_000;

/**
 * Firehose names a folder by the time at which it began to fill a buffer, and a buffer is open for some minutes: folder 14
 * holds what happened from 14:03 to 15:03. Whoever counts or deletes by the time in the row gets it wrong at every full hour.
 */
const SPILL_MS = 180_000;

/** Clocks of many servers are never quite in step. */
const JITTER_MS = 2_000;

/** The lines of one folder hour in the order in which they arrive. */
export class HourLines {
  readonly total: number;
  readonly #deck: Deck;
  readonly #dice: Dice;
  readonly #from: number;
  #written = 0;

  /** @param start The hour's first instant, epoch milliseconds. @param edges How often `next` will be called with `edge`. */
  constructor(cards: readonly Card[], edges: number, start: number, dice: Dice) {
    this.total = cards.reduce((sum, { count }) => sum + count, 0);
    this.#deck = new Deck(cards, edges);
    this.#dice = dice;
    this.#from = start + SPILL_MS;
  }

  /** The next line without its end. @param edge Whether it is the first or the last line of its object. */
  next(edge: boolean): Buffer {
    const drawn = edge ? this.#deck.drawEdge() : this.#deck.draw(this.#dice);
    const passed = Math.floor((this.#written++ / this.total) * HOUR_MS);
    return lineOf(drawn, this.#dice, this.#from + passed + this.#dice.int(-JITTER_MS, JITTER_MS));
  }
}

function lineOf({ card, index }: Drawn, dice: Dice, at: number): Buffer {
  switch (card.kind) {
    case 'row':
      return Buffer.from(ROW_MAKERS.get(card.type)!(dice, at));
    case 'misfit':
      return Buffer.from(misfit(card.type, index, dice, at));
    case 'broken':
      return brokenLine(index, dice, at);
    case 'untyped':
      return untypedLine(index, dice, at);
    case 'unknownType':
      return unknownTypeLine(index, dice, at);
    case 'blank':
      return blankLine(index, dice, at);
  }
}
