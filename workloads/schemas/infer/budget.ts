/** Places (keys, array elements) that a run keeps figures of; about 300 bytes each, so 15 MB in all. */
const MAX_PLACES = 50_000;

/** Of one type: half of BigQuery's 10,000 columns a table, which count nested fields too. */
const MAX_PLACES_A_TYPE = 5_000;

/** How many places may still be told apart, in all and for one type: memory must not grow with what logs contain. */
export class Budget {
  readonly #parent: Budget | undefined;
  #left: number;

  constructor(places: number = MAX_PLACES, parent?: Budget) {
    this.#left = places;
    this.#parent = parent;
  }

  forType(): Budget {
    return new Budget(MAX_PLACES_A_TYPE, this);
  }

  /** Takes one place, unless none is left. */
  take(): boolean {
    if (this.#left === 0 || this.#parent?.take() === false) return false;
    this.#left--;
    return true;
  }

  giveBack(places: number): void {
    this.#left += places;
    this.#parent?.giveBack(places);
  }
}
