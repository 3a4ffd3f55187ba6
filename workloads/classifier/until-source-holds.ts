import { ObjectNotFoundError, SourceChangedError } from '../core/errors.ts';
import type { FolderHour } from '../core/hour.ts';
import type { Plan } from '../core/plan.ts';
import type { ObjectInfo } from '../core/ports/object-store.ts';
import type { ClassifierContext } from './context.ts';

/** How often an hour is begun again because the source changed under it, before it is left to the next run. */
const MAX_ATTEMPTS = 3;

/** The objects that one run has listed of an hour, each as large as it ever was: what was there once is not forgotten by beginning again. */
export type Seen = Map<string, ObjectInfo>;

/** Adds a listing. */
export function see(seen: Seen, plan: Plan): void {
  for (const object of plan)
    if (object.size >= (seen.get(object.key)?.size ?? 0)) seen.set(object.key, object);
}

/**
 * Begins an hour again, from the listing, while its source changes under the work.
 * @param list Lists the hour once more, before it is left to the next run: what is gone by then nobody would ask for any more.
 * @throws SourceChangedError where it still does after some attempts.
 */
export async function untilSourceHolds<T>(
  { logger }: Pick<ClassifierContext, 'logger'>,
  hour: FolderHour,
  attempt: (seen: Seen) => Promise<T>,
  list: (seen: Seen) => Promise<unknown>,
): Promise<T> {
  const seen: Seen = new Map();
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
      await list(seen);
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
