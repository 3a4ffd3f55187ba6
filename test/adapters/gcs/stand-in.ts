import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { after } from 'mocha';

/** A request as it came. */
export interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** The client's port: the same one, the same connection. */
  readonly port: number;
}

/** What is answered; `undefined` resets the connection once the request was read. */
export type Answered =
  { readonly status: number; readonly headers?: Record<string, string>; readonly json?: unknown } | undefined;

/** A server that answers what a test tells it to: for what no emulator does, such as tokens and interrupted sessions. */
export class StandIn {
  readonly asked: Asked[] = [];
  readonly #server: Server;

  /** @param answer Called for each request, with this server's own URL. */
  constructor(answer: (asked: Asked, url: string) => Answered) {
    this.#server = createServer((incoming, outgoing) => {
      void buffer(incoming).then((body) => {
        const { method = '', url = '', headers, socket } = incoming;
        const asked = { method, url, headers, body, port: socket.remotePort ?? 0 };
        this.asked.push(asked);
        const answered = answer(asked, this.url);
        if (answered === undefined) return incoming.socket.resetAndDestroy();
        const text = answered.json === undefined ? '' : JSON.stringify(answered.json);
        const type = answered.json === undefined ? {} : { 'content-type': 'application/json' };
        return outgoing.writeHead(answered.status, { ...type, ...answered.headers }).end(text);
      });
    });
    after(() => this.#server.close());
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.#server.unref();
    return this;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `http://${this.host}`;
  }
}
