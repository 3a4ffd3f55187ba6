import {
  ConservationError,
  FencedError,
  LogferryError,
  messageOf,
  TerminalError,
  TransientError,
} from '../../core/errors.ts';
import { FENCED, MISCOUNT } from '../../core/sql/commit.ts';

/** What a failed transaction means. */
export function commitError(error: unknown): unknown {
  const message = messageOf(error);
  if (message.includes(FENCED)) return new FencedError(message, { cause: error });
  if (message.includes(MISCOUNT)) return new ConservationError(message, { cause: error });
  if (isConflict(message)) {
    return new TransientError(`The transaction met another one: ${message}`, {
      advice: 'Run again.',
      cause: error,
    });
  }
  return new TerminalError(`The transaction failed and was rolled back: ${message}`, {
    advice: 'Nothing was committed. See the engine’s message.',
    cause: error,
  });
}

/** What a failure to make or change a table means. */
export function prepareError(what: string, error: unknown): unknown {
  if (error instanceof LogferryError) return error;
  const message = messageOf(error);
  if (isConflict(message)) {
    return new TransientError(`Preparing ${what} met another transaction: ${message}`, {
      advice: 'Run again.',
      cause: error,
    });
  }
  return new TerminalError(`Preparing ${what} failed: ${message}`, {
    advice: 'See the engine’s message.',
    cause: error,
  });
}

export function isMissingTable(error: unknown): boolean {
  return /^Catalog Error: Table with name .* does not exist/.test(messageOf(error));
}

export function isMissingFunction(error: unknown): boolean {
  return /^Catalog Error: Scalar Function with name .* does not exist/.test(messageOf(error));
}

/** "conflict" alone may be the name of a table or column. */
function isConflict(message: string): boolean {
  return /^TransactionContext Error:.*conflict/is.test(message);
}
