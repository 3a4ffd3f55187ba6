import { Readable } from 'node:stream';
import { TransientError } from '../../core/errors.ts';
import type { Trouble, Verdict } from '../../core/network/retry.ts';
import type { BodyCheck } from './body-check.ts';
import { BrokenAnswerError } from './broken-answer.ts';

/** The answer to a GET: some bytes of one version of an object. */
export interface Piece {
  readonly stream: Readable;
  readonly etag: string;
  /** Bytes `[start, end)` of the object. */
  readonly start: number;
  readonly end: number;
}

/** What a body is read with. */
export interface BodyReader {
  /** `s3://bucket/prefix/key`, for messages. */
  readonly object: string;
  /** Gets the bytes from `start` on, of the version that was begun. */
  readonly resume: (start: number) => Promise<Piece>;
  readonly judge: (error: unknown) => Verdict;
  readonly trouble: Trouble;
  /** Of the whole object, where the body is that. */
  readonly check?: BodyCheck | undefined;
}

const BUFFER_BYTES = 256 * 1024;

/** The bytes of a piece as one stream: where its connection breaks, the rest is got by another one. */
export function bodyOf(first: Piece, reader: BodyReader): Readable {
  const current = { piece: hushed(first) };
  const bytes = Readable.from(resumed(current, reader), { objectMode: false, highWaterMark: BUFFER_BYTES });
  // A reader that gives up before the first byte never starts the generator, which then closes nothing.
  return bytes.once('close', () => current.piece.stream.destroy());
}

async function* resumed(current: { piece: Piece }, reader: BodyReader): AsyncGenerator<Buffer> {
  const { start, end } = current.piece;
  let at = start;
  while (at < end) {
    try {
      for await (const chunk of current.piece.stream as AsyncIterable<Buffer>) {
        at += chunk.length;
        reader.check?.update(chunk);
        reader.trouble.over();
        yield chunk;
      }
      // An early end without an error is a connection that was cut, not a shorter object.
      if (at < end) throw new BrokenAnswerError(`a body to byte ${end}`, `its end at byte ${at}`);
    } catch (error) {
      await reader.trouble.next(reader.judge(error));
      current.piece = hushed(await reader.resume(at));
    }
  }
  assertDigest(reader);
}

/** A connection may break while nobody is reading: whoever reads on is told, and until then it must not end the process. */
function hushed(piece: Piece): Piece {
  piece.stream.on('error', () => undefined);
  return piece;
}

/** @throws TransientError where the bytes are not those that S3 has: what was read of them must not be used. */
function assertDigest({ object, check }: BodyReader): void {
  const found = check?.digest();
  if (check === undefined || found === check.expected) return;
  throw new TransientError(
    `Object ${object}: expected a body with ${check.name} ${check.expected}, found ${found ?? ''}`,
    {
      advice: 'Its bytes were changed on their way, and none of them was used: run again.',
    },
  );
}
