import {
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { Crc32c } from '../../core/bytes/crc32c.ts';
import { TerminalError } from '../../core/errors.ts';
import { retried, Trouble, type RetryPolicy, type Verdict } from '../../core/network/retry.ts';
import type { ListPage, LocalFile, ObjectInfo, ObjectStore } from '../../core/ports/object-store.ts';
import { bodyCheck, wholeCrc32c } from './body-check.ts';
import { bodyOf } from './body.ts';
import { BrokenAnswerError } from './broken-answer.ts';
import type { Call } from './call.ts';
import { makeClient, regionOf, renewing, TIMEOUTS, type S3Timeouts } from './client.ts';
import { getPiece, type Got, type Wanted } from './get-piece.ts';
import { changedLength, judge, noBucket } from './judge.ts';
import { bareEtag, listPage } from './list-page.ts';
import { orMissing, undefinedIfMissing } from './missing.ts';
import { plainUrl, type S3Location } from './s3-url.ts';
import { assertUploadable, putFile } from './upload.ts';

/** As many keys as S3 gives on a page. */
const PAGE_KEYS = 1_000;

/**
 * S3 asks for exponential backoff with jitter on 503; it splits a hot prefix within minutes, an hour's Job comes again. An upload
 * of ten minutes is tried twice, a listing many times.
 */
const RETRY: RetryPolicy = { deadlineMs: 60_000, baseMs: 100, capMs: 8_000 };

/** What may be set besides the place. */
export interface S3StoreOptions {
  /** Its abort ends waits between tries with InterruptedError; a request under way is finished. */
  readonly signal?: AbortSignal;
  readonly retry?: RetryPolicy;
  readonly timeouts?: S3Timeouts;
  /** The environment, as far as messages and the region need it; credentials are the SDK's business. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * A bucket, or a prefix of one. Keys are listed in UTF-8 order and read with If-Match; a body that breaks off is resumed where
 * it stopped; an object is created by one PUT with If-None-Match and its CRC-32C, so S3 keeps it whole or not at all.
 */
export class S3Store implements ObjectStore {
  readonly url: string;
  readonly #location: S3Location;
  readonly #root: string;
  readonly #client: S3Client;
  readonly #region: string | undefined;
  readonly #env: NodeJS.ProcessEnv;
  readonly #retry: RetryPolicy;
  readonly #timeouts: S3Timeouts;
  readonly #signal: AbortSignal | undefined;
  /** Whether the bucket ever answered: HEAD's 404 has no body, and tells a missing bucket from a missing key by nothing. */
  #bucketSeen = false;

  constructor(location: S3Location, options: S3StoreOptions = {}) {
    this.#location = location;
    this.#env = options.env ?? process.env;
    this.#retry = options.retry ?? RETRY;
    this.#timeouts = options.timeouts ?? TIMEOUTS;
    this.#signal = options.signal;
    this.#client = makeClient(location, this.#env, this.#timeouts);
    this.#region = regionOf(location, this.#env);
    this.#root = location.prefix === '' ? '' : `${location.prefix}/`;
    this.url = plainUrl(location);
  }

  async list(
    prefix: string,
    { next, limit = PAGE_KEYS }: { next?: string | undefined; limit?: number } = {},
  ): Promise<ListPage> {
    const command = new ListObjectsV2Command({
      Bucket: this.#location.bucket,
      Prefix: `${this.#root}${prefix}`,
      MaxKeys: Math.min(limit, PAGE_KEYS),
      // XML cannot hold every character that a key can: a control character breaks the page, a CR comes back as LF.
      EncodingType: 'url',
      ...(next === undefined ? {} : { ContinuationToken: next }),
    });
    const call = this.#call('list', prefix);
    return this.#retried(call, async () =>
      listPage(await this.#client.send(command, this.#answer()), this.#root),
    );
  }

  async head(key: string): Promise<(ObjectInfo & { crc32c: string }) | undefined> {
    const call = this.#call('look at', key);
    const found = await this.#object(call, () => this.#head(key, call)).catch(undefinedIfMissing);
    if (found === undefined) return undefined;
    return { ...found, crc32c: found.crc32c ?? (await this.#crc32c(key, found.etag)) };
  }

  async read(
    key: string,
    { etag, start = 0, end }: { etag?: string; start?: number; end?: number } = {},
  ): Promise<Readable> {
    const call: Call = { ...this.#call('read', key), etag };
    const open = (wanted: Pick<Wanted, 'etag' | 'start' | 'end'>): Promise<Got | undefined> =>
      this.#object(call, () => getPiece(this.#client, this.#answer(), { ...this.#at(key), ...wanted }));
    const first = await open({ etag, start, end });
    if (first === undefined) return Readable.from([]);
    const { piece, digests } = first;
    const whole = start === 0 && end === undefined;
    return bodyOf(piece, {
      object: call.object,
      resume: async (from) => {
        const rest = await open({ ...piece, start: from });
        if (rest === undefined) throw changedLength(call, from);
        return rest.piece;
      },
      judge: (error) => judge(error, call),
      trouble: this.#trouble(),
      check: whole ? bodyCheck(digests, this.#location.endpoint?.startsWith('http:') !== true) : undefined,
    });
  }

  async create(key: string, file: LocalFile): Promise<void> {
    const call = this.#call('create', key);
    await assertUploadable(file);
    await this.#retried(call, () => putFile(this.#client, this.#at(key), file));
  }

  locate(key: string): string {
    return `${this.url}/${key}`;
  }

  async #head(key: string, call: Call): Promise<(ObjectInfo & { crc32c: string | undefined }) | undefined> {
    try {
      const command = new HeadObjectCommand({ ...this.#at(key), ChecksumMode: 'ENABLED' });
      const answer = await this.#client.send(command, this.#answer());
      const { ETag, ContentLength } = answer;
      if (ETag === undefined || ContentLength === undefined)
        throw new BrokenAnswerError('ETag and length', 'neither');
      return { key, etag: bareEtag(ETag), size: ContentLength, crc32c: wholeCrc32c(answer) };
    } catch (error) {
      if (!isNotFound(error)) throw error;
      if (!this.#bucketSeen) await this.#assertBucket(call);
      return undefined;
    }
  }

  async #assertBucket(call: Call): Promise<void> {
    try {
      await this.#client.send(new HeadBucketCommand({ Bucket: call.bucket }), this.#answer());
    } catch (error) {
      throw isNotFound(error) ? noBucket(call, error).error('') : error;
    }
  }

  /** S3 knows the CRC-32C of what was created here; of what others wrote it is computed, at the cost of a read. */
  async #crc32c(key: string, etag: string): Promise<string> {
    const crc = new Crc32c();
    for await (const chunk of await this.read(key, { etag })) crc.update(chunk as Buffer);
    return crc.digest();
  }

  async #retried<T>(call: Call, once: () => Promise<T>): Promise<T> {
    const judged = (error: unknown): Verdict => judge(error, call);
    const result = await retried(() => renewing(this.#client, once), judged, this.#trouble());
    this.#bucketSeen = true;
    return result;
  }

  /** What a call for one object answers. */
  #object<T>(call: Call, ask: () => Promise<T>): Promise<T> {
    const list = (prefix: string): Promise<ListPage> => this.list(prefix, { limit: 1 });
    return this.#retried(call, () => orMissing(call, list, ask));
  }

  #trouble(): Trouble {
    return new Trouble(this.#retry, this.#signal);
  }

  /** An answer to a request without a body must begin within this; an upload takes as long as it takes. */
  #answer(): { requestTimeout: number } {
    return { requestTimeout: this.#timeouts.answerMs };
  }

  #at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#location.bucket, Key: `${this.#root}${key}` };
  }

  #call(doing: Call['doing'], key: string): Call {
    // Without a key a request would be one about the bucket.
    if (doing !== 'list' && key === '') throw new TerminalError(`${this.url}: expected a key, found ""`);
    const { bucket } = this.#location;
    const named = doing === 'list' ? {} : { key };
    return { doing, object: this.locate(key), ...named, bucket, region: this.#region, env: this.#env };
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && (error.name === 'NotFound' || error.name === 'NoSuchKey');
}
