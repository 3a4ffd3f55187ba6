import { setTimeout as sleep } from 'node:timers/promises';

/** Between two looks, in milliseconds: short beside the seconds that a server's start takes. */
const PAUSE_MS = 100;

/**
 * Asks `probe` until it gives something other than undefined, and returns that. An error of `probe` counts as "not yet".
 * Throws after `seconds` with what was waited for and the last error; `ended` may throw to give up earlier.
 */
export async function waitFor<T>(
  what: string,
  seconds: number,
  probe: () => T | undefined | Promise<T | undefined>,
  ended: () => void = () => undefined,
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    let reason = 'not yet';
    try {
      const found = await probe();
      if (found !== undefined) return found;
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    ended();
    if (performance.now() > deadline)
      throw new Error(`waited ${seconds} s for ${what}; at the last look: ${reason}`);
    await sleep(PAUSE_MS);
  }
}
