import type { JobResource } from './resources.ts';

/** An attempt at a job: its number, and the job if it was begun. */
export interface Attempt {
  readonly number: number;
  readonly job: JobResource | undefined;
}

/**
 * The last attempt that was begun, or number 0. Attempts are numbered without a gap, so that an hour that was reloaded a hundred
 * times is asked for ten times and not for a hundred.
 */
export async function lastAttempt(
  find: (number: number) => Promise<JobResource | undefined>,
): Promise<Attempt> {
  let last: Attempt = { number: 0, job: undefined };
  let free = 1;
  for (;;) {
    const job = await find(free);
    if (job === undefined) break;
    last = { number: free, job };
    free *= 2;
  }
  while (free - last.number > 1) {
    const middle = Math.floor((last.number + free) / 2);
    const job = await find(middle);
    if (job === undefined) free = middle;
    else last = { number: middle, job };
  }
  return last;
}
