import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeImageFiles } from '../../scripts/image.ts';
import { runWorkload, type Run } from './carry.ts';
import { startClouds, type Clouds } from './clouds.ts';
import { makeHour, TYPES, type SourceObject } from './hour.ts';
import { putLocally } from './put-locally.ts';

// What a pod needs, measured: npm run bench:pods -- [--megabytes 1000] [--millicores 100]
// Every figure of docs/operations.md about memory and CPU comes from here. Linux, with test/real built.

const MIB = 2 ** 20;
const MB = 1e6;

/** What is carried from where to where; what differs between two of them is the cost of one SDK with its TLS. */
const RUNS = [
  { command: 'classify', name: 'classify file -> file', source: 'file', staging: 'file' },
  { command: 'classify', name: 'classify s3 -> file', source: 's3', staging: 'file' },
  { command: 'classify', name: 'classify gs -> file', source: 'gs', staging: 'file' },
  { command: 'classify', name: 'classify s3 -> gs', source: 's3', staging: 'gs' },
  { command: 'load', name: 'load gs -> bigquery', source: 's3', staging: 'gs' },
] as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { megabytes: { type: 'string', default: '1000' }, millicores: { type: 'string' } },
  });
  const folder = mkdtempSync(join(tmpdir(), 'logferry-bench-'));
  let clouds: Clouds | undefined;
  try {
    await writeImageFiles(folder);
    clouds = await startClouds(folder);
    const { put, urls } = clouds;
    const source = join(folder, 'source');
    const everywhere = async (object: SourceObject): Promise<void> => {
      putLocally(source, object);
      await put(object, 'gs');
      await put(object);
    };
    const { bytes, lines } = await makeHour(Number(values.megabytes) * MB, everywhere);
    console.log(`${cpus()[0]?.model ?? 'unknown'} x ${cpus().length}, Node ${process.versions.node}`);
    console.log(
      `an hour of ${TYPES} types: ${(bytes / MB).toFixed(0)} MB, ${lines} lines, every second object gzip`,
    );
    const memory = { memoryBytes: 128 * MIB };
    const limits =
      values.millicores === undefined ? {} : { limits: { ...memory, cpuMillis: Number(values.millicores) } };
    for (const [index, run] of RUNS.entries()) {
      const { command, name } = run;
      const staging = { file: `file:${join(folder, `staging-${index}`)}`, gs: urls.staging }[run.staging];
      const places = {
        ...urls,
        source: { file: `file:${source}`, s3: urls.source, gs: urls.gcsSource }[run.source],
        staging,
      };
      const setup = { bundle: join(folder, 'app/dist'), folder, clouds, places, ...limits };
      const used = await runWorkload(command, setup);
      if (used.code !== 0)
        throw new Error(`${name} ended with ${String(used.code ?? used.signal)}:\n${used.stderr}`);
      console.log(line(name, used, bytes));
    }
  } finally {
    await clouds?.stop();
    rmSync(folder, { recursive: true });
  }
}

function line(name: string, { peakBytes, cpuSeconds, seconds, cgroup }: Run, bytes: number): string {
  const figures = [
    `${(peakBytes / MIB).toFixed(1)} MiB resident`,
    `${cpuSeconds.toFixed(1)} s of CPU (${(bytes / MB / cpuSeconds).toFixed(0)} MB/s)`,
    `${seconds.toFixed(1)} s (${(bytes / MB / seconds).toFixed(1)} MB/s)`,
    ...(cgroup === undefined
      ? []
      : [`cgroup ${(cgroup.peakBytes / MIB).toFixed(0)} MiB, ${cgroup.oomKills} killed`]),
  ];
  return `${name.padEnd(24)}${figures.join(', ')}`;
}

await main();
