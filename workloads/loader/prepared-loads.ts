import type { PreparedLoad } from './prepare-load.ts';

/** How far the check may run ahead of the loads. */
export interface AheadLimits {
  /** Bytes of rows on local disk that wait for their load: while there are more, no further type is checked. */
  readonly heldBytes: number;
  /** Types that wait for their load. */
  readonly types: number;
}

/** As many rows as take a second to load: beside one type's load, many small ones are checked. */
const HELD_BYTES = 64 * 1024 * 1024;
/** The part of the scratch folder's allowance that may wait, where that is less: the rest is for the type that is loaded and for the one that is checked. */
const HELD_SHARE = 1 / 8;
const TYPES = 16;

/** Each is prepared when it is asked for, and is alone then. */
export const NONE_AHEAD: AheadLimits = { heldBytes: 0, types: 0 };

/** @param scratchLimit Bytes that the scratch folder may hold; 0 = the disk decides. */
export function aheadLimits(scratchLimit: number): AheadLimits {
  const heldBytes = scratchLimit === 0 ? HELD_BYTES : Math.min(HELD_BYTES, scratchLimit * HELD_SHARE);
  return { heldBytes, types: TYPES };
}

/**
 * Prepares loads one after another, ahead of whoever loads them: checking is this thread's work, loading the engine's, and neither
 * waits for the other because one type is large.
 */
export class PreparedLoads {
  readonly #prepare: () => Promise<PreparedLoad | undefined>;
  readonly #limits: AheadLimits;
  readonly #ready: PreparedLoad[] = [];
  #running: Promise<void> | undefined;
  #isOver = false;
  #failure: { readonly error: unknown } | undefined;

  /** @param prepare Makes the next one; undefined where there are no more. It is not called again once it has thrown. */
  constructor(prepare: () => Promise<PreparedLoad | undefined>, limits: AheadLimits) {
    this.#prepare = prepare;
    this.#limits = limits;
  }

  /** The next one in their order, undefined behind the last; whoever gets it discards it. @throws What preparing has thrown. */
  async next(): Promise<PreparedLoad | undefined> {
    while (this.#ready.length === 0 && !this.#isOver) await this.#goOn();
    const prepared = this.#ready.shift();
    if (prepared === undefined && this.#failure !== undefined) throw this.#failure.error;
    if (this.#hasRoom()) void this.#goOn();
    return prepared;
  }

  /** Nothing is prepared any more once it resolves, and what nobody asked for is discarded. */
  async close(): Promise<void> {
    this.#isOver = true;
    await this.#running;
    for (const { taken } of this.#ready.splice(0)) taken?.discard();
  }

  #hasRoom(): boolean {
    const held = this.#ready.reduce((sum, { taken }) => sum + (taken?.held ?? 0), 0);
    return !this.#isOver && this.#ready.length < this.#limits.types && held <= this.#limits.heldBytes;
  }

  /** Resolves, and never rejects, once one more is ready or none comes. */
  #goOn(): Promise<void> {
    this.#running ??= this.#prepareNext().finally(() => {
      this.#running = undefined;
      if (this.#hasRoom()) void this.#goOn();
    });
    return this.#running;
  }

  async #prepareNext(): Promise<void> {
    try {
      const prepared = await this.#prepare();
      if (prepared === undefined) this.#isOver = true;
      else this.#ready.push(prepared);
    } catch (error) {
      this.#failure = { error };
      this.#isOver = true;
    }
  }
}
