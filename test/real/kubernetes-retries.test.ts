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
  livePod,
  startJob,
  type Job,
  type Pod,
} from './support/kubernetes-objects.ts';
import { usePlane } from './support/use-plane.ts';

const NAMESPACE = 'logferry-dev';
/** What the node says of a pod that it had to give up (Kubernetes, "Disruptions"). */
const DRAINED = [{ type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI' }];
/** 128 + SIGTERM. */
const TERMINATED = 143;

const conditionsOf = ({ status }: Job): [string, string][] =>
  (status.conditions ?? [])
    .filter((condition) => condition.status === 'True')
    .map(({ type, reason }) => [type, reason]);

describe('what the real Job controller makes of a pod’s end', () => {
  let plane: ControlPlane;

  usePlane(async (started) => {
    plane = started;
    await deploy(plane, kubernetesObjects((await recordEnvironment('dev')).registrations));
  });

  const start = async (name: string): Promise<Job> =>
    startJob(plane, await cronJob(plane, NAMESPACE, 'classifier'), name);

  /** Ends the pod that is there, and gives the next one. */
  async function retried(job: Job, ...end: [number, typeof DRAINED?]): Promise<Pod> {
    const pod = await livePod(plane, job);
    await endPod(plane, pod, ...end);
    const next = await livePod(plane, job);
    assert.notEqual(next.metadata.uid, pod.metadata.uid);
    assert.deepEqual(next.spec, pod.spec);
    return next;
  }

  const over = (job: Job): Promise<Job> =>
    jobSays(plane, job, 'that it is over', (found) =>
      conditionsOf(found).some(([type]) => type === 'Failed' || type === 'Complete') ? found : undefined,
    );

  it('75, an hour that is not ready: tried again however often, and never counted', async function () {
    this.timeout(0);
    const job = await start('waits');
    for (let time = 1; time <= 4; time++) await retried(job, 75);
    await endPod(plane, await livePod(plane, job), 0);
    const { status } = await over(job);
    assert.deepEqual([status.failed ?? 0, status.succeeded], [0, 1]);
  });

  it('a node that is drained: tried again, and not counted', async function () {
    this.timeout(0);
    const job = await start('drained');
    for (let time = 1; time <= 3; time++) await retried(job, TERMINATED, DRAINED);
    await endPod(plane, await livePod(plane, job), 0);
    const { status } = await over(job);
    assert.deepEqual([status.failed ?? 0, status.succeeded], [0, 1]);
  });

  it('1, a failure: two more tries, then the next firing', async function () {
    this.timeout(0);
    const job = await start('fails');
    await retried(job, 1);
    await retried(job, TERMINATED);
    await endPod(plane, await livePod(plane, job), 1);
    const ended = await over(job);
    assert.deepEqual(conditionsOf(ended), [
      ['FailureTarget', 'BackoffLimitExceeded'],
      ['Failed', 'BackoffLimitExceeded'],
    ]);
    assert.equal(ended.status.failed, 3);
  });

  it('failures between waits are counted, and the waits are not', async function () {
    this.timeout(0);
    const job = await start('mixed');
    for (const code of [75, 1, 75, 1, 75]) await retried(job, code);
    const { status } = await jobSays(plane, job, 'two failures', (found) =>
      found.status.failed === 2 ? found : undefined,
    );
    assert.equal(status.active, 1);
    await endPod(plane, await livePod(plane, job), 1);
    assert.deepEqual(conditionsOf(await over(job)).at(-1), ['Failed', 'BackoffLimitExceeded']);
  });

  for (const [what, name, conditions] of [
    ['at once', 'wrong', []],
    ['also where the node was being drained', 'wrong-and-drained', DRAINED],
  ] as const)
    it(`2, a wrong setting: the Job fails ${what}, without another try`, async function () {
      this.timeout(0);
      const job = await start(name);
      const pod = await livePod(plane, job);
      await endPod(plane, pod, 2, conditions);
      const { status } = await over(job);
      const reason = 'PodFailurePolicy';
      const message = `Container logferry for pod ${NAMESPACE}/${pod.metadata.name} failed with exit code 2 matching FailJob rule at index 0`;
      assert.deepEqual(
        status.conditions?.map((condition) => [condition.type, condition.reason, condition.message]),
        [
          ['FailureTarget', reason, message],
          ['Failed', reason, message],
        ],
      );
      assert.equal(status.failed, 1);
    });
});
