import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';

/** What a service answered. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

export interface Asked {
  readonly method?: string;
  /** Path and query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Asks a service of the house by its name, as anybody could who is within the cluster. */
export async function ask(
  { address, caFile }: { address: string; caFile: string },
  host: string,
  { method = 'GET', path, headers = {}, body = '' }: Asked,
): Promise<Answer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { host: address, servername: host, ca: readFileSync(caFile), agent: false };
    request({ ...options, method, path, headers: { host, ...headers } }, resolve)
      .once('error', reject)
      .end(body);
  });
  return { status: response.statusCode ?? 0, body: await text(response) };
}
