import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Silence } from './silence.ts';

/** Cloud Storage gives 1,000 keys of 1,024 bytes a page, BigQuery about 10 MB of rows; an answer beyond this is none of theirs. */
const MAX_JSON_BYTES = 32 * 1024 * 1024;

/** What a service answered, whatever its status. Its body must be read to its end or dropped. */
export class Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly #body: Readable;
  readonly #silence: Silence;

  constructor(status: number, headers: Headers, body: Readable, silence: Silence) {
    this.status = status;
    this.headers = headers;
    this.#body = body;
    this.#silence = silence;
    // A connection may break while nobody is reading: whoever reads on is told, and until then it must not end the process.
    body.on('error', () => undefined);
  }

  /** The body; waiting for its next byte ends after the silence that is allowed. Closes the connection where it is left early. */
  async *bytes(): AsyncGenerator<Buffer> {
    const chunks = this.#body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    try {
      for (;;) {
        const next = await this.#silence.during(() => chunks.next());
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      this.drop();
    }
  }

  /** Closes the connection. */
  drop(): void {
    this.#body.destroy();
  }

  /** The body as text; once it was read to its end the connection is used again. */
  async text(): Promise<string> {
    return (await buffer(this.#limited())).toString('utf8');
  }

  /** The body as a JSON object. @throws AnswerError where it is none. */
  async json(): Promise<object> {
    const text = await this.text();
    const value = parsed(text);
    if (typeof value === 'object' && value !== null) return value;
    throw new AnswerError(this.status, '', `expected a JSON object, found ${excerpt(text)}`);
  }

  /** The error that the body of a failed request tells of. The status alone says what matters: a body that breaks off changes nothing. */
  async error(): Promise<AnswerError> {
    const { message, reason } = explained(await this.text().catch(() => ''));
    return new AnswerError(this.status, reason, message);
  }

  async *#limited(): AsyncGenerator<Buffer> {
    let length = 0;
    for await (const chunk of this.bytes()) {
      length += chunk.length;
      if (length > MAX_JSON_BYTES)
        throw new AnswerError(this.status, '', `more than ${MAX_JSON_BYTES} bytes`);
      yield chunk;
    }
  }
}

/** An answer that is not the one hoped for. */
export class AnswerError extends Error {
  readonly status: number;
  /** The service's own word for it: `rateLimitExceeded`, `conditionNotMet`; empty where it gave none. */
  readonly reason: string;

  constructor(status: number, reason: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AnswerError';
    this.status = status;
    this.reason = reason;
  }
}

/** `{"error": {"message": ..., "errors": [{"reason": ...}]}}` of Google's JSON APIs; others answer with plain text. */
function explained(text: string): { message: string; reason: string } {
  const { error } = (parsed(text) ?? {}) as {
    error?: { message?: unknown; errors?: readonly { reason?: unknown }[] };
  };
  const reason = error?.errors?.[0]?.reason;
  return {
    message: excerpt(typeof error?.message === 'string' ? error.message : text),
    reason: typeof reason === 'string' ? reason : '',
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One line of at most this many characters: a proxy may answer with a page of HTML, an engine with the whole statement. */
const EXCERPT_CHARACTERS = 1_000;

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > EXCERPT_CHARACTERS ? `${line.slice(0, EXCERPT_CHARACTERS)}…` : line;
}
