import { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { S3Location } from './s3-url.ts';

/** How long the network is waited for, in milliseconds. */
export interface S3Timeouts {
  /** For a connection. */
  readonly connectMs: number;
  /** For the first byte of an answer to a request without a body. */
  readonly answerMs: number;
  /** For the next byte, either way. A reader that pauses for longer loses its connection; the read resumes with a new one. */
  readonly idleMs: number;
}

/** S3 answers within 200 ms as a rule (its performance guide); a connection that is silent for a minute is dead. */
export const TIMEOUTS: S3Timeouts = { connectMs: 10_000, answerMs: 30_000, idleMs: 60_000 };

/** For the client alone: S3's own name for "whatever region" of services that have only one. */
const ANY_REGION = 'us-east-1';

/** The region that requests are signed for, or undefined where the SDK has to find one in its profile. */
export function regionOf({ region, endpoint }: S3Location, env: NodeJS.ProcessEnv): string | undefined {
  // The SDK for JavaScript reads AWS_REGION only; the AWS command line reads the other one too, and people set either.
  return (
    region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? (endpoint === undefined ? undefined : ANY_REGION)
  );
}

/**
 * The SDK's client, with its default chain of credentials (environment, profile, web-identity token, pod, instance), which it
 * renews by itself from five minutes before they expire.
 *
 * It never retries: its own retries leave out what matters most here (an upload from a stream, a body that breaks off), and
 * two loops, one inside the other, would multiply their waits. See retry.ts.
 */
export function makeClient(location: S3Location, env: NodeJS.ProcessEnv, timeouts: S3Timeouts): S3Client {
  const region = regionOf(location, env);
  return new S3Client({
    ...(region === undefined ? {} : { region }),
    ...(location.endpoint === undefined ? {} : { endpoint: location.endpoint, forcePathStyle: true }),
    maxAttempts: 1,
    // Uploads carry the CRC-32C that is known beforehand; a checksum behind the body is what other services do not understand.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    // Bodies are checked in body-check.ts: over a resume, and with native code.
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: timeouts.connectMs,
      socketTimeout: timeouts.idleMs,
      throwOnRequestTimeout: true,
    },
    logger: SILENT,
  });
}

/**
 * Does a call; where S3 says that the session has expired, renews the credentials and does it once more. The SDK renews by the
 * time that a session was given; a clock that is wrong, or a role whose sessions were revoked, ends it earlier.
 */
export async function renewing<T>(client: S3Client, once: () => Promise<T>): Promise<T> {
  try {
    return await once();
  } catch (error) {
    if (!hasExpired(error)) throw error;
    await (client.config.credentials as (options: { forceRefresh: boolean }) => Promise<unknown>)({
      forceRefresh: true,
    });
    return await once();
  }
}

function hasExpired(error: unknown): boolean {
  if (!(error instanceof S3ServiceException)) return false;
  // An answer to HEAD has no body, and so no name.
  return EXPIRED.includes(error.name) || (error.name === 'Unknown' && error.$metadata.httpStatusCode === 400);
}

const EXPIRED = ['ExpiredToken', 'TokenRefreshRequired'];

const nothing = (): void => undefined;

/** Not the SDK's own no-op logger: where it sees that one it writes its warnings to the console. */
const SILENT = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
