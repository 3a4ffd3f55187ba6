import assert from 'node:assert/strict';
import { it } from 'mocha';
import { cgroupProblem } from '../support/cgroup.ts';
import { itIf } from '../../support/skip.ts';
import { countsCommand, expectedCounts, viewedCounts } from '../support/house/count-view.ts';
import { fire } from '../support/house/firing.ts';
import { completed, completes, ends, exitCodes, outputsOf, typesOf, type Story } from './story.ts';

/** A pod's limit, 128Mi. */
const POD_BYTES = 128 * 2 ** 20;

export function firstHourScenario(story: () => Story): void {
  it('a loader that comes before the classifier waits with 75, which its Job does not count, and is tried again', async () => {
    const { house, producer, hours, put } = story();
    put.push(await producer.putSample(0, hours[0], await typesOf(house)));
    const early = await fire(house.plane, house.namespace, 'loader-fast');
    assert.deepEqual(await ends(house, early, 1), [75]);
    await completes(house, 'classifier');
    const { status } = await completed(house, early);
    const codes = exitCodes(house, early);
    assert.deepEqual([codes.at(-1), [...new Set(codes.slice(0, -1))]], [0, [75]]);
    assert.deepEqual([status.failed ?? 0, status.succeeded], [0, 1]);
    await completes(house, 'loader-standard-30');
  });

  it('the count view answers with exactly the rows that were put in, by SQL and by the command line', async () => {
    const { house, put } = story();
    const expected = expectedCounts(put, await typesOf(house));
    const { countView } = await outputsOf(house);
    assert.deepEqual(await viewedCounts(house, countView, put), expected);
    assert.deepEqual(
      await countsCommand(house, put),
      expected.flatMap(({ type, hour, rows }) => (type === null ? [] : [{ type, hour, rows }])),
    );
  });

  itIf(cgroupProblem() === undefined, cgroupProblem() ?? '')(
    'every pod was held to its limits, and none was killed by them',
    () => {
      const { ended } = story().house.kubelet;
      assert.ok(ended.length >= 4);
      for (const { pod, peakBytes, exitCode } of ended) {
        assert.ok([0, 75].includes(exitCode), `${pod} ended with ${exitCode}`);
        assert.ok(peakBytes !== undefined && peakBytes > 0 && peakBytes <= POD_BYTES, `${pod}: ${peakBytes}`);
      }
      return Promise.resolve();
    },
  );

  it('each workload spoke to the services that are its own, and was refused nothing', () => {
    const { front } = story().house;
    const places = new Map<string, Set<string>>();
    for (const { who = 'nobody', host } of front.visits)
      places.set(who, (places.get(who) ?? new Set()).add(host.replace(/^logferry-.*\.s3\./, '*.s3.')));
    const pool =
      'principal://iam.googleapis.com/projects/210987654321/locations/global/workloadIdentityPools/logferry-dev';
    const subject = (name: string): string => `${pool}/subject/system:serviceaccount:logferry-dev:${name}`;
    const email = (name: string): string =>
      `logferry-dev-${name}@logferry-dev-example.iam.gserviceaccount.com`;
    const aws = (name: string): string => `${name}.ap-northeast-2.amazonaws.com`;
    assert.deepEqual(Object.fromEntries([...places].map(([who, hosts]) => [who, [...hosts].sort()])), {
      'logferry-dev-classifier': [aws('*.s3'), aws('sts')].sort(),
      [subject('classifier')]: ['sts.googleapis.com'],
      [subject('loader')]: ['sts.googleapis.com'],
      [email('classifier')]: ['iamcredentials.googleapis.com', 'storage.googleapis.com'],
      [email('loader')]: [
        'bigquery.googleapis.com',
        'iamcredentials.googleapis.com',
        'storage.googleapis.com',
      ],
    });
    assert.deepEqual(
      front.visits.filter(({ status }) => status === 401 || status === 403),
      [],
    );
    assert.deepEqual(front.faults, []);
  });
}
