import { TerminalError } from '../../core/errors.ts';
import type { GoogleClient } from '../../core/google/google-client.ts';
import { AnswerError, type Answer } from '../../core/network/answer.ts';

/** Which bytes of which generation. */
export interface Wanted {
  /** Path of the object in the JSON API. */
  readonly path: string;
  /** Undefined: whatever is there now. */
  readonly generation: string | undefined;
  readonly start: number;
  /** Exclusive; undefined: to the object's end. */
  readonly end: number | undefined;
}

/** The answer to a download: bytes `[start, end)` of one generation of an object. */
export interface Piece {
  readonly answer: Answer;
  readonly generation: string;
  readonly start: number;
  readonly end: number;
  /** Of the whole object. */
  readonly crc32c: string | undefined;
}

/** Another generation is there than the one that was asked for. */
export class OtherGenerationError extends Error {
  readonly found: string;

  constructor(found: string) {
    super(`generation ${found}`);
    this.name = 'OtherGenerationError';
    this.found = found;
  }
}

/**
 * One download. Gives undefined where the object ends before the bytes begin. The generation is a condition, not a choice: in a
 * versioned bucket the choice would go on giving what was overwritten.
 */
export async function getPiece(client: GoogleClient, wanted: Wanted): Promise<Piece | undefined> {
  const { path, generation, start, end } = wanted;
  const ranged = start > 0 || end !== undefined;
  const answer = await client.send({
    method: 'GET',
    url: path,
    query: { alt: 'media', ifGenerationMatch: generation },
    headers: {
      // Without it GCS unpacks an object whose metadata say gzip, and then does no ranges.
      'accept-encoding': 'gzip',
      ...(ranged ? { range: `bytes=${start}-${end === undefined ? '' : end - 1}` } : {}),
    },
  });
  const found = answer.headers.get('x-goog-generation');
  if (generation !== undefined && found !== null && found !== generation) {
    answer.drop();
    throw new OtherGenerationError(found);
  }
  if (answer.status === 416) {
    answer.drop();
    return undefined;
  }
  if (answer.status >= 300) throw await answer.error();
  try {
    return piece(answer, found, ranged ? start : undefined);
  } catch (error) {
    answer.drop();
    throw error;
  }
}

function piece(answer: Answer, generation: string | null, start: number | undefined): Piece {
  const { status, headers } = answer;
  if (start !== undefined && status !== 206)
    throw new TerminalError(`expected a range of the object's bytes (206), found all of them (${status})`, {
      advice: 'The endpoint does not do ranges: logferry cannot resume reads from it.',
    });
  const [, from, last] = /^bytes (\d+)-(\d+)\//.exec(headers.get('content-range') ?? '') ?? [];
  // As stored is as sent, since nothing is unpacked; a body that was cut short by a proxy has a fitting Content-Length.
  const length = headers.get('x-goog-stored-content-length') ?? headers.get('content-length');
  const end = start === undefined ? length : last === undefined ? null : String(Number(last) + 1);
  if (generation === null || end === null || (start !== undefined && Number(from) !== start))
    throw new AnswerError(status, '', 'no generation and length of the bytes that were asked for');
  const crc32c = /(?:^|,)\s*crc32c=([^,]+)/.exec(headers.get('x-goog-hash') ?? '')?.[1];
  return { answer, generation, start: start ?? 0, end: Number(end), crc32c };
}
