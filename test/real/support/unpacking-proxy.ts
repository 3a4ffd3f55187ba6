import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGunzip } from 'node:zlib';

/** A place on the network where objects named `.gz` are read as what is packed in them. */
export interface UnpackingProxy {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Stands between the BigQuery emulator and a GCS server: BigQuery's load jobs unpack gzip, the emulator's do not.
 * @param target `http://127.0.0.1:PORT` of the GCS server.
 */
export async function startUnpackingProxy(target: string): Promise<UnpackingProxy> {
  const { host, hostname, port } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    const forwarded = request(
      // The GCS server tells downloads by their Host; a packed object must come whole and as it is stored.
      {
        ...{ hostname, port, method: incoming.method, path: incoming.url, agent: false },
        headers: { ...incoming.headers, host },
      },
      (reply) => giveBack(incoming.url ?? '', reply, outgoing),
    );
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Headers that tell of the packed bytes; the emulator would hold them against the unpacked ones. */
const OF_PACKED_BYTES = /^(content-length|content-range|accept-ranges|x-goog-hash|x-goog-stored-.*)$/;

function giveBack(url: string, reply: IncomingMessage, outgoing: ServerResponse): void {
  const isObject = reply.headers['content-type'] === 'application/octet-stream';
  const path = url.split('?', 1)[0] ?? '';
  if (reply.statusCode !== 200 || !isObject || !path.endsWith('.gz')) {
    outgoing.writeHead(reply.statusCode ?? 502, reply.rawHeaders);
    reply.pipe(outgoing);
    return;
  }
  const headers = Object.entries(reply.headers).filter(([name]) => !OF_PACKED_BYTES.test(name));
  outgoing.writeHead(200, Object.fromEntries(headers));
  reply
    .pipe(createGunzip())
    .on('error', () => outgoing.destroy())
    .pipe(outgoing);
}
