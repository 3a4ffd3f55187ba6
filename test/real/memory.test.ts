import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before } from 'mocha';
import { runWorkload, type Command, type Run } from '../../bench/pods/carry.ts';
import { startClouds, type Clouds } from '../../bench/pods/clouds.ts';
import { makeHour, TYPES, type HourSummary } from '../../bench/pods/hour.ts';
import { writeImageFiles } from '../../scripts/image.ts';
import { itIf } from '../support/skip.ts';
import { tempFolder } from '../support/temp.ts';
import { cgroupProblem } from './support/cgroup.ts';

const MIB = 2 ** 20;

/** What may be resident at the peak: an eighth of the pod's 128 MiB is left for the kernel's own (sockets, page tables, file cache). */
const LIMIT_BYTES = 112 * MIB;

/** The pod as `infra/` declares it: 128 MiB and a tenth of a core. */
const POD = { memoryBytes: 128 * MIB, cpuMillis: 100 };

/** Uncompressed bytes of hours: `npm run bench:pods` takes a GB, and a tenth of a core takes minutes for what is more than a few MB. */
const SMALL_BYTES = 24 * MIB;
const LARGE_BYTES = 4 * SMALL_BYTES;
const INSIDE_BYTES = 8 * MIB;

/** How much more an hour of four times the bytes may hold: V8 collects when it likes. One whose memory grew with it would hold 72 more. */
const NOISE_BYTES = 10 * MIB;

/** A process's memory is read from /proc. */
const itLinux = itIf(process.platform === 'linux', 'memory is read from /proc, which only Linux has');
const problem = process.platform === 'linux' ? cgroupProblem() : 'cgroups are of Linux';
const itInCgroup = itIf(problem === undefined, problem ?? '');

const told = ({ code, signal, stderr, stdout }: Run): string =>
  `${String(code ?? signal)}\n${stderr}${stdout}`.slice(-4_000);

/**
 * The image's own files with the environment of the program's own CronJobs, against S3, GCS and BigQuery behind TLS. BigQuery counts rows and
 * stores none (bench/pods/bigquery-stand-in.ts): values are compared on bigquery-emulator elsewhere, and what BigQuery does with rows costs
 * the loader nothing.
 */
describe(`a pod of 128 MiB, with an hour of ${TYPES} types`, function () {
  // Made hours, and runs on a tenth of a core.
  this.timeout(300_000);
  const folder = tempFolder();
  const dist = join(folder, 'app/dist');
  before(() => writeImageFiles(folder));

  function hour(bytes: number): {
    run: (command: Command, limits?: typeof POD) => Promise<Run>;
    is: () => Clouds;
    summary: () => HourSummary;
  } {
    const place = tempFolder();
    let clouds: Clouds | undefined;
    let summary: HourSummary;
    before(async () => {
      clouds = await startClouds(place);
      summary = await makeHour(bytes, clouds.put);
    });
    after(() => clouds?.stop());
    return {
      is: () => clouds!,
      summary: () => summary,
      run: (command, limits) =>
        runWorkload(command, {
          bundle: dist,
          folder: place,
          clouds: clouds!,
          ...(limits === undefined ? {} : { limits }),
        }),
    };
  }

  function assertCarried({ is, summary }: ReturnType<typeof hour>): void {
    const { lines, broken, misfits } = summary();
    assert.deepEqual(is().bigquery.committed, {
      types: TYPES,
      rows: lines - broken - misfits,
      rejected: misfits,
    });
  }

  const peaks: Partial<Record<string, number>> = {};
  describe('whatever its size', () => {
    const [small, large] = [hour(SMALL_BYTES), hour(LARGE_BYTES)];
    for (const command of ['classify', 'load'] as const)
      itLinux(`${command} holds at most 112 MiB, and no more for four times the bytes`, async () => {
        for (const [name, each] of Object.entries({ small, large })) {
          const run = await each.run(command);
          assert.equal(run.code, 0, told(run));
          peaks[`${command} ${name}`] = run.peakBytes;
          assert.ok(run.peakBytes <= LIMIT_BYTES, `${name}: ${(run.peakBytes / MIB).toFixed(1)} MiB`);
        }
        const [few = 0, many = 0] = [peaks[`${command} small`], peaks[`${command} large`]];
        assert.ok(many - few <= NOISE_BYTES, JSON.stringify(peaks));
        if (command === 'load') [small, large].forEach(assertCarried);
      });
  });

  describe('inside of its limits', () => {
    const inside = hour(INSIDE_BYTES);
    for (const command of ['classify', 'load'] as const)
      itInCgroup(`${command} runs to its end in a cgroup of 128 MiB and a tenth of a core`, async () => {
        const run = await inside.run(command, POD);
        assert.equal(run.code, 0, told(run));
        const { oomKills, throttled, peakBytes } = run.cgroup!;
        assert.equal(oomKills, 0);
        // Node's own code is counted where it was read first, which may be another cgroup.
        assert.ok(
          peakBytes > 32 * MIB && peakBytes <= POD.memoryBytes,
          `${peakBytes / MIB} MiB: was it counted?`,
        );
        // A tenth of a core: it was held back, or the limit was not in force.
        assert.ok(throttled.periods > 10, JSON.stringify(throttled));
        if (command === 'load') assertCarried(inside);
      });
  });
});
