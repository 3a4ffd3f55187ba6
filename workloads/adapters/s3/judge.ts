import {
  AlreadyExistsError,
  LogferryError,
  ObjectNotFoundError,
  SourceChangedError,
  UsageError,
} from '../../core/errors.ts';
import { againAfterCodes, isPassingStatus } from '../../core/network/connection.ts';
import type { Verdict } from '../../core/network/retry.ts';
import { deniedAdvice, stsAdvice } from './advice.ts';
import type { Call } from './call.ts';
import { factsOf, type Facts } from './facts.ts';
import { about, answered, final, subject, terminal, transient, type Failure } from './verdicts.ts';

/** What a failed call means. Errors of our own pass as they are. */
export function judge(error: unknown, call: Call): Verdict {
  if (error instanceof LogferryError) return final(error);
  const failure = { facts: factsOf(error, call.env), call, cause: error };
  if (failure.facts.credentials) return withoutCredentials(failure);
  return elsewhere(failure) ?? byName(failure) ?? byStatus(failure);
}

function withoutCredentials(failure: Failure): Verdict {
  const { facts, call } = failure;
  const message = `${subject(call)}: AWS gave no credentials: ${facts.name} (${facts.message})`;
  if (isPassing(facts) || IDENTITY_PROVIDER_ERRORS.includes(facts.name))
    return transient(failure, { reason: `AWS gave no credentials: ${answered(facts)}` });
  return terminal(failure, message, stsAdvice(facts, call.env), { alarm: 'credentials' });
}

/** STS could not reach the issuer's keys; it says this with status 400. */
const IDENTITY_PROVIDER_ERRORS = ['IDPCommunicationError', 'IDPCommunicationErrorException'];

/** The bucket is in another region than the one that was asked. */
function elsewhere(failure: Failure): Verdict | undefined {
  const { name, status, bucketRegion } = failure.facts;
  const { bucket, region } = failure.call;
  const other = bucketRegion === region ? undefined : bucketRegion;
  const redirected = status === 301 || REGION_ERRORS.includes(name);
  if (!redirected && !(other !== undefined && (status === 307 || status === 400))) return undefined;
  return terminal(
    failure,
    `Bucket ${bucket} is in ${other ?? 'another region'}, not in ${region ?? 'the region of the profile'}`,
    `Add ?region=${other ?? '<its region>'} to its URL, or set AWS_REGION.`,
  );
}

const REGION_ERRORS = [
  'PermanentRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
];

function byName(failure: Failure): Verdict | undefined {
  const { facts, call, cause } = failure;
  if (CREDENTIAL_ERRORS.includes(facts.name)) return denied(failure);
  if (PASSING_ERRORS.includes(facts.name)) return transient(failure);
  switch (facts.name) {
    case 'NoSuchBucket':
      return noBucket(call, cause);
    case 'NoSuchKey':
    case 'NotFound':
      return notThere(call, cause);
    case 'InvalidObjectState':
      return terminal(
        failure,
        `${subject(call)}: it is archived`,
        'Restore it from Glacier, then run again.',
      );
    case 'RequestTimeTooSkewed':
      return transient(failure, {
        reason: 'S3 and this machine’s clock are more than 15 minutes apart',
        advice: 'Set the clock.',
      });
    default:
      return undefined;
  }
}

const CREDENTIAL_ERRORS = [
  'ExpiredToken',
  'TokenRefreshRequired',
  'InvalidToken',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
];

const PASSING_ERRORS = [
  // A request that was cut off or changed on its way: S3 kept nothing of it.
  'BadDigest',
  'IncompleteBody',
  'InvalidDigest',
  'XAmzContentChecksumMismatch',
  'XAmzContentSHA256Mismatch',
  // "If a conflicting operation occurs during the upload S3 returns a 409 ... you should retry" (PutObject's If-None-Match).
  'ConditionalRequestConflict',
  'OperationAborted',
  // S3 sends these with status 400.
  'RequestTimeout',
  'ThrottlingException',
];

function byStatus(failure: Failure): Verdict {
  const { facts, call } = failure;
  const { status } = facts;
  if (facts.name === 'Error' && facts.message === 'Region is missing') return noRegion(call);
  if (status === 412 && call.doing === 'create')
    return final(new AlreadyExistsError(`Object ${call.object} exists`, about(call, failure.cause)));
  if (status === 412 && call.doing === 'read') return changed(failure);
  // An answer to HEAD has no body: the reason of a 400 is then credentials more often than anything else.
  if (status === 403 || status === 401 || (status === 400 && facts.name === 'Unknown'))
    return denied(failure);
  if (isPassing(facts)) return transient(failure);
  if (status === undefined && facts.code !== undefined) return noConnection(failure);
  return terminal(failure, `${subject(call)}: S3 ${answered(facts)}`, 'See S3’s message.');
}

/** Failures that pass by themselves: of the network, of a busy service, of an answer that broke off. */
function isPassing({ status, code, name }: Facts): boolean {
  if (status === undefined) return PASSING_NAMES.includes(name) || againAfterCodes([code]) === 'yes';
  return isPassingStatus(status) || status < 300 || status === 307;
}

const PASSING_NAMES = ['TimeoutError', 'BrokenAnswerError'];

/** An address that leads nowhere: a service that restarts, or, more often, a typing error in the endpoint or region. */
function noConnection(failure: Failure): Verdict {
  const { code, message } = failure.facts;
  if (againAfterCodes([code]) === 'few') {
    const advice = 'Check endpoint and region in the URL; if they are right, the network is down: run again.';
    return { ...transient(failure, { advice }), again: 'few' };
  }
  return terminal(
    failure,
    `${subject(failure.call)}: ${message} (${code ?? ''})`,
    'Check the endpoint: http or https, and a certificate that this machine trusts (NODE_EXTRA_CA_CERTS).',
  );
}

/** Nothing is at the key. @param cause What S3 answered. */
export function notThere(call: Call, cause: unknown): Verdict {
  return final(new ObjectNotFoundError(`Object ${call.object} is not there`, about(call, cause)));
}

/** @param cause What S3 answered. */
export function noBucket(call: Call, cause: unknown): Verdict {
  const failure = { facts: factsOf(cause, call.env), call, cause };
  return terminal(failure, `Bucket ${call.bucket} does not exist`, 'Check the bucket’s name in the URL.');
}

function noRegion({ object }: Call): Verdict {
  const advice = 'Add ?region=<region> to its URL, or set AWS_REGION.';
  return final(new UsageError(`${object}: expected a region, found none`, { advice }));
}

function changed({ call, cause }: Failure): Verdict {
  const message = `Object ${call.object} changed while it was read: expected ${call.etag ?? 'the version begun with'}, found another`;
  return final(new SourceChangedError(message, about(call, cause)));
}

/** The rest of a body is not there any more, though the version is the one that was begun. */
export function changedLength(call: Call, at: number): SourceChangedError {
  const message = `Object ${call.object}: expected more bytes behind byte ${at}, found its end`;
  return new SourceChangedError(message, about(call, undefined));
}

function denied(failure: Failure): Verdict {
  const { facts, call } = failure;
  const message = `${subject(call)}: access denied: S3 ${answered(facts)}`;
  return terminal(failure, message, deniedAdvice(facts, call), { alarm: 'credentials' });
}
