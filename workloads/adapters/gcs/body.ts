import { Readable } from 'node:stream';
import { Crc32c } from '../../core/bytes/crc32c.ts';
import { TransientError } from '../../core/errors.ts';
import type { Trouble, Verdict } from '../../core/network/retry.ts';
import type { Piece } from './get-piece.ts';

/** What a body is read with. */
export interface BodyReader {
  /** `gs://bucket/prefix/key`, for messages. */
  readonly object: string;
  /** Gets the bytes from `start` on, of the generation that was begun. */
  readonly resume: (start: number) => Promise<Piece>;
  readonly judge: (error: unknown) => Promise<Verdict>;
  readonly trouble: Trouble;
  /** Of the whole object, where the body is that. */
  readonly crc32c: string | undefined;
}

const BUFFER_BYTES = 256 * 1024;

/** The bytes of a piece as one stream: where its connection breaks, the rest is got by another one. */
export function bodyOf(first: Piece, reader: BodyReader): Readable {
  const current = { piece: first };
  const bytes = Readable.from(resumed(current, reader), { objectMode: false, highWaterMark: BUFFER_BYTES });
  // A reader that gives up before the first byte never starts the generator, which then closes nothing.
  return bytes.once('close', () => current.piece.answer.drop());
}

async function* resumed(current: { piece: Piece }, reader: BodyReader): AsyncGenerator<Buffer> {
  const { start, end } = current.piece;
  const crc = new Crc32c();
  let at = start;
  while (at < end) {
    try {
      for await (const chunk of current.piece.answer.bytes()) {
        at += chunk.length;
        crc.update(chunk);
        reader.trouble.over();
        yield chunk;
      }
      if (at < end) throw brokenOff(at, end);
    } catch (error) {
      await reader.trouble.next(await reader.judge(error));
      current.piece = await reader.resume(at);
    }
  }
  assertDigest(reader, crc.digest());
}

/** A body that ends early without an error is a connection that was cut, not a shorter object. */
function brokenOff(at: number, end: number): Error {
  return Object.assign(new Error(`the body ended at byte ${at} of ${end}`), { code: 'ECONNRESET' });
}

/** @throws TransientError where the bytes are not those that GCS has: what was read of them must not be used. */
function assertDigest({ object, crc32c }: BodyReader, found: string): void {
  if (crc32c === undefined || found === crc32c) return;
  throw new TransientError(`Object ${object}: expected a body with crc32c ${crc32c}, found ${found}`, {
    advice: 'Its bytes were changed on their way, and none of them was used: run again.',
  });
}
