import { createServer } from 'node:net';
import { buildApp } from 'fauxqs';
import { S3Store as FauxqsStore } from '../../node_modules/fauxqs/dist/s3/s3Store.js';
import { compareUtf8 } from '../../workloads/core/digest.ts';
import { crc32cBase64 } from '../contract/crc32c-reference.ts';

/** Above any object of the tests; fauxqs itself takes 11 MiB. */
const MAX_BODY_BYTES = 256 * 1024 * 1024;

type Listing = ReturnType<FauxqsStore['listObjects']>;

/** fauxqs sorts keys as a language does and pages them as UTF-16 does: keys are lost between pages. S3 does both by UTF-8 bytes. */
class OrderedStore extends FauxqsStore {
  override listObjects(
    bucket: string,
    options: Parameters<FauxqsStore['listObjects']>[1] & { maxKeys?: number } = {},
  ): Listing {
    const { prefix = '', startAfter = '', maxKeys = 1_000 } = options;
    const keys = this.#objects(bucket)
      .filter((object) => object.key.startsWith(prefix) && compareUtf8(object.key, startAfter) > 0)
      .sort((a, b) => compareUtf8(a.key, b.key));
    return { objects: keys.slice(0, maxKeys), commonPrefixes: [], isTruncated: keys.length > maxKeys };
  }

  #objects(bucket: string): Listing['objects'] {
    return super.listObjects(bucket, { maxKeys: Number.MAX_SAFE_INTEGER }).objects;
  }
}

/** An S3 in this process. */
export interface FakeS3 {
  /** `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  readonly store: FauxqsStore;
  close(): Promise<void>;
}

/**
 * fauxqs 2.4.1, and what it lacks of what S3 documents: If-None-Match on PUT, CRC-32C, `encoding-type=url`, the order of keys,
 * bodies above 11 MiB, If-Match against HEAD. Each is corrected here by a hook around fauxqs's own handler.
 */
export async function startS3(): Promise<FakeS3> {
  const store = new OrderedStore();
  type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>['stores']>;
  const app = buildApp({ logger: false, stores: { s3Store: store } as unknown as Stores });
  app.removeContentTypeParser('*');
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES }, (_request, body, done) =>
    done(null, body),
  );
  app.addHook('preHandler', (request, reply, done) => {
    const refusal = refusalOf(store, objectOf(request.params), request);
    if (refusal === undefined) done();
    else
      void reply
        .code(refusal.status)
        .type('application/xml')
        .send(request.method === 'HEAD' ? '' : refusal.xml);
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    const { bucket, key } = objectOf(request.params);
    const crc = request.headers['x-amz-checksum-crc32c'];
    if (request.method === 'PUT' && reply.statusCode === 200 && key !== '' && typeof crc === 'string') {
      Object.assign(store.headObject(bucket, key), {
        checksumAlgorithm: 'CRC32C',
        checksumValue: crc,
        checksumType: 'FULL_OBJECT',
      });
    }
    const { 'encoding-type': encoding } = request.query as Record<string, string | undefined>;
    done(null, encoding === 'url' && typeof payload === 'string' ? urlEncoded(payload) : payload);
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const address = app.server.address() as { port: number };
  return { endpoint: `http://127.0.0.1:${address.port}`, store, close: () => app.close() };
}

function objectOf(params: unknown): { bucket: string; key: string } {
  const { bucket = '', '*': key = '' } = (params ?? {}) as Partial<Record<string, string>>;
  return { bucket, key };
}

/** What S3 refuses and fauxqs does not. Runs in one turn with fauxqs's handler, so that two requests never both pass. */
function refusalOf(
  store: FauxqsStore,
  { bucket, key }: { bucket: string; key: string },
  request: { method: string; headers: Readonly<Record<string, unknown>>; body: unknown },
): { status: number; xml: string } | undefined {
  if (key === '' || !store.hasBucket(bucket)) return undefined;
  const found = isThere(store, bucket, key);
  if (request.method === 'PUT' && request.headers['if-none-match'] === '*' && found !== undefined)
    return refusal(412, 'PreconditionFailed');
  if (
    request.method === 'HEAD' &&
    found !== undefined &&
    ![undefined, found].includes(request.headers['if-match'] as string)
  )
    return refusal(412, 'PreconditionFailed');
  const crc = request.headers['x-amz-checksum-crc32c'];
  if (request.method === 'PUT' && typeof crc === 'string' && crc32cBase64(request.body as Buffer) !== crc)
    return refusal(400, 'BadDigest');
  return undefined;
}

/** The ETag of what is at a key. */
function isThere(store: FauxqsStore, bucket: string, key: string): string | undefined {
  try {
    return store.headObject(bucket, key).etag;
  } catch {
    return undefined;
  }
}

/** An error as S3 writes it. */
export function s3Error(code: string, message = code, more = ''): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`;
}

function refusal(status: number, code: string): { status: number; xml: string } {
  return { status, xml: s3Error(code) };
}

/** The listing as S3 answers it to `encoding-type=url`: a space as `+`, slashes as they are. */
function urlEncoded(xml: string): string {
  const encode = (text: string): string =>
    encodeURIComponent(unescaped(text)).replaceAll('%20', '+').replaceAll('%2F', '/');
  return xml
    .replace('<IsTruncated>', '<EncodingType>url</EncodingType><IsTruncated>')
    .replaceAll(/<Key>(.*?)<\/Key>/gs, (_, key: string) => `<Key>${encode(key)}</Key>`);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(xml: string): string {
  return xml.replaceAll(/&(\w+);/g, (_, name: string) => ENTITIES[name] ?? '');
}

/** A port of this machine where nobody listens. */
export async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
