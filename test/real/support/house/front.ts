import { randomInt } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Certificates } from './certificates.ts';

/** One request that came in, and what became of it. */
export interface Visit {
  readonly host: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Whom the service took the caller for: a role's name, an account's email; undefined for nobody it knows. */
  readonly who: string | undefined;
  readonly status: number;
}

/** A request under way. */
export interface Exchange {
  readonly host: string;
  readonly method: string;
  readonly url: URL;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** Set by the service that knows. */
  who?: string;
}

export type Service = (exchange: Exchange) => void | Promise<void>;

/** A pause that a test makes. */
export interface Hold {
  /** Resolves once a request is held. */
  readonly reached: Promise<void>;
  /** Lets it go on, and all that come after it. */
  readonly release: () => void;
}

/** What the pods take for the internet: one TLS server under all names. */
export interface Front {
  /** An address of the loopback network of its own, where it has port 443. */
  readonly address: string;
  readonly visits: readonly Visit[];
  /** Errors within a service: faults of the house, not answers. */
  readonly faults: readonly string[];
  /** Holds the next request that fits. */
  readonly hold: (fits: (exchange: Exchange) => boolean) => Hold;
  readonly stop: () => Promise<void>;
}

/** 127.0.0.0/8 is all this machine (RFC 1122); any of it but the first /16, which others use. */
const freshAddress = (): string => `127.${randomInt(64, 128)}.${randomInt(1, 255)}.${randomInt(1, 255)}`;

/** @param serviceFor The service of a host name; a name that has none is answered with 421. Needs root: the port is below 1024. */
export async function startFront(
  { key, cert }: Certificates,
  serviceFor: (host: string) => Service | undefined,
): Promise<Front> {
  const visits: Visit[] = [];
  const faults: string[] = [];
  const holds: { fits: (exchange: Exchange) => boolean; reach: () => void; released: Promise<void> }[] = [];
  const answer = async (exchange: Exchange): Promise<void> => {
    const held = holds.findIndex(({ fits }) => fits(exchange));
    const [hold] = held === -1 ? [] : holds.splice(held, 1);
    hold?.reach();
    await hold?.released;
    // Whoever asked may have been killed meanwhile.
    if (exchange.outgoing.destroyed) return;
    const service = serviceFor(exchange.host);
    if (service === undefined) exchange.outgoing.writeHead(421).end();
    else await service(exchange);
  };
  const server = createServer({ key, cert }, (incoming, outgoing) => {
    const { method = '', url = '/', headers } = incoming;
    const host = (headers.host ?? '').split(':')[0]!;
    const exchange: Exchange = { host, method, url: new URL(url, `https://${host}`), incoming, outgoing };
    outgoing.once('close', () => {
      visits.push({ host, method, path: url, who: exchange.who, status: outgoing.statusCode });
    });
    answer(exchange).catch((error: unknown) => {
      faults.push(`${method} ${host}${url}: ${String(error)}`);
      outgoing.destroy();
    });
  });
  const address = freshAddress();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(443, address, resolve);
  });
  return {
    address,
    visits,
    faults,
    hold: (fits) => {
      const reached = Promise.withResolvers<undefined>();
      const released = Promise.withResolvers<undefined>();
      const reach = (): void => reached.resolve(undefined);
      holds.push({ fits, reach, released: released.promise });
      return { reached: reached.promise, release: () => released.resolve(undefined) };
    },
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
