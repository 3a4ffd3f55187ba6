import { backoff } from '../attempts.ts';
import type { LogferryError } from '../errors.ts';
import { checkInterrupt } from '../interrupt.ts';

/** How trouble is sat out, in milliseconds. */
export interface RetryPolicy {
  /** No new try begins this long after the first failure. */
  readonly deadlineMs: number;
  /** A pause is of a random length up to `base * 2^try`, and never above the cap. */
  readonly baseMs: number;
  readonly capMs: number;
}

/** Tries where the cause is a wrong address more often than the network. */
const FEW_TRIES = 4;

/** What a failure means: whether to try again, and the error where that is over. */
export interface Verdict {
  readonly again: 'no' | 'few' | 'yes';
  /** @param after ` (7 tries in 61 s)`, or nothing where it was the only one. */
  readonly error: (after: string) => LogferryError;
}

/** The troubles of one piece of work: counts its failures and waits between them. */
export class Trouble {
  readonly #policy: RetryPolicy;
  readonly #signal: AbortSignal | undefined;
  #failures = 0;
  #since = 0;

  constructor(policy: RetryPolicy, signal: AbortSignal | undefined) {
    this.#policy = policy;
    this.#signal = signal;
  }

  /** Work went on: what comes next is a trouble of its own. */
  over(): void {
    this.#failures = 0;
  }

  /** Returns when it is time for the next try. @throws the verdict's error where there is none. */
  async next({ again, error }: Verdict): Promise<void> {
    const now = performance.now();
    if (this.#failures++ === 0) this.#since = now;
    const elapsed = now - this.#since;
    const few = again === 'few' && this.#failures >= FEW_TRIES;
    if (again === 'no' || few || elapsed >= this.#policy.deadlineMs)
      throw error(
        this.#failures === 1 ? '' : ` (${this.#failures} tries in ${Math.ceil(elapsed / 1_000)} s)`,
      );
    await this.#pause();
  }

  async #pause(): Promise<void> {
    const { baseMs, capMs } = this.#policy;
    try {
      await backoff(this.#failures, baseMs, capMs, this.#signal);
    } catch (error) {
      if (this.#signal !== undefined) checkInterrupt(this.#signal);
      throw error;
    }
  }
}

/** Does something until it succeeds or its verdict says that it cannot. */
export async function retried<T>(
  once: () => Promise<T>,
  judge: (error: unknown) => Verdict | Promise<Verdict>,
  trouble: Trouble,
): Promise<T> {
  for (;;) {
    try {
      return await once();
    } catch (error) {
      await trouble.next(await judge(error));
    }
  }
}
