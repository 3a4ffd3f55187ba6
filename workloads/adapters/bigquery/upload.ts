import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { decode, OURS } from '../../core/compression/decode.ts';
import type { LoadJob } from '../../core/ports/warehouse.ts';
import { AnswerError } from '../../core/network/answer.ts';
import type { Api } from './api.ts';
import { judge } from './judge.ts';
import type { JobResource } from './resources.ts';

/** Sent at a time and kept until it is known to have arrived; "must be a multiple of 256 KiB" (resumable uploads). */
export const CHUNK_BYTES = 4 * 1024 * 1024;

const CONTENT_TYPE = 'application/octet-stream';
const NEWLINE = 0x0a;

/** The rows of a load's objects as one NDJSON text: for stores that BigQuery cannot read from. */
export async function* contentOf({
  store,
  objects,
}: Pick<LoadJob, 'store' | 'objects'>): AsyncGenerator<Buffer> {
  for (const { key } of objects) {
    let last = NEWLINE;
    for await (const chunk of decode(await store.read(key), OURS)) {
      last = chunk.at(-1) ?? last;
      yield chunk;
    }
    // A last line without its end must not run into the next object's first.
    if (last !== NEWLINE) yield Buffer.from('\n');
  }
}

/** Bytes of an upload, cut to size. */
interface Chunk {
  readonly bytes: Buffer;
  readonly start: number;
  readonly isLast: boolean;
}

/**
 * Begins a load job whose rows are sent along: in one request where they are few, else in an upload session, a chunk at a time, so
 * that memory holds one chunk and a connection that breaks costs no more than that.
 */
export async function uploadJob(
  api: Api,
  resource: object,
  content: AsyncIterable<Buffer>,
  chunkBytes = CHUNK_BYTES,
): Promise<JobResource> {
  const chunks = cut(content, chunkBytes);
  try {
    const first = (await chunks.next()).value!;
    return first.isLast
      ? await sendAtOnce(api, resource, first.bytes)
      : await sendChunks(api, resource, first, chunks);
  } finally {
    await chunks.return(undefined);
  }
}

/** Gives each chunk once the former one is sent; the buffer is used again. */
async function* cut(content: AsyncIterable<Buffer>, chunkBytes: number): AsyncGenerator<Chunk, undefined> {
  let buffer: Buffer = Buffer.allocUnsafe(64 * 1024);
  let filled = 0;
  let start = 0;
  for await (const piece of content) {
    for (let taken = 0; taken < piece.length;) {
      // A chunk is given once more is known to follow, so that the last one is told from the others.
      if (filled === chunkBytes) {
        yield { bytes: buffer.subarray(0, filled), start, isLast: false };
        start += filled;
        filled = 0;
      }
      const part = piece.subarray(taken, taken + chunkBytes - filled);
      buffer = withRoom(buffer, filled, filled + part.length, chunkBytes);
      part.copy(buffer, filled);
      filled += part.length;
      taken += part.length;
    }
  }
  yield { bytes: buffer.subarray(0, filled), start, isLast: true };
  return undefined;
}

/** A seed's one line must not cost a whole chunk. */
function withRoom(buffer: Buffer, filled: number, needed: number, limit: number): Buffer {
  if (buffer.length >= needed) return buffer;
  const larger = Buffer.allocUnsafe(Math.min(limit, Math.max(needed, buffer.length * 4)));
  buffer.copy(larger, 0, 0, filled);
  return larger;
}

async function sendAtOnce(api: Api, resource: object, bytes: Buffer): Promise<JobResource> {
  const boundary = randomUUID();
  const head = `--${boundary}\r\ncontent-type: application/json\r\n\r\n${JSON.stringify(resource)}\r\n--${boundary}\r\ncontent-type: ${CONTENT_TYPE}\r\n\r\n`;
  const foot = `\r\n--${boundary}--`;
  const { body } = await api.once({
    method: 'POST',
    url: '/upload/jobs',
    query: { uploadType: 'multipart' },
    headers: {
      'content-type': `multipart/related; boundary=${boundary}`,
      'content-length': String(Buffer.byteLength(head) + bytes.length + foot.length),
    },
    body: () => Readable.from([Buffer.from(head), bytes, Buffer.from(foot)], { objectMode: false }),
  });
  return body ?? {};
}

async function sendChunks(
  api: Api,
  resource: object,
  first: Chunk,
  rest: AsyncGenerator<Chunk, undefined>,
): Promise<JobResource> {
  const session = await beginSession(api, resource);
  for (let chunk: Chunk | undefined = first; chunk !== undefined; chunk = (await rest.next()).value) {
    const job = await sendChunk(api, session, chunk);
    if (job !== undefined) return job;
  }
  throw new AnswerError(308, '', 'the upload session wants more than there is');
}

/** @returns The session's URL, which is as good as a key to it. */
async function beginSession(api: Api, resource: object): Promise<string> {
  const answer = await api.send({
    method: 'POST',
    url: '/upload/jobs',
    query: { uploadType: 'resumable' },
    headers: { 'x-upload-content-type': CONTENT_TYPE },
    json: resource,
  });
  if (answer.status >= 300) throw await answer.error();
  const url = answer.headers.get('location');
  await answer.text();
  if (url === null) throw new AnswerError(answer.status, '', 'no Location of the upload session');
  return url;
}

/** Sends one chunk, again and from where the session has got to as often as it must. @returns The job behind the last one. */
async function sendChunk(api: Api, session: string, chunk: Chunk): Promise<JobResource | undefined> {
  const { bytes, start, isLast } = chunk;
  const end = start + bytes.length;
  const trouble = api.trouble();
  let next = start;
  let unclear = false;
  for (;;) {
    try {
      const progress = await putPart(api, session, {
        part: unclear ? Buffer.alloc(0) : bytes.subarray(next - start),
        from: next,
        total: isLast ? String(end) : '*',
      });
      if (typeof progress !== 'number') return progress;
      if (!isLast && progress === end) return undefined;
      if (progress < start || progress > end)
        throw new AnswerError(308, '', `it has ${progress} bytes, expected ${start} to ${end}`);
      // Not all of it was kept: the rest is sent again, as long as it gets on.
      if (progress > next) trouble.over();
      else if (!unclear) await trouble.next(judge(new AnswerError(503, '', 'kept nothing'), UPLOAD));
      next = progress;
      unclear = false;
    } catch (error) {
      if (error instanceof AnswerError && GONE.includes(error.status)) throw gone(error);
      await trouble.next(judge(error, UPLOAD));
      unclear = true;
    }
  }
}

/** A session that was given up says no more than that; `308` is one that lost what it had. */
const GONE = [308, 404, 410];

/** The chunks before this one are not kept: the job is asked for, and begun again from the first row. */
function gone(cause: AnswerError): AnswerError {
  return new AnswerError(503, cause.reason, `the upload session is gone: ${cause.message}`, cause);
}

const UPLOAD = { what: 'Upload of rows' };

/** One request of an upload session; without bytes it only asks. @returns Where the session has got to, or the job at its end. */
async function putPart(
  api: Api,
  session: string,
  { part, from, total }: { part: Buffer; from: number; total: string },
): Promise<number | JobResource> {
  const range = part.length === 0 ? `*/${total}` : `${from}-${from + part.length - 1}/${total}`;
  const answer = await api.send({
    method: 'PUT',
    url: session,
    headers: { 'content-length': String(part.length), 'content-range': `bytes ${range}` },
    body: () => Readable.from(part.length === 0 ? [] : [part], { objectMode: false }),
  });
  if (answer.status === 308) {
    const last = /^bytes=0-(\d+)$/.exec(answer.headers.get('range') ?? '')?.[1];
    await answer.text();
    return last === undefined ? 0 : Number(last) + 1;
  }
  if (answer.status >= 300) throw await answer.error();
  return answer.json();
}
