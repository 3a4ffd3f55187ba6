import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SESSION_BYTES } from '../../../workloads/adapters/gcs/create.ts';
import { GcsStore } from '../../../workloads/adapters/gcs/gcs-store.ts';
import { crc32cBase64 } from '../../contract/crc32c-reference.ts';
import { localFiles } from '../../contract/store-bench.ts';
import { tempFolder } from '../../support/temp.ts';
import { StandIn, type Answered, type Asked } from './stand-in.ts';

const local = localFiles(tempFolder());
const BYTES = Buffer.concat([randomBytes(SESSION_BYTES), Buffer.from('the end')]);
const DONE = {
  status: 200,
  json: { size: String(BYTES.length), crc32c: crc32cBase64(BYTES), generation: '1' },
};
const resume = (kept: number): Answered => ({
  status: 308,
  ...(kept === 0 ? {} : { headers: { range: `bytes=0-${kept - 1}` } }),
});

/** GCS's side of upload sessions: each step of the script is one PUT. */
async function upload(steps: readonly ((asked: Asked) => Answered)[]): Promise<string[]> {
  let sessions = 0;
  let step = 0;
  const server = await new StandIn((asked, base) => {
    if (asked.method !== 'POST') return steps[step++]?.(asked) ?? { status: 500 };
    const location = `${base}/session-${++sessions}`;
    return { status: 200, headers: { location }, json: {} };
  }).listen();
  const store = new GcsStore(
    { bucket: 'bucket', prefix: 'p', endpoint: server.url },
    { retry: { deadlineMs: 5_000, baseMs: 1, capMs: 1 } },
  );
  await store.create('key', local(BYTES));
  for (const { method, headers, body } of server.asked) {
    // What is sent is what the range says.
    const [, from, to] = /^bytes (\d+)-(\d+)\//.exec(headers['content-range'] ?? '') ?? [];
    if (from !== undefined) assert.ok(body.equals(BYTES.subarray(Number(from), Number(to) + 1)), from);
    assert.equal(method === 'PUT' ? Number(headers['content-length']) : body.length, body.length);
  }
  return server.asked.map(({ method, url, headers }) =>
    method === 'POST' ? 'begin' : `${url.slice(1)} ${headers['content-range'] ?? ''}`,
  );
}

const LAST = BYTES.length - 1;
const WHOLE = `bytes 0-${LAST}/${BYTES.length}`;
const ASK = `bytes */${BYTES.length}`;

describe('GCS upload sessions', () => {
  it('one that nothing disturbs: begin, send', async () => {
    assert.deepEqual(await upload([() => DONE]), ['begin', `session-1 ${WHOLE}`]);
  });

  it('one that is cut off asks what GCS has, and sends the rest, as often as it must', async () => {
    assert.deepEqual(
      await upload([
        () => undefined,
        () => resume(262_144),
        () => ({ status: 503 }),
        () => resume(524_288),
        () => DONE,
      ]),
      [
        'begin',
        `session-1 ${WHOLE}`,
        `session-1 ${ASK}`,
        `session-1 bytes 262144-${LAST}/${BYTES.length}`,
        `session-1 ${ASK}`,
        `session-1 bytes 524288-${LAST}/${BYTES.length}`,
      ],
    );
  });

  it('one of which GCS kept nothing is sent whole again; one that it kept less of than it got goes on from there', async () => {
    assert.deepEqual(
      await upload([() => undefined, () => resume(0), () => resume(100), () => resume(100), () => DONE]),
      [
        'begin',
        `session-1 ${WHOLE}`,
        `session-1 ${ASK}`,
        `session-1 ${WHOLE}`,
        `session-1 ${ASK}`,
        `session-1 bytes 100-${LAST}/${BYTES.length}`,
      ],
    );
  });

  it('one whose last answer was lost is found done', async () => {
    assert.deepEqual(await upload([() => undefined, () => DONE]), [
      'begin',
      `session-1 ${WHOLE}`,
      `session-1 ${ASK}`,
    ]);
  });

  for (const status of [404, 410])
    it(`one that is gone (${status}) begins anew`, async () => {
      assert.deepEqual(await upload([() => ({ status }), () => DONE]), [
        'begin',
        `session-1 ${WHOLE}`,
        'begin',
        `session-2 ${WHOLE}`,
      ]);
      assert.deepEqual(await upload([() => undefined, () => ({ status }), () => DONE]), [
        'begin',
        `session-1 ${WHOLE}`,
        `session-1 ${ASK}`,
        'begin',
        `session-2 ${WHOLE}`,
      ]);
    });

  it('bytes that GCS found changed (400) are sent anew in another session', async () => {
    const changed = { error: { message: 'Provided CRC32C "a" doesn\'t match calculated CRC32C "b".' } };
    assert.deepEqual(await upload([() => ({ status: 400, json: changed }), () => DONE]), [
      'begin',
      `session-1 ${WHOLE}`,
      'begin',
      `session-2 ${WHOLE}`,
    ]);
  });

  it('an object that is stored with another crc32c, or another size -> TransientError', async () => {
    for (const wrong of [{ crc32c: 'AAAAAA==' }, { size: '7' }])
      await assert.rejects(upload([() => ({ ...DONE, json: { ...DONE.json, ...wrong } })]), {
        name: 'TransientError',
        message:
          /^Object gs:\/\/bucket\/p\/key: sent 8388615 bytes with crc32c \S+, stored were \d+ with \S+$/,
      });
  });

  it('is announced with its name, size, type, crc32c and generation 0', async () => {
    const server = await new StandIn(({ method }, base) =>
      method === 'POST' ? { status: 200, headers: { location: `${base}/s` }, json: {} } : DONE,
    ).listen();
    const store = new GcsStore({ bucket: 'bucket', prefix: 'p', endpoint: server.url });
    await store.create('a b/+.gz', local(BYTES));
    const { url, headers, body } = server.asked[0]!;
    const { pathname, searchParams } = new URL(url, server.url);
    assert.equal(pathname, '/upload/storage/v1/b/bucket/o');
    assert.deepEqual(Object.fromEntries(searchParams), {
      uploadType: 'resumable',
      name: 'p/a b/+.gz',
      ifGenerationMatch: '0',
      fields: 'size,generation,crc32c',
    });
    assert.deepEqual(JSON.parse(body.toString()), {
      name: 'p/a b/+.gz',
      contentType: 'application/octet-stream',
      crc32c: crc32cBase64(BYTES),
    });
    assert.equal(headers['x-upload-content-length'], String(BYTES.length));
  });
});

describe('GCS uploads', () => {
  it('arrive byte for byte where the other side reads slowly', async () => {
    const chunks: Buffer[] = [];
    const server = createServer((incoming, outgoing) => {
      if (incoming.method === 'POST') {
        const { host = '' } = incoming.headers;
        outgoing.writeHead(200, { location: `http://${host}/s` }).end('{}');
        return;
      }
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        incoming.pause();
        setTimeout(() => incoming.resume(), chunks.length % 16 === 0 ? 10 : 0);
      });
      incoming.on('end', () => outgoing.writeHead(200).end(JSON.stringify(DONE.json)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await new GcsStore({ bucket: 'bucket', prefix: '', endpoint }).create('k', local(BYTES));
    server.close();
    server.closeAllConnections();
    assert.ok(Buffer.concat(chunks).equals(BYTES));
  });

  it('a refusal that comes before the body was sent is taken as what it is', async () => {
    const server = createServer((_incoming, outgoing) => {
      outgoing
        .writeHead(412)
        .end(JSON.stringify({ error: { message: 'first' } }), () => outgoing.socket?.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const store = new GcsStore(
      { bucket: 'bucket', prefix: '', endpoint },
      { retry: { deadlineMs: 0, baseMs: 1, capMs: 1 } },
    );
    const bytes = BYTES.subarray(0, SESSION_BYTES - 1);
    const end = await store.create('k', local(bytes)).catch((error: unknown) => (error as Error).name);
    server.close();
    // The system may lose the answer to the reset that follows it: then the end is not known, and never a success.
    assert.ok(end === 'AlreadyExistsError' || end === 'TransientError', String(end));
  });
});

describe('GCS connections', () => {
  it('are used again, by listings, looks and uploads', async () => {
    const small = Buffer.from('x');
    const server = await new StandIn(() => ({
      status: 200,
      json: { size: '1', generation: '1', crc32c: crc32cBase64(small) },
    })).listen();
    const store = new GcsStore({ bucket: 'bucket', prefix: '', endpoint: server.url });
    await store.list('');
    await store.head('k');
    await store.create('k', local(small));
    await store.head('k');
    assert.equal(server.asked.length, 4);
    assert.equal(new Set(server.asked.map(({ port }) => port)).size, 1);
  });
});
