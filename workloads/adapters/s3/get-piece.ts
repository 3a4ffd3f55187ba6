import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';
import { TerminalError } from '../../core/errors.ts';
import type { Digests } from './body-check.ts';
import type { Piece } from './body.ts';
import { BrokenAnswerError } from './broken-answer.ts';
import { bareEtag } from './list-page.ts';

/** Which bytes of which version. */
export interface Wanted {
  readonly Bucket: string;
  readonly Key: string;
  /** Undefined: whatever is there now. */
  readonly etag: string | undefined;
  readonly start: number;
  /** Exclusive; undefined: to the object's end. */
  readonly end: number | undefined;
}

/** A piece, and what S3 tells of the whole object that it is of. */
export interface Got {
  readonly piece: Piece;
  readonly digests: Digests;
}

/** One GET. Gives undefined where the object ends before the bytes begin. */
export async function getPiece(
  client: S3Client,
  options: { readonly requestTimeout: number },
  { Bucket, Key, etag, start, end }: Wanted,
): Promise<Got | undefined> {
  const at = { Bucket, Key, ...(etag === undefined ? {} : { IfMatch: `"${etag}"` }) };
  // A range of no bytes cannot be asked for; whether the object is there, and that version, can.
  if (end !== undefined && end <= start) {
    await client.send(new HeadObjectCommand(at), options);
    return undefined;
  }
  const ranged = start > 0 || end !== undefined;
  const Range = `bytes=${start}-${end === undefined ? '' : end - 1}`;
  const command = new GetObjectCommand({ ...at, ...(ranged ? { Range } : {}) });
  if (!ranged) askForChecksum(command);
  const answer = await client.send(command, options).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'InvalidRange') return undefined;
    throw error;
  });
  if (answer === undefined) return undefined;
  const { Body, ...headers } = answer;
  // In Node the SDK gives the response itself.
  const stream = Body as Readable;
  try {
    const { from, length } = ranged
      ? rangeOf(headers.ContentRange, Key)
      : { from: 0, length: headers.ContentLength };
    const { ContentLength, ETag } = headers;
    if (ContentLength === undefined || ETag === undefined || from !== start || length !== ContentLength)
      throw new BrokenAnswerError(`bytes from ${start} on`, `${ContentLength ?? 'no'} bytes from ${from} on`);
    return { piece: { stream, etag: bareEtag(ETag), start, end: start + ContentLength }, digests: headers };
  } catch (error) {
    stream.destroy();
    throw error;
  }
}

/** @throws TerminalError where a service ignored the range: its bytes would be taken for others. */
function rangeOf(range: string | undefined, key: string): { from: number; length: number } {
  const [, first, last] = /^bytes (\d+)-(\d+)/.exec(range ?? '') ?? [];
  if (first !== undefined && last !== undefined)
    return { from: Number(first), length: Number(last) - Number(first) + 1 };
  throw new TerminalError(`Object ${key}: expected a range of its bytes (206), found all of them`, {
    advice: 'The endpoint does not do ranges (RFC 9110, 14.2): logferry cannot resume reads from it.',
  });
}

/** Not by the option ChecksumMode: with that the SDK checks the body itself, in JavaScript, and not over a resume. */
function askForChecksum(command: GetObjectCommand): void {
  command.middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers['x-amz-checksum-mode'] = 'ENABLED';
      return next(args);
    },
    { step: 'build', name: 'askForChecksum' },
  );
}
