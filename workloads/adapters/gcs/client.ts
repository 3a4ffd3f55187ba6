import { Storage } from '@google-cloud/storage';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import { Answer } from './answer.ts';
import { assertKeyless } from './credentials.ts';
import type { GcsLocation } from './gcs-url.ts';
import { Silence } from './silence.ts';

/** A connection on which nothing moves for a minute is dead; GCS answers within a second as a rule. */
export const SILENCE_MS = 60_000;

/** One request of the JSON API. */
export interface GcsRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Path below the endpoint, or the whole URL of an upload session. */
  readonly url: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Makes the body, anew for each try; it calls `alive` for each chunk that was taken from it. */
  readonly body?: (alive: () => void) => Readable;
}

/** How a client is made; everything but the place has a default. */
export interface GcsClientOptions {
  /** Milliseconds without a byte either way after which a request is given up. */
  readonly silenceMs?: number;
  /** Whether to sign requests to an endpoint, too: by default an endpoint is an emulator and gets none. */
  readonly authorize?: boolean;
}

/** What is thrown where no credentials could be had; the cause is what the SDK said. */
export class CredentialsError extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'CredentialsError';
  }
}

type AuthClient = Awaited<ReturnType<Storage['authClient']['getClient']>>;
type SignedRequest = Parameters<AuthClient['request']>[0];

const PUBLIC_ENDPOINT = 'https://storage.googleapis.com';
const PROXIES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];
/** Read on every request by people who look for who made it. */
const USER_AGENT = 'logferry';

/**
 * Requests of the JSON API, signed and sent by the SDK. They are made one level below its `File` and `Bucket`, because those
 * cannot be ended when the other side falls silent (`timeout` is ignored by teeny-request 11), never end when the local file of
 * a simple upload fails, read objects without a precondition on the generation, and make an object with its own access list for
 * each of a page's thousand keys. Nothing retries below retry.ts, the fetching of tokens aside.
 */
export class GcsClient {
  readonly #endpoint: string;
  readonly #silenceMs: number;
  readonly #storage: Storage;
  readonly #signed: boolean;
  readonly #anonymous: AuthClient;
  readonly #agent: HttpAgent | HttpsAgent | undefined;

  /** @throws UsageError where the environment holds credentials that logferry refuses. */
  constructor({ endpoint }: GcsLocation, options: GcsClientOptions = {}) {
    this.#endpoint = endpoint ?? PUBLIC_ENDPOINT;
    this.#silenceMs = options.silenceMs ?? SILENCE_MS;
    this.#signed = options.authorize ?? endpoint === undefined;
    if (this.#signed) assertKeyless(process.env);
    this.#agent = keptAlive(this.#endpoint);
    // Without a project the SDK looks for one, which no request needs: it runs gcloud, then asks two services.
    this.#storage = new Storage({ apiEndpoint: this.#endpoint, projectId: 'not-needed' });
    // What the library sends where nobody signs in; an emulator does not look at it.
    this.#anonymous = this.#storage.authClient.fromAPIKey('none');
  }

  /**
   * Sends a request and returns once the answer's headers are there; any status is an answer. One that says that the token is no
   * longer good is sent once more with a new one: a clock may be wrong, or a binding was revoked and given again.
   * @throws CredentialsError, SilenceError, or the system's error.
   */
  async send(request: GcsRequest): Promise<Answer> {
    const client = await this.#client();
    const answer = await this.#sendOnce(client, request);
    if (answer.status !== 401 || !this.#signed) return answer;
    answer.drop();
    client.setCredentials({ ...client.credentials, expiry_date: 1 });
    return this.#sendOnce(await this.#client(), request);
  }

  /** A client that has a token. */
  async #client(): Promise<AuthClient> {
    if (!this.#signed) return this.#anonymous;
    try {
      return await new Silence(this.#silenceMs).during(async () => {
        const client = await this.#storage.authClient.getClient();
        await client.getRequestHeaders();
        return client;
      });
    } catch (error) {
      throw new CredentialsError(error);
    }
  }

  async #sendOnce(client: AuthClient, request: GcsRequest): Promise<Answer> {
    const { method, url, query = {}, headers, body } = request;
    const silence = new Silence(this.#silenceMs);
    const local: { body?: Readable } = {};
    try {
      const answer = await silence.during((alive) => {
        if (body !== undefined) local.body = body(alive);
        const signed: SignedRequest & { compress: boolean } = {
          method,
          url: this.#url(url, query),
          headers: { 'user-agent': USER_AGENT, ...headers },
          ...(local.body === undefined ? {} : { data: local.body }),
          ...(this.#agent === undefined ? {} : { agent: this.#agent }),
          responseType: 'stream',
          // Bytes as stored: an object whose metadata say gzip must not be unpacked on the way.
          compress: false,
          // 308 is an upload that goes on; nothing of the JSON API leads elsewhere.
          redirect: 'manual',
          retry: false,
          validateStatus: () => true,
          signal: silence.signal,
        };
        return client.request<Readable>(signed);
      });
      return new Answer(answer.status, answer.headers, answer.data, silence);
    } finally {
      // An answer may come before the body was sent: the rest of it is then of no use.
      local.body?.destroy();
    }
  }

  #url(url: string, query: NonNullable<GcsRequest['query']>): string {
    const whole = new URL(url.startsWith('/') ? `${this.#endpoint}${url}` : url);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) whole.searchParams.set(name, String(value));
    return whole.href;
  }
}

/** The SDK opens a connection for each request where it is given no agent: a TLS handshake each, on a tenth of a core. */
function keptAlive(endpoint: string): HttpAgent | HttpsAgent | undefined {
  // The SDK brings the agent of a proxy itself, and only where it is given no other one.
  if (PROXIES.some((name) => process.env[name])) return undefined;
  return endpoint.startsWith('http:')
    ? new HttpAgent({ keepAlive: true })
    : new HttpsAgent({ keepAlive: true });
}
