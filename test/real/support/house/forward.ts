import { request } from 'node:http';
import type { Exchange } from './front.ts';

/** What is sent on otherwise than it came. */
export interface Rewritten {
  /** Path and query. */
  readonly path?: string;
  /** The whole body, where it was read already. */
  readonly body?: Buffer | undefined;
}

/**
 * Hands a request to the emulator that stands in for the service, and its answer back. A place that the answer names (an upload
 * session) keeps the name by which the service was called.
 * @param target `http://127.0.0.1:PORT`.
 */
export function forward(exchange: Exchange, target: string, { path, body }: Rewritten = {}): void {
  const { incoming, outgoing, method, host } = exchange;
  const { hostname, port, host: targetHost } = new URL(target);
  const headers = { ...incoming.headers, host: targetHost };
  const sent = request(
    { hostname, port, method, path: path ?? incoming.url, headers, agent: false },
    (reply) => {
      const { location } = reply.headers;
      const moved =
        location === undefined ? {} : { location: location.replace(/^https?:\/\/[^/]+/, `https://${host}`) };
      outgoing.writeHead(reply.statusCode ?? 502, { ...reply.headers, ...moved });
      reply.on('error', () => outgoing.destroy()).pipe(outgoing);
    },
  );
  sent.on('error', () => outgoing.destroy());
  outgoing.once('close', () => sent.destroy());
  if (body === undefined) incoming.pipe(sent);
  else sent.end(body);
}
