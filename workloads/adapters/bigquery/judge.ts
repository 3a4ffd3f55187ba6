import {
  LogferryError,
  TerminalError,
  TransientError,
  UsageError,
  type ErrorContext,
} from '../../core/errors.ts';
import { credentialsAdvice } from '../../core/google/credentials-advice.ts';
import { CredentialsError } from '../../core/google/google-client.ts';
import { AnswerError } from '../../core/network/answer.ts';
import { againAfter, causesOf, connectionReason, isPassingStatus } from '../../core/network/connection.ts';
import type { Verdict } from '../../core/network/retry.ts';
import { adviceOn, isPassingReason, isProjectMissing, isQuota, switchedOff } from './reasons.ts';

/** One call, as far as a message tells of it. */
export interface Call {
  /** `Table p.raw.purchase: cannot look at it`: what could not be done to what. */
  readonly what: string;
  readonly context?: ErrorContext;
}

/** What a failed call means. Errors of our own pass as they are, also where the SDK has wrapped them. */
export function judge(error: unknown, call: Call): Verdict {
  const causes = [...causesOf(error)];
  const own = causes.find((each) => each instanceof LogferryError);
  if (own !== undefined) return final(own);
  if (error instanceof AnswerError) return ofAnswer(error, call);
  if (error instanceof CredentialsError) return ofCredentials(error, causes, call);
  return ofConnection(error, causes, call);
}

function ofAnswer(error: AnswerError, call: Call): Verdict {
  const { status, reason, message } = error;
  const said = `BigQuery answered ${status}${reason === '' ? '' : ` ${reason}`}${message === '' ? '' : ` (${message})`}`;
  if (status < 300) return transient(`the answer broke off: ${message}`, call, error);
  if (isQuota(reason, message)) return later(said, call, error);
  if (isPassingStatus(status) || isPassingReason(reason)) return transient(said, call, error);
  if (status === 404 && isProjectMissing(message))
    return final(
      new UsageError(`${call.what}: ${said}`, about(call, error, adviceOn(reason, message, status))),
    );
  const off = switchedOff(reason, message);
  if (status === 403 && off !== undefined)
    return final(
      new TerminalError(
        `${call.what}: ${off}: ${said}`,
        about(call, error, adviceOn(reason, message, status)),
      ),
    );
  if (status === 401 || status === 403) {
    const alarm = { alarm: 'credentials' };
    return final(
      new TerminalError(`${call.what}: access denied: ${said}`, {
        ...about(call, error, adviceOn(reason, message, status)),
        context: { ...call.context, ...alarm },
      }),
    );
  }
  return final(
    new TerminalError(`${call.what}: ${said}`, about(call, error, adviceOn(reason, message, status))),
  );
}

/** A quota is a matter of hours, not of the seconds that a retry waits: the next run comes again. */
function later(said: string, call: Call, cause: AnswerError): Verdict {
  return final(new TransientError(`${call.what}: ${said}`, about(call, cause, adviceOn(cause.reason, said))));
}

function ofCredentials(error: CredentialsError, causes: readonly unknown[], call: Call): Verdict {
  const status = causes.map(statusOf).find((each) => each !== undefined);
  const again = status === undefined ? againAfter(causes) : isPassingStatus(status) ? 'yes' : 'no';
  const said = `Google gave no credentials: ${firstLine(error.message)}`;
  if (again !== 'no') return { ...transient(said, call, error), again };
  return final(
    new TerminalError(`${call.what}: ${said}`, {
      ...about(call, error, credentialsAdvice(status)),
      context: { ...call.context, alarm: 'credentials' },
    }),
  );
}

/** The status of the answer of a service that gives tokens. */
function statusOf(error: unknown): number | undefined {
  const status = (error as { response?: { status?: unknown } }).response?.status;
  return typeof status === 'number' ? status : undefined;
}

function ofConnection(error: unknown, causes: readonly unknown[], call: Call): Verdict {
  const again = againAfter(causes);
  const said = connectionReason(error);
  if (again === 'no') {
    const advice =
      'Check the endpoint: https or http, and a certificate that this machine trusts (NODE_EXTRA_CA_CERTS).';
    return final(new TerminalError(`${call.what}: ${said}`, about(call, error, advice)));
  }
  const advice =
    again === 'few'
      ? 'Check the endpoint of --warehouse; if it is right, the network is down: run again.'
      : undefined;
  return { ...transient(`the connection failed: ${said}`, call, error, advice), again };
}

function transient(
  said: string,
  call: Call,
  cause: unknown,
  advice = 'Nothing is half-done: run again.',
): Verdict {
  return {
    again: 'yes',
    error: (after) => new TransientError(`${call.what}: ${said}${after}`, about(call, cause, advice)),
  };
}

function final(error: LogferryError): Verdict {
  return { again: 'no', error: () => error };
}

function about(
  { context = {} }: Call,
  cause: unknown,
  advice: string,
): { context: ErrorContext; cause: unknown; advice: string } {
  return { context, cause, advice };
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
