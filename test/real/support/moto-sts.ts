import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** moto's STS, as far as tests must see and change what it does. */
export interface MotoSts {
  /** For AWS_ENDPOINT_URL_STS. */
  readonly endpoint: string;
  /** The tokens that came, in their order: moto itself takes any. */
  readonly tokens: readonly string[];
  /** The access keys of the sessions that were given, in their order. */
  readonly sessions: readonly string[];
  /** How long sessions last from now on, in seconds; AWS allows no less than 900, and nobody waits for that. */
  sessionSeconds: number;
  readonly close: () => Promise<void>;
}

/** From now on moto takes only requests that a session of a role signed whose policies allow them. */
export async function enforce(moto: string, on: boolean): Promise<void> {
  // The number of requests that pass unseen.
  const body = on ? '0' : 'inf';
  const answer = await fetch(`${moto}/moto-api/reset-auth`, { method: 'POST', body });
  if (!answer.ok) throw new Error(`moto: ${answer.status} ${await answer.text()}`);
}

/**
 * Passes on to moto's STS. A trade of a token is unsigned, which moto does not know once it enforces policies: it stops doing so for
 * as long as the trade takes.
 */
export async function startMotoSts(moto: string): Promise<MotoSts> {
  const tokens: string[] = [];
  const sessions: string[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const form = new URLSearchParams(await text(request));
      tokens.push(form.get('WebIdentityToken') ?? '');
      form.set('DurationSeconds', String(sts.sessionSeconds));
      await enforce(moto, false);
      const answer = await fetch(moto, { method: 'POST', headers: SCOPE, body: form });
      const said = await answer.text();
      await enforce(moto, true);
      sessions.push(/<AccessKeyId>(\w+)</.exec(said)?.[1] ?? said);
      response.writeHead(answer.status, { 'content-type': 'text/xml' }).end(said);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sts: MotoSts = {
    endpoint: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    tokens,
    sessions,
    sessionSeconds: 3_600,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  return sts;
}

/** moto looks for the service in it. */
const SCOPE = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=test/20261120/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0',
};
