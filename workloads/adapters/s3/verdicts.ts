import { type LogferryError, TerminalError, TransientError } from '../../core/errors.ts';
import type { Verdict } from '../../core/network/retry.ts';
import type { Call } from './call.ts';
import type { Facts } from './facts.ts';

/** A failure of a call, and what threw it. */
export interface Failure {
  readonly facts: Facts;
  readonly call: Call;
  readonly cause: unknown;
}

/** Worth another try. */
export function transient(
  { facts, call, cause }: Failure,
  { reason = reasonOf(facts), advice = 'Nothing is half-done: run again.' } = {},
): Verdict {
  const error = (after: string): LogferryError =>
    new TransientError(`${subject(call)}: ${reason}${after}`, { advice, ...about(call, cause) });
  return { again: 'yes', error };
}

/** Somebody has to do something. @param fields More for the log line. */
export function terminal({ call, cause }: Failure, message: string, advice: string, fields = {}): Verdict {
  const { context } = about(call, cause);
  return final(new TerminalError(message, { advice, context: { ...context, ...fields }, cause }));
}

/** The answer to what was asked. */
export function final(error: LogferryError): Verdict {
  return { again: 'no', error: () => error };
}

export function about({ key }: Call, cause: unknown): { context: { object?: string }; cause: unknown } {
  return { context: key === undefined ? {} : { object: key }, cause };
}

/** How a message begins. */
export function subject({ doing, object }: Call): string {
  return doing === 'list' ? `Listing ${object}` : `Object ${object}: cannot ${doing} it`;
}

/** `answered 403 AccessDenied (...)`. */
export function answered({ status, name, message }: Facts): string {
  const code = name === 'Unknown' ? '' : ` ${name}`;
  const text = message === 'UnknownError' || message === '' ? '' : ` (${message})`;
  return `answered ${status ?? ''}${code}${text}`;
}

function reasonOf(facts: Facts): string {
  const { status, name, message } = facts;
  // Answers that began well and could not be read to their end.
  if (name === 'BrokenAnswerError' || (status !== undefined && status < 300))
    return `the answer broke off: ${message}`;
  return status === undefined ? `the connection failed: ${message}` : `S3 ${answered(facts)}`;
}
