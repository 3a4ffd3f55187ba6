import { Agent, request as httpsRequest } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** An answer comes within milliseconds; a server that stays silent this long (in milliseconds) has hung. */
const TIMEOUT_MS = 30_000;

/** An object as the API takes and gives it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** An answer of 400 or above. `status` is the HTTP code, `reason` and `serverMessage` are those of the server's Status object. */
export class ApiError extends Error {
  readonly status: number;
  readonly reason: string;
  readonly serverMessage: string;

  constructor(what: string, status: number, reason: string, serverMessage: string) {
    super(`${what}: ${status} ${reason}: ${serverMessage}`);
    this.name = 'ApiError';
    this.status = status;
    this.reason = reason;
    this.serverMessage = serverMessage;
  }
}

/** Talks to one API server, with an administrator's token unless a request's headers say otherwise. */
export interface ApiClient {
  /**
   * The answer's JSON, or its text where it is not JSON. `path` begins with a slash and may carry a query; `body` is sent as JSON
   * (headers may name another content type, such as a patch's). Throws ApiError with the server's own message.
   */
  readonly request: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<unknown>;
  /** Every warning that the server sent so far, such as a deprecated field or a pod that Pod Security would refuse. */
  readonly warnings: readonly string[];
  readonly close: () => void;
}

/** The texts of a Warning header: `299 - "text"`, several of them divided by commas (RFC 7234, 5.5). */
export function warningTexts(header: string): string[] {
  return [...header.matchAll(/\b299 \S+ ("(?:[^"\\]|\\.)*")/g)].map(([, quoted]) =>
    quoted!.slice(1, -1).replace(/\\(.)/g, '$1'),
  );
}

/** A client for the server at `url`, whose certificate `ca` (PEM) signed. */
export function apiClient(url: string, ca: string, token: string): ApiClient {
  const agent = new Agent({ ca, keepAlive: true });
  const warnings: string[] = [];
  const request: ApiClient['request'] = async (method, path, body, headers = {}) => {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = httpsRequest(
        new URL(path, url),
        {
          method,
          agent,
          timeout: TIMEOUT_MS,
          headers: {
            // Keys are published as application/jwk-set+json only.
            accept: 'application/json, */*;q=0.5',
            authorization: `Bearer ${token}`,
            ...(sent === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) }),
            ...headers,
          },
        },
        resolve,
      );
      outgoing.once('timeout', () =>
        outgoing.destroy(new Error(`${method} ${path}: no answer from ${url} within ${TIMEOUT_MS / 1000} s`)),
      );
      outgoing.once('error', reject);
      outgoing.end(sent);
    });
    const answer = await text(response);
    warnings.push(...warningTexts(response.headers.warning ?? ''));
    const isJson = /^application\/(?:[\w.-]+\+)?json\b/.test(response.headers['content-type'] ?? '');
    const parsed: unknown = isJson ? JSON.parse(answer) : answer;
    const status = response.statusCode ?? 0;
    if (status < 400) return parsed;
    const { reason = '', message = answer } = (isJson ? parsed : {}) as { reason?: string; message?: string };
    throw new ApiError(`${method} ${path}`, status, reason, message);
  };
  return { request, warnings, close: () => agent.destroy() };
}
