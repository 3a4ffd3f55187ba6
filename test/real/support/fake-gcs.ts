import assert from 'node:assert/strict';
import { startServer } from './server.ts';
import { tool } from './toolchain.ts';

/** A GCS server with nothing in it, and the means by which others work on its buckets. */
export interface FakeGcs {
  /** `http://127.0.0.1:PORT`: the `endpoint` of a gs URL. */
  readonly url: string;
  /** `127.0.0.1:PORT`, as STORAGE_EMULATOR_HOST wants it. */
  readonly host: string;
  readonly makeBucket: (name: string, options?: { versioned?: boolean }) => Promise<void>;
  /** Writes an object as a producer does, over whatever is there. `metadata` are fields of its JSON resource. */
  readonly put: (
    bucket: string,
    name: string,
    bytes: Buffer,
    metadata?: Readonly<Record<string, unknown>>,
  ) => Promise<void>;
  readonly remove: (bucket: string, name: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts fake-gcs-server; its objects are in memory and end with it. It never outlives this process. */
export async function startFakeGcs({ tempFolder }: { tempFolder: string }): Promise<FakeGcs> {
  const host = (port: number | undefined): string => `127.0.0.1:${port}`;
  const { ports, child } = await startServer(tempFolder, {
    path: tool('fake-gcs-server'),
    ports: 1,
    args: ([port]) => [
      ...['-backend', 'memory', '-scheme', 'http', '-host', '127.0.0.1', '-port', String(port)],
      // Downloads by path (the Go client of the BigQuery emulator) are told apart from others by their Host.
      ...['-public-host', host(port), '-log-level', 'warn'],
    ],
    isReady: async ([port]) => (await fetch(`http://${host(port)}/_internal/healthcheck`)).ok,
  });
  const url = `http://${host(ports[0])}`;
  const request = async (method: string, path: string, init: RequestInit = {}): Promise<void> => {
    const answer = await fetch(`${url}${path}`, { method, ...init });
    const said = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${said}`);
  };
  return {
    url,
    host: host(ports[0]),
    makeBucket: (name, { versioned = false } = {}) =>
      request('POST', '/storage/v1/b?project=test', {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name, versioning: { enabled: versioned } }),
      }),
    put: (bucket, name, bytes, metadata = {}) => {
      const boundary = 'a-boundary-that-no-test-writes';
      const head = `--${boundary}\r\ncontent-type: application/json\r\n\r\n${JSON.stringify({ name, ...metadata })}\r\n--${boundary}\r\ncontent-type: application/octet-stream\r\n\r\n`;
      return request('POST', `/upload/storage/v1/b/${bucket}/o?uploadType=multipart`, {
        headers: { 'content-type': `multipart/related; boundary=${boundary}` },
        body: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--`)]),
      });
    },
    remove: (bucket, name) => request('DELETE', `/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}`),
    stop: () => child.kill(),
  };
}
