import { ObjectNotFoundError, SourceChangedError } from '../core/errors.ts';
import type { FolderHour } from '../core/hour.ts';
import type { Plan } from '../core/plan.ts';
import type { ClassifierContext } from './context.ts';

/** How often an hour is begun again because the source changed under it, before it is left to the next run. */
const MAX_ATTEMPTS = 3;

/** What one run has listed of an hour, over all its attempts: what was there once is not forgotten by beginning again. */
export interface Seen {
  plan?: Plan;
}

/**
 * Begins an hour again, from the listing, while its source changes under the work.
 * @throws SourceChangedError where it still does after some attempts.
 */
export async function untilSourceHolds<T>(
  { logger }: Pick<ClassifierContext, 'logger'>,
  hour: FolderHour,
  attempt: (seen: Seen) => Promise<T>,
): Promise<T> {
  const seen: Seen = {};
  for (let number = 1; ; number++) {
    try {
      return await attempt(seen);
    } catch (error) {
      const changed =
        error instanceof SourceChangedError ||
        (error instanceof ObjectNotFoundError && error.context.hour === undefined);
      if (!changed) throw error;
      logger.log('WARNING', `Hour ${hour}: attempt ${number} begins again: ${error.message}`, {
        hour,
        attempt: number,
      });
      if (number < MAX_ATTEMPTS) continue;
      throw new SourceChangedError(
        `Hour ${hour}: the source changed during ${number} attempts; last: ${error.message}`,
        {
          advice: 'Objects are still arriving. The next run takes the hour up.',
          context: { hour },
          cause: error,
        },
      );
    }
  }
}
