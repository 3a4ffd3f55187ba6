import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { buffer } from 'node:stream/consumers';

/** What is done to one request on its way to the real service, or to the answer on its way back. */
export type Fault =
  | { readonly do: 'pass' }
  /** Answers in the service's place: it never hears of the request. */
  | { readonly do: 'answer'; readonly status: number; readonly body?: string; readonly headers?: Headers }
  /** Lets the service do it, and answers something else: an acknowledgement that got lost behind a 503. */
  | {
      readonly do: 'answer-after';
      readonly status: number;
      readonly body?: string;
      readonly headers?: Headers;
    }
  /** Resets the connection: before the service hears of the request, after it did it. */
  | { readonly do: 'drop-before' | 'drop-after' }
  /** Gives the first bytes of the answer's body, then closes the connection. */
  | { readonly do: 'cut'; readonly at: number }
  /** Gives the first bytes of the answer's body as if they were all: the connection ends in good order. */
  | { readonly do: 'truncate'; readonly at: number }
  /** Gives the first bytes of the answer's body, then nothing, for as long as the client waits. */
  | { readonly do: 'stall'; readonly at: number }
  /** Flips all bits of one byte of the answer's body. */
  | { readonly do: 'corrupt'; readonly at: number }
  /** Flips all bits of one byte of the request's body. */
  | { readonly do: 'corrupt-request'; readonly at: number }
  /** Lets the request through this much later. */
  | { readonly do: 'delay'; readonly ms: number }
  /** Lets the service do it twice; the client gets the second answer. */
  | { readonly do: 'duplicate' };

type Headers = Readonly<Record<string, string>>;

/** Which requests. */
export interface Match {
  readonly method?: string;
  /** Against path and query, as they are on the wire. */
  readonly path?: RegExp | string;
}

/** What came by, in its order. */
export interface Passed {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly fault: Fault['do'];
}

interface Rule {
  readonly match: Match;
  readonly faults: Fault[];
  readonly always: boolean;
}

/** A service's place on the network, with a script of what goes wrong on the way there. */
export class FaultProxy {
  readonly #target: URL;
  readonly #server: Server;
  #rules: Rule[] = [];
  readonly passed: Passed[] = [];

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((incoming, outgoing) => {
      this.#serve(incoming, outgoing).catch(() => outgoing.destroy());
    });
  }

  /** @param target Where the real service listens: `http://127.0.0.1:4566`. */
  static async start(target: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(new URL(target));
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  /** Does one fault to each request that matches, in this order; what comes after them passes. */
  next(match: Match, ...faults: readonly Fault[]): void {
    this.#rules.push({ match, faults: [...faults], always: false });
  }

  /** Does one fault to every request that matches. */
  always(match: Match, fault: Fault): void {
    this.#rules.push({ match, faults: [fault], always: true });
  }

  /** Forgets the script and what came by. */
  reset(): void {
    this.#rules = [];
    this.passed.length = 0;
  }

  /** Faults of the script that no request has met: a test whose fault never happened proves nothing. */
  get unused(): readonly Fault[] {
    return this.#rules.flatMap(({ faults, always }) => (always ? [] : faults));
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  #faultFor(method: string, path: string): Fault {
    for (const { match, faults, always } of this.#rules) {
      const fits =
        (match.method ?? method) === method &&
        (match.path === undefined ||
          (typeof match.path === 'string' ? path.includes(match.path) : match.path.test(path)));
      const fault = fits ? (always ? faults[0] : faults.shift()) : undefined;
      if (fault !== undefined) return fault;
    }
    return { do: 'pass' };
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = incoming;
    const fault = this.#faultFor(method, url);
    this.passed.push({ method, path: url, headers, fault: fault.do });
    if (fault.do === 'drop-before') {
      incoming.socket.resetAndDestroy();
      return;
    }
    // Read whole even where it is not sent on: a client that still sends would see a reset instead of the answer.
    const body = await buffer(incoming);
    if (fault.do === 'answer') {
      answer(outgoing, fault);
      return;
    }
    if (fault.do === 'corrupt-request') flip(body, fault.at);
    if (fault.do === 'delay') await sleep(fault.ms);
    if (fault.do === 'duplicate') (await this.#forward(incoming, body)).resume();
    const reply = await this.#forward(incoming, body);
    if (fault.do === 'drop-after' || fault.do === 'answer-after') {
      await buffer(reply);
      if (fault.do === 'answer-after') answer(outgoing, fault);
      else incoming.socket.resetAndDestroy();
      return;
    }
    await giveBack(reply, outgoing, fault);
  }

  #forward(incoming: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
    // The Host stays the client's: services write their own address into answers, and it must lead back here.
    const headers = { ...incoming.headers };
    delete headers.expect;
    return new Promise((resolve, reject) => {
      const options = { host: this.#target.hostname, port: this.#target.port, method: incoming.method };
      request({ ...options, path: incoming.url, headers, agent: false }, resolve)
        .on('error', reject)
        .end(body);
    });
  }
}

function answer(
  outgoing: ServerResponse,
  { status, body = '', headers = {} }: Fault & { do: 'answer' | 'answer-after' },
): void {
  outgoing.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers }).end(body);
}

async function giveBack(reply: IncomingMessage, outgoing: ServerResponse, fault: Fault): Promise<void> {
  const status = reply.statusCode ?? 502;
  if (
    fault.do === 'pass' ||
    fault.do === 'delay' ||
    fault.do === 'duplicate' ||
    fault.do === 'corrupt-request'
  ) {
    outgoing.writeHead(status, reply.rawHeaders);
    reply.pipe(outgoing);
    return;
  }
  const body = await buffer(reply);
  const { 'content-length': length, ...headers } = reply.headers;
  delete headers['transfer-encoding'];
  if (fault.do === 'truncate') {
    outgoing.writeHead(status, { ...headers, 'content-length': Math.min(fault.at, body.length) });
    outgoing.end(body.subarray(0, fault.at));
    return;
  }
  outgoing.writeHead(status, { ...headers, 'content-length': length ?? body.length });
  if (fault.do === 'corrupt') {
    flip(body, fault.at);
    outgoing.end(body);
  } else if (fault.do === 'cut' || fault.do === 'stall') {
    outgoing.flushHeaders();
    await new Promise<void>((resolve) => outgoing.write(body.subarray(0, fault.at), () => resolve()));
    // Not a reset: that would take back bytes that the client has not read yet, and nobody could say which.
    if (fault.do === 'cut') outgoing.socket?.end();
  }
}

function flip(body: Buffer, at: number): void {
  const byte = body[at];
  if (byte !== undefined) body[at] = byte ^ 0xff;
}
