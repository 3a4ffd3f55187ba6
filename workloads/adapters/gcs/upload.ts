import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { GoogleClient } from '../../core/google/google-client.ts';
import { AnswerError, type Answer } from '../../core/network/answer.ts';
import type { LocalFile } from '../../core/ports/object-store.ts';
import { fileBytes } from './local-file.ts';

/** The object, as far as it is known before it is sent. */
export interface NewObject {
  readonly bucket: string;
  /** With the store's prefix. */
  readonly name: string;
  readonly file: LocalFile;
}

/** What GCS has, by its own word. */
export interface Stored {
  readonly size: number;
  readonly crc32c: string;
}

const CONTENT_TYPE = 'application/octet-stream';
const FIELDS = 'size,generation,crc32c';

/**
 * No contentEncoding, also for gzip: GCS would unpack such an object for whoever does not ask it not to, and a load job would
 * read other bytes than were checked. The crc32c lets GCS refuse what was changed on its way.
 */
function metadata({ name, file }: NewObject): string {
  return JSON.stringify({ name, contentType: CONTENT_TYPE, crc32c: file.crc32c });
}

/** Generation 0: only where nothing is. */
const NOTHING_THERE = { ifGenerationMatch: 0, fields: FIELDS };

const uploadUrl = (bucket: string): string => `/upload/storage/v1/b/${bucket}/o`;

/** One request with metadata and bytes. */
export async function putAtOnce(client: GoogleClient, object: NewObject): Promise<Stored> {
  const { bucket, name, file } = object;
  const boundary = randomUUID();
  const head = `--${boundary}\r\ncontent-type: application/json\r\n\r\n${metadata(object)}\r\n--${boundary}\r\ncontent-type: ${CONTENT_TYPE}\r\n\r\n`;
  const foot = `\r\n--${boundary}--`;
  const answer = await client.send({
    method: 'POST',
    url: uploadUrl(bucket),
    query: { uploadType: 'multipart', name, ...NOTHING_THERE },
    headers: {
      'content-type': `multipart/related; boundary=${boundary}`,
      'content-length': String(Buffer.byteLength(head) + file.size + foot.length),
    },
    body: (alive) => Readable.from(framed(head, fileBytes(file, 0, alive), foot), { objectMode: false }),
  });
  return stored(answer);
}

async function* framed(head: string, bytes: AsyncIterable<Buffer>, foot: string): AsyncGenerator<Buffer> {
  yield Buffer.from(head);
  yield* bytes;
  yield Buffer.from(foot);
}

/** Begins an upload session. @returns Its URL, which is as good as a key to it. */
export async function beginSession(client: GoogleClient, object: NewObject): Promise<string> {
  const content = metadata(object);
  const answer = await client.send({
    method: 'POST',
    url: uploadUrl(object.bucket),
    query: { uploadType: 'resumable', name: object.name, ...NOTHING_THERE },
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(content)),
      'x-upload-content-type': CONTENT_TYPE,
      'x-upload-content-length': String(object.file.size),
    },
    body: () => Readable.from([Buffer.from(content)], { objectMode: false }),
  });
  if (answer.status >= 300) throw await answer.error();
  const url = answer.headers.get('location');
  // Read to its end: the connection is used again.
  await answer.text();
  if (url === null) throw new AnswerError(answer.status, '', 'no Location of the upload session');
  return url;
}

/** What a session has: the whole object, or the bytes before `next`. */
export type Progress = { readonly stored: Stored } | { readonly next: number };

/** Sends the bytes from `start` on. */
export async function putRest(
  client: GoogleClient,
  url: string,
  file: LocalFile,
  start: number,
): Promise<Progress> {
  const answer = await client.send({
    method: 'PUT',
    url,
    headers: {
      'content-length': String(file.size - start),
      'content-range': `bytes ${start}-${file.size - 1}/${file.size}`,
    },
    body: (alive) => Readable.from(fileBytes(file, start, alive), { objectMode: false }),
  });
  return progress(answer);
}

/** Asks what the session has, after an answer was lost. */
export async function askProgress(client: GoogleClient, url: string, file: LocalFile): Promise<Progress> {
  const answer = await client.send({
    method: 'PUT',
    url,
    headers: { 'content-length': '0', 'content-range': `bytes */${file.size}` },
  });
  return progress(answer);
}

/** "308 Resume Incomplete": its Range names what is kept, and is left out where that is nothing. */
async function progress(answer: Answer): Promise<Progress> {
  if (answer.status !== 308) return { stored: await stored(answer) };
  const last = /^bytes=0-(\d+)$/.exec(answer.headers.get('range') ?? '')?.[1];
  await answer.text();
  return { next: last === undefined ? 0 : Number(last) + 1 };
}

async function stored(answer: Answer): Promise<Stored> {
  if (answer.status >= 300) throw await answer.error();
  const { size, crc32c } = (await answer.json()) as { size?: string; crc32c?: string };
  if (size === undefined || crc32c === undefined)
    throw new AnswerError(answer.status, '', 'no size and crc32c of the object');
  return { size: Number(size), crc32c };
}
