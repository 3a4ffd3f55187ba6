import { motoServer } from './moto-venv.ts';
import { startServer } from './server.ts';

/** moto's S3, STS and IAM, all at one address, with nothing in them. */
export interface Moto {
  /** `http://127.0.0.1:PORT`: the `endpoint` of an s3 URL, and AWS_ENDPOINT_URL_STS. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts moto's server; what it holds is in memory and ends with it. It never outlives this process. */
export async function startMoto({ tempFolder }: { tempFolder: string }): Promise<Moto> {
  const { ports, child } = await startServer(tempFolder, {
    path: motoServer(),
    ports: 1,
    args: ([port]) => ['-H', '127.0.0.1', '-p', String(port)],
    isReady: async ([port]) => (await fetch(`http://127.0.0.1:${port}/moto-api/`)).ok,
  });
  return { url: `http://127.0.0.1:${ports[0]}`, stop: () => child.kill() };
}
