import { globSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AWS_ACCOUNT } from '../../../support/cloud-answers/aws.ts';
import { startS3, type FakeS3 } from '../../../support/s3-fauxqs.ts';
import { stackSettings } from '../../../support/program.ts';
import { startBigQueryEmulator, type BigQueryEmulator } from '../bigquery-emulator.ts';
import { startControlPlane, type ControlPlane } from '../control-plane.ts';
import { engineBench, type Bench } from '../engine-bench.ts';
import type { Engine } from '../engine.ts';
import { startFakeGcs, type FakeGcs } from '../fake-gcs.ts';
import { makeCertificates } from './certificates.ts';
import { CLOUD_NAMES, cloudServices, hostNames } from './cloud-services.ts';
import { houseEffects } from './effects.ts';
import { startFront, type Front } from './front.ts';
import { buildImage } from './image.ts';
import { Kubelet } from './kubelet.ts';
import { unhurried } from './log-hours.ts';

/** Everything between `pulumi up` and the count view, on this machine. */
export interface House {
  readonly bench: Bench;
  readonly engine: Engine;
  readonly plane: ControlPlane;
  readonly kubelet: Kubelet;
  readonly front: Front;
  /** PEM file of the authority behind the front's certificate. */
  readonly caFile: string;
  readonly s3: FakeS3;
  readonly gcs: FakeGcs;
  readonly bigquery: BigQueryEmulator;
  readonly namespace: string;
  readonly stop: () => Promise<void>;
}

/** The committed stack that the house is built by; what differs is below. */
const STACK = 'dev';
const NAMESPACE = 'logferry-dev';

/** Where folder hours begin: the classifier may list nothing else. */
const SOURCE_PREFIX = 'logs';

/** How far back pods look for hours: two, and one more for the case that an hour ends while the tests run. */
const LOOKBACK_HOURS = 3;

/** `bucket/prefix` of the source, which `up` makes. */
export const sourcePlace = (): string => `logferry-${STACK}-source-${AWS_ACCOUNT}/${SOURCE_PREFIX}`;

/** Starts every part, and the stack, on which nothing was run yet. Needs root. Throws once all that was started is stopped. */
export async function startHouse(folder: string): Promise<House> {
  const stops: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    return { ...(await build(folder, (each) => stops.push(each))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Of the project's schemas, so many as the emulator, which takes a second a type and hour, can load in a test's time. */
const TABLES = [
  ...['order_created', 'purchase', 'refund', 'session_start'],
  ...['chat_message', 'match_result', 'search', 'session_end'],
];

/** Leaves the other schema files out; their rows are then of a type that nobody knows. */
function leaveOutTypes({ project }: Bench): void {
  const files = globSync('*.json', { cwd: join(project, 'schemas'), exclude: ['*.schema.json'] });
  for (const file of files)
    if (!TABLES.includes(basename(file, '.json'))) rmSync(join(project, 'schemas', file));
}

/** The emulator ends JSON_VALUE with an error where a path meets an array, as in one payment partner's answers (BigQuery: NULL). */
function leaveOutPath(schema: object): void {
  Reflect.deleteProperty((schema as { columns: object }).columns, 'partner_code');
}

async function build(folder: string, onStop: (stop: () => unknown) => void): Promise<Omit<House, 'stop'>> {
  const settings = stackSettings(STACK);
  const issuer = settings['logferry:clusterIssuer']!;
  const stoppable = async <T>(part: Promise<T>, stop: (part: T) => unknown): Promise<T> => {
    const started = await part;
    onStop(() => stop(started));
    return started;
  };
  const [plane, gcs, s3, image] = await Promise.all([
    stoppable(startControlPlane({ tempFolder: folder, issuer }), (each) => each.stop()),
    stoppable(startFakeGcs({ tempFolder: folder }), (each) => each.stop()),
    stoppable(startS3(), (each) => each.close()),
    buildImage(join(folder, 'image')),
  ]);
  const project = settings['logferry:gcpProject']!;
  const bigquery = await startBigQueryEmulator({ tempFolder: folder, gcs, project });
  onStop(() => bigquery.stop());
  const effects = houseEffects({ plane, s3: s3.endpoint, gcs, bigquery });
  const bench = await engineBench(folder, effects);
  onStop(() => bench.stop());
  leaveOutTypes(bench);
  bench.changeSchema('purchase', leaveOutPath);
  const { cloud } = bench.standIn;
  const certificates = makeCertificates(folder, CLOUD_NAMES);
  const services = cloudServices({ cloud, plane, s3: s3.endpoint, gcs: gcs.url, bigquery: bigquery.url });
  const front = await startFront(certificates, services);
  onStop(() => front.stop());
  const engine = await bench.open(STACK, {
    ...{ clusterJwks: JSON.stringify(plane.jwks), sourcePrefix: SOURCE_PREFIX },
    ...{ lookbackHours: String(LOOKBACK_HOURS), ...unhurried(new Date()), standardGroups: '1' },
    // The tests say when a CronJob fires; else one would by itself whenever the hour happens to turn.
    suspend: 'true',
  });
  const pods = join(folder, 'pods');
  mkdirSync(pods);
  const kubelet = new Kubelet({
    ...{ plane, namespace: NAMESPACE, folder: pods },
    images: new Map([[settings['logferry:image']!, image]]),
    network: { hosts: () => hostNames(cloud, front.address), caFile: certificates.caFile },
  });
  await kubelet.start();
  onStop(() => kubelet.stop());
  return {
    bench,
    engine,
    plane,
    kubelet,
    front,
    caFile: certificates.caFile,
    s3,
    gcs,
    bigquery,
    namespace: NAMESPACE,
  };
}
