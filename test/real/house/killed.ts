import assert from 'node:assert/strict';
import { it } from 'mocha';
import type { RunReport } from '../../../workloads/cli/report.ts';
import { expectedCounts, viewedCounts } from '../support/house/count-view.ts';
import { fire } from '../support/house/firing.ts';
import type { PodRun } from '../support/house/pod-run.ts';
import type { LogHour } from '../support/house/log-hours.ts';
import {
  completed,
  endedPods,
  exitCodes,
  loadersComplete,
  outputsOf,
  runningPod,
  typesOf,
  type Story,
} from './story.ts';

/** 128 + SIGKILL. */
const KILLED = 137;

/** An object of the third hour of the sample. */
const LATE_OBJECT = 'firehose-1-2026-11-20-16-43-00-98e1.json';

/** Before a load job is made, the loader asks for one of that id: a digest and an attempt. */
const LOAD_JOB = /\/jobs\/([0-9a-f]{64})_/;

const sums = (
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Record<string, number> =>
  Object.fromEntries(
    [...Object.keys(a), ...Object.keys(b)].map((key) => [key, (a[key] ?? 0) + (b[key] ?? 0)]),
  );

/** One hour that holds what two did. */
const together = (a: LogHour, b: LogHour): LogHour => ({
  hour: a.hour,
  rows: sums(a.rows, b.rows),
  rejected: sums(a.rejected, b.rejected),
  quarantined: a.quarantined + b.quarantined,
});

/** What a container has without being told by its pod: of the runtime, of the image, of the cluster, and of the house. */
const GIVEN = [
  ...['PATH', 'HOSTNAME', 'HOME', 'NODE_ENV', 'MALLOC_ARENA_MAX', 'NODE_EXTRA_CA_CERTS'],
  ...[
    'KUBERNETES_SERVICE_HOST',
    'KUBERNETES_SERVICE_PORT',
    'KUBERNETES_SERVICE_PORT_HTTPS',
    'KUBERNETES_PORT',
  ],
  ...['', '_ADDR', '_PORT', '_PROTO'].map((part) => `KUBERNETES_PORT_443_TCP${part}`),
];

/** By the kernel's own word: the process has its pod's environment, user and group, and no way to more. */
function assertContained(run: PodRun): void {
  const { env, status } = run.process();
  const told = run.pod.spec.containers[0]!.env.map(({ name, value }) => [name, value] as const);
  for (const [name, value] of told) assert.equal(env[name], value);
  assert.deepEqual(Object.keys(env).sort(), [...GIVEN, ...told.map(([name]) => name)].sort());
  const { Uid, Gid, Groups, CapEff, CapBnd, NoNewPrivs } = status;
  const nobody = Array.from({ length: 4 }, () => '65532').join('\t');
  const none = '0'.repeat(16);
  assert.deepEqual(
    { Uid, Gid, Groups, CapEff, CapBnd, NoNewPrivs },
    { Uid: nobody, Gid: nobody, Groups: '65532', CapEff: none, CapBnd: none, NoNewPrivs: '1' },
  );
}

export function killedScenario(story: () => Story): void {
  it('a classifier that is deleted in the middle stops by itself, and another pod does the hour', async () => {
    const { house, producer, hours, put } = story();
    const late = await producer.putSample(2, hours[1], await typesOf(house));
    put.push(together(put.pop()!, late));
    const { reached, release } = house.front.hold(
      ({ method, url }) => method === 'GET' && url.pathname.endsWith(`/${LATE_OBJECT}`),
    );
    const job = await fire(house.plane, house.namespace, 'classifier');
    await reached;
    const { metadata } = await runningPod(house, job);
    assertContained(house.kubelet.run(metadata.name)!);
    await house.plane.request('DELETE', `/api/v1/namespaces/${house.namespace}/pods/${metadata.name}`);
    await house.kubelet.terminating(metadata.name);
    release();
    const { status } = await completed(house, job);
    assert.deepEqual(exitCodes(house, job), [75, 0]);
    assert.equal(status.succeeded, 1);
  });

  it('a loader that is killed between two types is tried again, and no row is lost or doubled', async () => {
    const { house, hours, put } = story();
    const loads = new Set<string>();
    const { reached, release } = house.front.hold(({ url }) => {
      const [, load] = LOAD_JOB.exec(url.pathname) ?? [];
      if (load !== undefined) loads.add(load);
      return loads.size === 2;
    });
    const job = await fire(house.plane, house.namespace, 'loader-fast');
    await reached;
    const { metadata } = await runningPod(house, job);
    house.kubelet.run(metadata.name)?.kill('SIGKILL');
    const { status } = await completed(house, job);
    release();
    assert.deepEqual(exitCodes(house, job), [KILLED, 0]);
    assert.deepEqual([status.failed, status.succeeded], [1, 1]);
    const { log } = endedPods(house.kubelet.ended, job).at(-1)!;
    const report = log.split('\n').find((line) => line.startsWith('{"hours":'))!;
    const { types } = (JSON.parse(report) as RunReport).hours.find(({ hour }) => hour === hours[1])!;
    const states = Object.fromEntries(types.map(({ type, state }) => [type, state]));
    assert.deepEqual(
      [states['order/created'], states.purchase, states.session_start],
      ['unchanged', 'loaded', 'loaded'],
    );
    await loadersComplete(house);
    const { countView } = await outputsOf(house);
    assert.deepEqual(await viewedCounts(house, countView, put), expectedCounts(put, await typesOf(house)));
  });
}
