import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Readable } from 'node:stream';
import { Answer } from '../network/answer.ts';
import { Silence } from '../network/silence.ts';

/** A connection on which nothing moves for a minute is dead; Google's services answer within seconds as a rule. */
export const SILENCE_MS = 60_000;

/** One request of a JSON API. */
export interface GoogleRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below the endpoint, or the whole URL of an upload session. */
  readonly url: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: object;
  /** Makes the body, anew for each try; it calls `alive` for each chunk that was taken from it. */
  readonly body?: (alive: () => void) => Readable;
}

/** As much of google-auth-library's clients as is used: each SDK brings its own. */
interface SigningClient {
  credentials: object;
  setCredentials(credentials: object): void;
  getRequestHeaders(): Promise<unknown>;
  request(options: object): Promise<{ status: number; headers: Headers; data: unknown }>;
}

/** Where an SDK finds credentials: its `authClient`. */
export interface Signer {
  getClient(): Promise<SigningClient>;
  fromAPIKey(key: string): SigningClient;
}

export interface GoogleClientOptions {
  /** Milliseconds without a byte either way after which a request is given up. */
  readonly silenceMs?: number | undefined;
}

/** What is thrown where no credentials could be had; the cause is what the SDK said. */
export class CredentialsError extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'CredentialsError';
  }
}

const PROXIES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];
/** Read on every request by people who look for who made it. */
const USER_AGENT = 'logferry';

/**
 * Requests of one of Google's JSON APIs, signed and sent by an SDK's own auth client. They are made below the SDK's methods, because
 * those wait for ever where the other side falls silent (`timeout` is ignored by teeny-request 11) and retry in layers of their own.
 * Nothing retries below this, the fetching of tokens aside.
 */
export class GoogleClient {
  readonly #endpoint: string;
  readonly #signer: Signer;
  readonly #silenceMs: number;
  readonly #anonymous: SigningClient | undefined;
  readonly #agent: HttpAgent | HttpsAgent | undefined;

  /** @param signed Whether requests carry a token; an emulator is sent none. */
  constructor(endpoint: string, signer: Signer, signed: boolean, options: GoogleClientOptions = {}) {
    this.#endpoint = endpoint;
    this.#signer = signer;
    this.#silenceMs = options.silenceMs ?? SILENCE_MS;
    // What the library sends where nobody signs in; an emulator does not look at it.
    this.#anonymous = signed ? undefined : signer.fromAPIKey('none');
    this.#agent = keptAlive(endpoint);
  }

  /**
   * Sends a request and returns once the answer's headers are there; any status is an answer. One that says that the token is no
   * longer good is sent once more with a new one: a clock may be wrong, or a binding was revoked and given again.
   * @throws CredentialsError, SilenceError, or the system's error.
   */
  async send(request: GoogleRequest): Promise<Answer> {
    const client = await this.#client();
    const answer = await this.#sendOnce(client, request);
    if (answer.status !== 401 || this.#anonymous !== undefined) return answer;
    answer.drop();
    client.setCredentials({ ...client.credentials, expiry_date: 1 });
    return this.#sendOnce(await this.#client(), request);
  }

  /** A client that has a token. */
  async #client(): Promise<SigningClient> {
    if (this.#anonymous !== undefined) return this.#anonymous;
    try {
      return await new Silence(this.#silenceMs).during(async () => {
        const client = await this.#signer.getClient();
        await client.getRequestHeaders();
        return client;
      });
    } catch (error) {
      throw new CredentialsError(error);
    }
  }

  async #sendOnce(client: SigningClient, request: GoogleRequest): Promise<Answer> {
    const { method, url, query = {}, headers, json } = request;
    const text = json === undefined ? undefined : Buffer.from(JSON.stringify(json));
    const body = text === undefined ? request.body : () => Readable.from([text], { objectMode: false });
    const silence = new Silence(this.#silenceMs);
    const local: { body?: Readable } = {};
    try {
      const answer = await silence.during((alive) => {
        if (body !== undefined) local.body = body(alive);
        return client.request({
          method,
          url: this.#url(url, query),
          headers: {
            'user-agent': USER_AGENT,
            ...(text === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': String(text.length) }),
            ...headers,
          },
          ...(local.body === undefined ? {} : { data: local.body }),
          ...(this.#agent === undefined ? {} : { agent: this.#agent }),
          responseType: 'stream',
          // Bytes as stored: an object whose metadata say gzip must not be unpacked on the way.
          compress: false,
          // 308 is an upload that goes on; nothing of the JSON APIs leads elsewhere.
          redirect: 'manual',
          retry: false,
          validateStatus: () => true,
          signal: silence.signal,
        });
      });
      return new Answer(answer.status, answer.headers, answer.data as Readable, silence);
    } finally {
      // An answer may come before the body was sent: the rest of it is then of no use.
      local.body?.destroy();
    }
  }

  #url(url: string, query: NonNullable<GoogleRequest['query']>): string {
    const whole = new URL(url.startsWith('/') ? `${this.#endpoint}${url}` : url);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) whole.searchParams.set(name, String(value));
    return whole.href;
  }
}

/** The library opens a connection for each request where it is given no agent: a TLS handshake each, on a tenth of a core. */
function keptAlive(endpoint: string): HttpAgent | HttpsAgent | undefined {
  // The SDK brings the agent of a proxy itself, and only where it is given no other one.
  if (PROXIES.some((name) => process.env[name])) return undefined;
  return endpoint.startsWith('http:')
    ? new HttpAgent({ keepAlive: true })
    : new HttpsAgent({ keepAlive: true });
}
