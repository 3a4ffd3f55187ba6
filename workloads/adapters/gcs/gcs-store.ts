import { Readable } from 'node:stream';
import { ObjectNotFoundError, TerminalError } from '../../core/errors.ts';
import type { GoogleClient } from '../../core/google/google-client.ts';
import { AnswerError } from '../../core/network/answer.ts';
import { retried, Trouble, type RetryPolicy, type Verdict } from '../../core/network/retry.ts';
import type { ListPage, LocalFile, ObjectInfo, ObjectStore } from '../../core/ports/object-store.ts';
import { bodyOf } from './body.ts';
import type { Call } from './call.ts';
import { gcsClient, type GcsClientOptions } from './client.ts';
import { createObject } from './create.ts';
import { plainUrl, type GcsLocation } from './gcs-url.ts';
import { getPiece, OtherGenerationError, type Piece } from './get-piece.ts';
import { judge, precondition } from './judge.ts';
import { assertAsAnnounced } from './local-file.ts';
import { OBJECT_FIELDS, objectInfo, PAGE_FIELDS, PAGE_KEYS, toPage } from './metadata.ts';

/** What may be set besides the place. */
export interface GcsStoreOptions extends GcsClientOptions {
  /** Its abort ends waits between tries with InterruptedError; a request under way is finished. */
  readonly signal?: AbortSignal;
  readonly retry?: RetryPolicy;
}

/** GCS asks for exponential backoff with jitter on 429 and 5xx ("Retry strategy"); an hour's Job comes again after the deadline. */
const RETRY: RetryPolicy = { deadlineMs: 120_000, baseMs: 200, capMs: 16_000 };

/** "Object names ... 1-1024 bytes when UTF-8 encoded", without CR and LF (GCS, object naming). */
const KEY_BYTES = 1_024;

/**
 * A bucket, or a prefix of one. An object's etag is its generation. Reads are bound to one generation and go on where a
 * connection broke; whole reads are held against GCS's crc32c. An object is created at generation 0, whole or not at all.
 */
export class GcsStore implements ObjectStore {
  readonly url: string;
  readonly #bucket: string;
  readonly #root: string;
  readonly #client: GoogleClient;
  readonly #retry: RetryPolicy;
  readonly #signal: AbortSignal | undefined;

  /** @throws UsageError where the environment holds credentials that logferry refuses. */
  constructor(location: GcsLocation, options: GcsStoreOptions = {}) {
    this.#bucket = location.bucket;
    this.#root = location.prefix === '' ? '' : `${location.prefix}/`;
    this.#client = gcsClient(location, options);
    this.#retry = options.retry ?? RETRY;
    this.#signal = options.signal;
    this.url = plainUrl(location);
  }

  async list(
    prefix: string,
    { next, limit = PAGE_KEYS }: { next?: string | undefined; limit?: number } = {},
  ): Promise<ListPage> {
    const call = this.#call('list', prefix);
    const query = {
      prefix: `${this.#root}${prefix}`,
      maxResults: Math.min(limit, PAGE_KEYS),
      pageToken: next,
      fields: PAGE_FIELDS,
    };
    return this.#get(call, `/storage/v1/b/${this.#bucket}/o`, query, (page) => toPage(page, this.#root));
  }

  async head(key: string): Promise<(ObjectInfo & { readonly crc32c: string }) | undefined> {
    const call = this.#call('look at', key);
    try {
      return await this.#get(call, this.#path(key), { fields: OBJECT_FIELDS }, (found) =>
        objectInfo(found, key),
      );
    } catch (error) {
      if (error instanceof ObjectNotFoundError) return undefined;
      throw error;
    }
  }

  async read(
    key: string,
    { etag, start = 0, end }: { etag?: string; start?: number; end?: number } = {},
  ): Promise<Readable> {
    const call: Call = { ...this.#call('read', key), etag };
    // A range of no bytes cannot be asked for; whether the object is there, and that generation, can.
    if (end !== undefined && end <= start) return this.#readNothing(call, key);
    const path = this.#path(key);
    const judged = (error: unknown): Promise<Verdict> => this.#judgeRead(error, call, key);
    const open = (from: number, generation: string | undefined): Promise<Piece | undefined> =>
      retried(() => getPiece(this.#client, { path, generation, start: from, end }), judged, this.#trouble());
    const first = await open(start, etag);
    if (first === undefined) return Readable.from([]);
    return bodyOf(first, {
      object: call.object,
      resume: async (from) => {
        const rest = await open(from, first.generation);
        if (rest === undefined) throw precondition(call, undefined, 'a shorter one').error('');
        return rest;
      },
      judge: judged,
      trouble: this.#trouble(),
      crc32c: start === 0 && end === undefined ? first.crc32c : undefined,
    });
  }

  async create(key: string, file: LocalFile): Promise<void> {
    const call = this.#call('create', key);
    await assertAsAnnounced(file);
    await createObject(
      {
        client: this.#client,
        judge: (error) => judge(error, call),
        trouble: this.#trouble(),
        look: () => this.head(key),
      },
      { bucket: this.#bucket, name: `${this.#root}${key}`, file },
    );
  }

  /** The URI by which a load job reads the object. */
  locate(key: string): string {
    return `${this.url}/${key}`;
  }

  async #readNothing(call: Call, key: string): Promise<Readable> {
    const found = await this.head(key);
    if (found === undefined) throw judge(new AnswerError(404, '', ''), call).error('');
    if (call.etag !== undefined && found.etag !== call.etag)
      throw precondition(call, undefined, found.etag).error('');
    return Readable.from([]);
  }

  /** A condition also fails where nothing is: deleting and overwriting are told apart by a look. */
  async #judgeRead(error: unknown, call: Call, key: string): Promise<Verdict> {
    if (error instanceof OtherGenerationError) return precondition(call, error, error.found);
    if (!(error instanceof AnswerError) || error.status !== 412) return judge(error, call);
    const found = await this.head(key);
    return found === undefined
      ? judge(new AnswerError(404, '', '', error), call)
      : precondition(call, error, found.etag);
  }

  /** What `parse` makes of the JSON that a GET answers. */
  #get<T>(
    call: Call,
    url: string,
    query: Readonly<Record<string, string | number | undefined>>,
    parse: (answer: object) => T,
  ): Promise<T> {
    const once = async (): Promise<T> => {
      const answer = await this.#client.send({ method: 'GET', url, query });
      if (answer.status >= 300) throw await answer.error();
      return parse(await answer.json());
    };
    return retried(once, (error) => judge(error, call), this.#trouble());
  }

  #trouble(): Trouble {
    return new Trouble(this.#retry, this.#signal);
  }

  #path(key: string): string {
    return `/storage/v1/b/${this.#bucket}/o/${encodeURIComponent(`${this.#root}${key}`)}`;
  }

  #call(doing: Call['doing'], key: string): Call {
    const object = this.locate(key);
    if (doing === 'list') return { doing, object, bucket: this.#bucket };
    const bytes = Buffer.byteLength(`${this.#root}${key}`);
    if (key === '' || bytes > KEY_BYTES || /[\r\n]/.test(key) || !key.isWellFormed())
      throw new TerminalError(
        `Object "${key}": expected a key of 1 to ${KEY_BYTES} bytes with its prefix, without line ends, in ${this.url}, found ${bytes} bytes`,
      );
    return { doing, object, key, bucket: this.#bucket };
  }
}
