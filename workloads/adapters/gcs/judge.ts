import {
  AlreadyExistsError,
  LogferryError,
  messageOf,
  ObjectNotFoundError,
  SourceChangedError,
  systemCode,
  TerminalError,
  TransientError,
} from '../../core/errors.ts';
import { credentialsAdvice, deniedAdvice, refusedAdvice } from './advice.ts';
import { AnswerError } from './answer.ts';
import type { Call } from './call.ts';
import { CredentialsError } from './client.ts';
import type { Verdict } from './retry.ts';
import { SilenceError } from './silence.ts';

/** What a failed call means. Errors of our own pass as they are, also where the SDK has wrapped them. */
export function judge(error: unknown, call: Call): Verdict {
  const causes = [...chain(error)];
  const own = causes.find((each) => each instanceof LogferryError);
  if (own !== undefined) return final(own);
  if (error instanceof AnswerError) return byStatus(error, call);
  if (error instanceof CredentialsError) return withoutCredentials(error, causes, call);
  return ofSystem(error, causes, call);
}

/** An error and what caused it, outermost first. */
function* chain(error: unknown): Generator {
  for (let each = error; each !== undefined && each !== null; each = (each as { cause?: unknown }).cause)
    yield each;
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

/** 408, 429 and 5xx by GCS's retry strategy; 308, 409 and 410 are of an upload that was cut short, collided or was given up. */
function isPassing(status: number, reason: string): boolean {
  return [308, 408, 409, 410, 429].includes(status) || (status >= 500 && status !== 501) || isRate(reason);
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
  const again = status === undefined ? systemOf(causes) : isPassing(status, '') ? 'yes' : 'no';
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
  const again = systemOf(causes);
  const message = `the connection failed: ${firstLine(messageOf(error))}`;
  if (again === 'yes') return transient(message, call, error);
  if (again === 'few') {
    const advice = 'Check the endpoint in the URL; if it is right, the network is down: run again.';
    return { ...transient(message, call, error, advice), again };
  }
  return terminal(
    `${subject(call)}: ${firstLine(messageOf(error))}`,
    call,
    error,
    'Check the endpoint: https or http, and a certificate that this machine trusts (NODE_EXTRA_CA_CERTS).',
  );
}

const PASSING_CODES = [
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'ERR_STREAM_PREMATURE_CLOSE',
];

/** Addresses that lead nowhere: a service that restarts, or, more often, a typing error in the endpoint. */
const ADDRESS_CODES = ['ENOTFOUND', 'ECONNREFUSED'];

function systemOf(causes: readonly unknown[]): Verdict['again'] {
  if (causes.some((each) => each instanceof SilenceError)) return 'yes';
  const codes = causes.map(systemCode);
  if (codes.some((code) => ADDRESS_CODES.includes(code ?? ''))) return 'few';
  return codes.some((code) => PASSING_CODES.includes(code ?? '')) ? 'yes' : 'no';
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
