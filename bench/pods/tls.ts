import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream';

/** Days that the certificate lives: no run takes one. */
const DAYS = 2;

/** A certificate for 127.0.0.1 that vouches for itself. */
export interface Certificate {
  /** The file that NODE_EXTRA_CA_CERTS names. */
  readonly file: string;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Makes a certificate in `folder`. @throws where there is no openssl. */
export function makeCertificate(folder: string): Certificate {
  const [file, keyFile] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        String(DAYS),
      ],
      ...['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'],
      ...['-keyout', keyFile, '-out', file],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  return { file, cert: readFileSync(file), key: readFileSync(keyFile) };
}

/** A server that speaks TLS and hands on to one that does not. */
export interface TlsFront {
  /** `https://127.0.0.1:<port>` */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Puts TLS in front of a server of this machine. Clouds are reached over TLS only, and plain HTTP is read in larger pieces: a pod's
 * memory measured over it would be another one.
 */
export async function startTlsFront(target: string, { cert, key }: Certificate): Promise<TlsFront> {
  const { hostname, port, host } = new URL(target);
  const server = createServer({ cert, key }, (incoming, outgoing) => {
    const inner = httpRequest(
      { hostname, port, method: incoming.method, path: incoming.url, headers: { ...incoming.headers, host } },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, withPublicUrl(answer.headers, target, front.url));
        pipeline(answer, outgoing, () => undefined);
      },
    );
    inner.on('error', () => outgoing.destroy());
    pipeline(incoming, inner, () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const front: TlsFront = {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  return front;
}

/** An upload session's address leads back through the front. */
function withPublicUrl<T extends { location?: string | undefined }>(
  headers: T,
  inner: string,
  outer: string,
): T {
  const { location } = headers;
  return location === undefined ? headers : { ...headers, location: location.replace(inner, outer) };
}
