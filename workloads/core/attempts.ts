import { setTimeout as sleep } from 'node:timers/promises';

/** A pause of a random length up to `base * 2^attempt`, capped: two pods that collided once do not collide again. */
export async function backoff(
  attempt: number,
  baseMs: number,
  capMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const limit = Math.min(capMs, baseMs * 2 ** attempt);
  await sleep(Math.random() * limit, undefined, signal === undefined ? {} : { signal });
}
