import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { recordEnvironment } from '../support/program.ts';
import type { ControlPlane } from './support/control-plane.ts';
import {
  cronJob,
  deploy,
  endPod,
  jobSays,
  kubernetesObjects,
  ownedBy,
  startJob,
  type Job,
  type Pod,
} from './support/kubernetes-objects.ts';
import { usePlane } from './support/use-plane.ts';
import { waitFor } from './support/wait.ts';

const NAMESPACE = 'logferry-dev';
const SHARDS = 3;
/** Seconds until the Job controller has made the pods of a Job, or the next one of an index. */
const CONTROLLER_SECONDS = 60;
const INDEX = 'batch.kubernetes.io/job-completion-index';

const indexOf = ({ metadata }: Pod): number =>
  Number((metadata as unknown as { annotations: Record<string, string> }).annotations[INDEX]);

const over = ({ status }: Job): [string, string][] =>
  (status.conditions ?? [])
    .filter(({ status: is }) => is === 'True')
    .map(({ type, reason }) => [type, reason]);

describe('the classifier’s Job where hours may be spread over three shards', () => {
  let plane: ControlPlane;

  usePlane(async (started) => {
    plane = started;
    const changes = { 'logferry:maxShards': String(SHARDS) };
    await deploy(plane, kubernetesObjects((await recordEnvironment('dev', changes)).registrations));
  });

  const start = async (name: string): Promise<Job> =>
    startJob(plane, await cronJob(plane, NAMESPACE, 'classifier'), name);

  /** The pods of a Job that are not over, by index, once they are those of these indexes. */
  const livePods = (job: Job, indexes: readonly number[]): Promise<Map<number, Pod>> =>
    waitFor(`pods ${indexes.join(', ')} of ${job.metadata.name}`, CONTROLLER_SECONDS, async () => {
      const pods = await ownedBy<Pod>(plane, job, 'pods');
      const live = pods.filter(({ status }) => status.phase === 'Pending');
      const found = live.map(indexOf).toSorted();
      return JSON.stringify(found) === JSON.stringify(indexes)
        ? new Map(live.map((pod) => [indexOf(pod), pod]))
        : undefined;
    });

  const ended = (job: Job): Promise<Job> =>
    jobSays(plane, job, 'that it is over', (found) =>
      over(found).some(([type]) => type === 'Failed' || type === 'Complete') ? found : undefined,
    );

  it('is accepted as it is sent, without a warning', async () => {
    const { spec } = (await cronJob(plane, NAMESPACE, 'classifier')).spec.jobTemplate;
    const { completionMode, completions, parallelism, backoffLimitPerIndex, podReplacementPolicy } = spec;
    assert.deepEqual([completionMode, completions, parallelism], ['Indexed', SHARDS, SHARDS]);
    assert.deepEqual([backoffLimitPerIndex, podReplacementPolicy], [2, 'Failed']);
    assert.deepEqual(plane.warnings, []);
  });

  it('has a pod for each index, all at once, each told its index by its own annotation', async function () {
    this.timeout(0);
    const job = await start('all');
    const pods = await livePods(job, [0, 1, 2]);
    for (const pod of pods.values()) {
      const env = pod.spec.containers[0]!.env;
      const valueOf = (name: string): unknown => env.find((variable) => variable.name === name);
      assert.deepEqual(valueOf('LOGFERRY_SHARDS'), { name: 'LOGFERRY_SHARDS', value: String(SHARDS) });
      assert.deepEqual(valueOf('LOGFERRY_SHARD'), {
        name: 'LOGFERRY_SHARD',
        valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.annotations['${INDEX}']` } },
      });
      await endPod(plane, pod, 0);
    }
    const { status } = await ended(job);
    assert.deepEqual([status.succeeded, status.completedIndexes, status.failed ?? 0], [3, '0-2', 0]);
    assert.deepEqual(over({ status } as Job).at(-1), ['Complete', 'CompletionsReached']);
  });

  it('one that dies is tried again alone, and waits are not counted', async function () {
    this.timeout(0);
    const job = await start('dies');
    const first = await livePods(job, [0, 1, 2]);
    for (const index of [0, 2]) await endPod(plane, first.get(index)!, 0);
    let { spec } = first.get(1)!;
    await endPod(plane, first.get(1)!, 137);
    for (const code of [75, 1, 75]) {
      const pod = (await livePods(job, [1])).get(1)!;
      assert.deepEqual(pod.spec, spec);
      ({ spec } = pod);
      await endPod(plane, pod, code);
    }
    await endPod(plane, (await livePods(job, [1])).get(1)!, 0);
    const { status } = await ended(job);
    assert.deepEqual([status.succeeded, status.completedIndexes, status.failed], [3, '0-2', 2]);
  });

  it('one that fails three times fails the Job, and only after the others have ended what they do', async function () {
    this.timeout(0);
    const job = await start('fails');
    const pods = await livePods(job, [0, 1, 2]);
    await endPod(plane, pods.get(1)!, 1);
    for (let time = 2; time <= 3; time++) await endPod(plane, (await livePods(job, [0, 1, 2])).get(1)!, 1);
    await jobSays(plane, job, 'its failed index', (found) => found.status.failedIndexes === '1' || undefined);
    const left = await livePods(job, [0, 2]);
    for (const pod of left.values()) await endPod(plane, pod, 0);
    const { status } = await ended(job);
    assert.deepEqual([status.succeeded, status.completedIndexes, status.failedIndexes], [2, '0,2', '1']);
    assert.deepEqual(over({ status } as Job).at(-1), ['Failed', 'FailedIndexes']);
  });

  it('2, a wrong setting, ends all of them at once: it is everyone’s', async function () {
    this.timeout(0);
    const job = await start('wrong');
    await endPod(plane, (await livePods(job, [0, 1, 2])).get(2)!, 2);
    const { status } = await jobSays(plane, job, 'why it failed', (found) =>
      over(found).some(([type]) => type === 'FailureTarget') ? found : undefined,
    );
    assert.equal(status.conditions?.[0]?.reason, 'PodFailurePolicy');
  });
});
