import {
  AlreadyExistsError,
  LogferryError,
  ObjectNotFoundError,
  SourceChangedError,
  TerminalError,
  TransientError,
} from '../../core/errors.ts';
import { credentialsAdvice } from '../../core/google/credentials-advice.ts';
import { CredentialsError } from '../../core/google/google-client.ts';
import { AnswerError } from '../../core/network/answer.ts';
import { againAfter, causesOf, connectionReason, isPassingStatus } from '../../core/network/connection.ts';
import type { Verdict } from '../../core/network/retry.ts';
import { deniedAdvice, refusedAdvice } from './advice.ts';
import type { Call } from './call.ts';

/** What a failed call means. Errors of our own pass as they are, also where the SDK has wrapped them. */
export function judge(error: unknown, call: Call): Verdict {
  const causes = [...causesOf(error)];
  const own = causes.find((each) => each instanceof LogferryError);
  if (own !== undefined) return final(own);
  if (error instanceof AnswerError) return byStatus(error, call);
  if (error instanceof CredentialsError) return withoutCredentials(error, causes, call);
  return ofSystem(error, causes, call);
}

function byStatus(error: AnswerError, call: Call): Verdict {
  const { status, reason, message } = error;
  if (status === 412) return precondition(call, error);
  if (status === 404) return absent(error, call);
  if (status === 401 || (status === 403 && !isRate(reason))) return denied(error, call);
  // The upload came with other bytes than were announced: GCS kept nothing of it.
  const changed = status === 400 && /\b(crc32c|md5|hash)\b/i.test(message);
  if (changed || isPassing(status, reason)) return transient(`GCS ${answered(error)}`, call, error);
  if (status < 300) return transient(`the answer broke off: ${message}`, call, error);
  return terminal(
    `${subject(call)}: GCS ${answered(error)}`,
    call,
    error,
    refusedAdvice(error) ?? 'See GCS’s message.',
  );
}

/** Of an upload that was cut short, collided with another or was given up. */
const UPLOAD_AGAIN = [308, 409, 410];

function isPassing(status: number, reason: string): boolean {
  return isPassingStatus(status) || UPLOAD_AGAIN.includes(status) || isRate(reason);
}

function isRate(reason: string): boolean {
  return reason === 'rateLimitExceeded' || reason === 'userRateLimitExceeded';
}

function absent(error: AnswerError, call: Call): Verdict {
  // What is listed or created needs nothing but the bucket; of an object GCS says "No such object".
  if (call.doing === 'list' || call.doing === 'create' || /bucket does not exist/i.test(error.message))
    return terminal(
      `Bucket ${call.bucket} does not exist`,
      call,
      error,
      'Check the bucket’s name in the URL; in production "pulumi up" makes it.',
    );
  return final(new ObjectNotFoundError(`Object ${call.object} is not there`, about(call, error)));
}

export function precondition(call: Call, cause: unknown, found = 'another'): Verdict {
  if (call.doing === 'create')
    return final(new AlreadyExistsError(`Object ${call.object} exists`, about(call, cause)));
  const expected = call.etag ?? 'the one first seen';
  return final(
    new SourceChangedError(
      `Object ${call.object} changed while it was read: expected generation ${expected}, found ${found}`,
      about(call, cause),
    ),
  );
}

function denied(error: AnswerError, call: Call): Verdict {
  const message = `${subject(call)}: access denied: GCS ${answered(error)}`;
  return terminal(message, call, error, deniedAdvice(error, call), { alarm: 'credentials' });
}

function withoutCredentials(error: CredentialsError, causes: readonly unknown[], call: Call): Verdict {
  const status = causes.map(statusOf).find((each) => each !== undefined);
  const again = status === undefined ? againAfter(causes) : isPassing(status, '') ? 'yes' : 'no';
  const reason = `Google gave no credentials: ${firstLine(error.message)}`;
  if (again !== 'no') return { ...transient(reason, call, error), again };
  return terminal(`${subject(call)}: ${reason}`, call, error, credentialsAdvice(status), {
    alarm: 'credentials',
  });
}

/** The status of the answer of a service that gives tokens. */
function statusOf(error: unknown): number | undefined {
  const status = (error as { response?: { status?: unknown } }).response?.status;
  return typeof status === 'number' ? status : undefined;
}

function ofSystem(error: unknown, causes: readonly unknown[], call: Call): Verdict {
  const again = againAfter(causes);
  const reason = connectionReason(error);
  const message = `the connection failed: ${reason}`;
  if (again === 'yes') return transient(message, call, error);
  if (again === 'few') {
    const advice = 'Check the endpoint in the URL; if it is right, the network is down: run again.';
    return { ...transient(message, call, error, advice), again };
  }
  return terminal(
    `${subject(call)}: ${reason}`,
    call,
    error,
    'Check the endpoint: https or http, and a certificate that this machine trusts (NODE_EXTRA_CA_CERTS).',
  );
}

function transient(
  reason: string,
  call: Call,
  cause: unknown,
  advice = 'Nothing is half-done: run again.',
): Verdict {
  const make = (after: string): LogferryError =>
    new TransientError(`${subject(call)}: ${reason}${after}`, { advice, ...about(call, cause) });
  return { again: 'yes', error: make };
}

function terminal(message: string, call: Call, cause: unknown, advice: string, fields = {}): Verdict {
  const { context } = about(call, cause);
  return final(new TerminalError(message, { advice, context: { ...context, ...fields }, cause }));
}

function final(error: LogferryError): Verdict {
  return { again: 'no', error: () => error };
}

function about({ key }: Call, cause: unknown): { context: { object?: string }; cause: unknown } {
  return { context: key === undefined ? {} : { object: key }, cause };
}

function subject({ doing, object }: Call): string {
  return doing === 'list' ? `Listing ${object}` : `Object ${object}: cannot ${doing} it`;
}

function answered({ status, reason, message }: AnswerError): string {
  return `answered ${status}${reason === '' ? '' : ` ${reason}`}${message === '' ? '' : ` (${message})`}`;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
