import { BigQuery } from '@google-cloud/bigquery';
import { TransientError } from '../../core/errors.ts';
import { assertKeyless } from '../../core/google/credentials.ts';
import { GoogleClient, type GoogleRequest } from '../../core/google/google-client.ts';
import type { Answer } from '../../core/network/answer.ts';
import { retried, Trouble, type RetryPolicy } from '../../core/network/retry.ts';
import type { BigQueryLocation } from './bigquery-url.ts';
import { judge, type Call } from './judge.ts';

/** BigQuery asks for exponential backoff on 5xx and rate limits; an hour's Job comes again after the deadline. */
export const RETRY: RetryPolicy = { deadlineMs: 120_000, baseMs: 200, capMs: 16_000 };

/** How the API is called; everything has a default. */
export interface ApiOptions {
  /** Its abort ends waits between tries with InterruptedError; a request under way is finished. */
  readonly signal?: AbortSignal | undefined;
  readonly retry?: RetryPolicy | undefined;
  /** Milliseconds without a byte either way after which a request is given up. */
  readonly silenceMs?: number | undefined;
  /** Whether to sign requests to an endpoint, too: by default an endpoint is an emulator and gets none. */
  readonly authorize?: boolean | undefined;
}

/** What a call answered; its body is the resource that the API's reference names. */
export interface Reply {
  readonly status: number;
  readonly body: object | undefined;
  /** The service's words where the status was an expected refusal. */
  readonly said?: string;
}

const PUBLIC_ENDPOINT = 'https://bigquery.googleapis.com';

/** BigQuery's REST API below one project: each call is made anew for as long as that can help. */
export class Api {
  readonly place: BigQueryLocation;
  readonly #client: GoogleClient;
  readonly #retry: RetryPolicy;
  readonly #signal: AbortSignal | undefined;

  /** @throws UsageError where the environment holds credentials that logferry refuses. */
  constructor(place: BigQueryLocation, options: ApiOptions = {}) {
    const endpoint = place.endpoint ?? PUBLIC_ENDPOINT;
    const signed = options.authorize ?? place.endpoint === undefined;
    if (signed) assertKeyless(process.env);
    const sdk = new BigQuery({ projectId: place.project, apiEndpoint: endpoint });
    this.#client = new GoogleClient(endpoint, sdk.authClient, signed, { silenceMs: options.silenceMs });
    this.place = place;
    this.#retry = options.retry ?? RETRY;
    this.#signal = options.signal;
  }

  trouble(): Trouble {
    return new Trouble(this.#retry, this.#signal);
  }

  /**
   * What a call answers. A status that is `expected` besides those of success is given back without a body.
   * @param request Its URL is a path below the project.
   */
  async call(call: Call, request: GoogleRequest, expected: readonly number[] = []): Promise<Reply> {
    return retried(
      () => this.once(request, expected),
      (error) => judge(error, call),
      this.trouble(),
    );
  }

  /** The same where nothing but success is expected. */
  async get(call: Call, request: GoogleRequest): Promise<object> {
    const { body } = await this.call(call, request);
    if (body === undefined) throw new TransientError(`${call.what}: the answer was empty`);
    return body;
  }

  /** One try. @throws AnswerError for a status that nobody expects. */
  async once(request: GoogleRequest, expected: readonly number[] = []): Promise<Reply> {
    const answer = await this.send(request);
    const { status } = answer;
    if (expected.includes(status)) {
      // Read to its end: the connection is used again.
      const { message } = await answer.error();
      return { status, body: undefined, said: message };
    }
    if (status >= 300) throw await answer.error();
    if (request.method === 'DELETE') {
      await answer.text().catch(() => undefined);
      return { status, body: undefined };
    }
    return { status, body: await answer.json() };
  }

  /** The answer as it comes. */
  send(request: GoogleRequest): Promise<Answer> {
    const { url } = request;
    const whole = url.startsWith('/') ? `${this.#prefix(url)}${url.replace(/^\/upload/, '')}` : url;
    return this.#client.send({ ...request, url: whole });
  }

  #prefix(url: string): string {
    const upload = url.startsWith('/upload/') ? '/upload' : '';
    return `${upload}/bigquery/v2/projects/${encodeURIComponent(this.place.project)}`;
  }
}
