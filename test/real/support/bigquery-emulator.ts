import type { FakeGcs } from './fake-gcs.ts';
import { startServer } from './server.ts';
import { tool } from './toolchain.ts';
import { startUnpackingProxy } from './unpacking-proxy.ts';

/** A BigQuery server with one project and no datasets. */
export interface BigQueryEmulator {
  /** `http://127.0.0.1:PORT`: the client option `apiEndpoint`, and the `endpoint` of a bigquery URL. */
  readonly url: string;
  readonly project: string;
  /** Sends a request of BigQuery's REST API below `/bigquery/v2/projects/<project>` and gives the JSON answer. */
  readonly request: (method: string, path: string, body?: unknown) => Promise<unknown>;
  readonly stop: () => Promise<void>;
}

/**
 * Starts bigquery-emulator; its tables are in memory and end with it. It never outlives this process.
 * @param options.gcs Where load jobs find `gs://` objects; those named `.gz` are unpacked, as BigQuery does.
 */
export async function startBigQueryEmulator({
  tempFolder,
  gcs,
  project = 'test-project',
}: {
  tempFolder: string;
  gcs: Pick<FakeGcs, 'url'>;
  project?: string;
}): Promise<BigQueryEmulator> {
  const objects = await startUnpackingProxy(gcs.url);
  const base = (port: number | undefined): string => `http://127.0.0.1:${port}`;
  const { ports, child } = await startServer(tempFolder, {
    path: tool('bigquery-emulator'),
    ports: 2,
    args: ([port, grpcPort]) => [
      ...['--project', project, '--host', '127.0.0.1'],
      ...['--port', String(port), '--grpc-port', String(grpcPort)],
    ],
    // Its database is a file of the temporary folder, also where it is called one in memory.
    env: { STORAGE_EMULATOR_HOST: objects.url, TMPDIR: tempFolder },
    isReady: async ([port]) => (await fetch(`${base(port)}/bigquery/v2/projects`)).ok,
  }).catch(async (error: unknown) => {
    await objects.close();
    throw error;
  });
  const url = base(ports[0]);
  return {
    url,
    project,
    request: async (method, path, body) => {
      const answer = await fetch(`${url}/bigquery/v2/projects/${project}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const said = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${said}`);
      return said === '' ? undefined : (JSON.parse(said) as unknown);
    },
    stop: async () => {
      await child.kill();
      await objects.close();
    },
  };
}
