/** Ends a request once nothing has moved for too long. The SDK's own requests wait for as long as the other side is silent. */
export class Silence {
  readonly #allowedMs: number;
  readonly #end = new AbortController();

  constructor(allowedMs: number) {
    this.#allowedMs = allowedMs;
  }

  /** Aborts once the silence was too long. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  /**
   * Waits for something from the network. Time in which nobody waits is no silence: a reader may pause for as long as it likes.
   * @param wait Given a function to call at each sign of life, such as a chunk that was sent.
   * @throws SilenceError
   */
  async during<T>(wait: (alive: () => void) => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const silent = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const error = new SilenceError(this.#allowedMs);
        reject(error);
        this.#end.abort(error);
      }, this.#allowedMs);
    });
    try {
      return await Promise.race([wait(() => timer?.refresh()), silent]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Nothing moved for too long. */
export class SilenceError extends Error {
  constructor(allowedMs: number) {
    super(`nothing came for ${allowedMs / 1_000} s`);
    this.name = 'SilenceError';
  }
}
