import assert from 'node:assert/strict';
import { it } from 'mocha';
import { journalReader } from '../support/engine-expect.ts';
import { over } from '../support/house/firing.ts';
import { cronJob, startJob, type CronJob } from '../support/kubernetes-objects.ts';
import { conditionOf, endedPods, exitCodes, type Story } from './story.ts';

/** The same CronJob with other arguments: an operator's typing error. */
function withArgs(from: CronJob, args: readonly string[]): CronJob {
  const { containers } = from.spec.jobTemplate.spec.template.spec;
  const changed = { ...containers[0]!, args: [...args] };
  const { template } = from.spec.jobTemplate.spec;
  const spec = {
    ...from.spec.jobTemplate.spec,
    template: { ...template, spec: { ...template.spec, containers: [changed] } },
  };
  return { ...from, spec: { ...from.spec, jobTemplate: { ...from.spec.jobTemplate, spec } } };
}

export function endsScenario(story: () => Story): void {
  it('2, a wrong setting: the Job fails at once, and says what was wrong', async () => {
    const { house } = story();
    const from = withArgs(await cronJob(house.plane, house.namespace, 'classifier'), ['clasify']);
    const job = await over(house.plane, await startJob(house.plane, from, 'typing-error'));
    assert.equal(conditionOf(job), 'Failed: PodFailurePolicy');
    assert.deepEqual(exitCodes(house, job), [2]);
    const [pod] = endedPods(house.kubelet.ended, job);
    const { severity, message } = JSON.parse(pod!.log) as { severity: string; message: string };
    assert.equal(severity, 'ERROR');
    assert.match(message, /unknown command 'clasify'[\s\S]*classify/);
  });

  it('a third up finds nothing to do, after all that ran', async () => {
    const { house } = story();
    const written = journalReader(house.bench.standIn.cloud);
    written();
    const { steps } = await house.engine.up();
    assert.deepEqual([steps, written()], [[], []]);
  });

  it('the house itself did nothing wrong', () => {
    const { kubelet, front, plane } = story().house;
    assert.deepEqual([kubelet.faults, front.faults, plane.warnings], [[], [], []]);
  });
}
