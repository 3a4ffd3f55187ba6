import { messageOf, systemCode } from '../errors.ts';
import type { Verdict } from './retry.ts';
import { SilenceError } from './silence.ts';

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

/** An error and what caused it, outermost first. */
export function* causesOf(error: unknown): Generator {
  for (let each = error; each !== undefined && each !== null; each = (each as { cause?: unknown }).cause)
    yield each;
}

/**
 * What a failed connection says, in one line. Google's libraries put the request's whole URL before it; where a host has several
 * addresses that all refused, Node says nothing but the code.
 */
export function connectionReason(error: unknown): string {
  const [line = ''] = messageOf(error).split('\n', 1);
  const reason = line.replace(/^request to \S+ failed, reason: ?/, '');
  return reason === '' ? ([...causesOf(error)].map(systemCode).find(Boolean) ?? 'no reason given') : reason;
}

/** Whether a connection that failed so is worth another try. @param causes Of `causesOf`. */
export function againAfter(causes: readonly unknown[]): Verdict['again'] {
  if (causes.some((each) => each instanceof SilenceError)) return 'yes';
  return againAfterCodes(causes.map(systemCode));
}

/** The same by the system's codes of an error and its causes. */
export function againAfterCodes(codes: readonly (string | undefined)[]): Verdict['again'] {
  if (codes.some((code) => ADDRESS_CODES.includes(code ?? ''))) return 'few';
  return codes.some((code) => PASSING_CODES.includes(code ?? '')) ? 'yes' : 'no';
}

/** 408, 429 and 5xx, by Google's retry strategies; 501 says that the service will never do it. */
export function isPassingStatus(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501);
}
