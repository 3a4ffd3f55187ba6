import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { projectSchemas, recordEnvironment, type SchemaFiles } from '../support/program.ts';
import type { KubernetesObject } from './support/api-client.ts';
import type { ControlPlane } from './support/control-plane.ts';
import {
  cronJob,
  deploy,
  endPod,
  held,
  kubernetesObjects,
  livePod,
  mountedFiles,
  startJob,
  type Job,
} from './support/kubernetes-objects.ts';
import { usePlane } from './support/use-plane.ts';

const NAMESPACE = 'logferry-dev';

/** The project's schemas, or with one column more and words of their own in one file. */
function changed(time: number): SchemaFiles {
  const files = projectSchemas();
  if (time === 0) return files;
  const refund = JSON.parse(files['refund.json']!) as { fields: object[] };
  refund.fields.push({ name: 'added', type: 'STRING', description: `Came later; words ${time}.` });
  return { ...files, 'refund.json': `${JSON.stringify(refund, null, 2)}\n` };
}

const keyOf = ({ kind, metadata }: KubernetesObject): string => `${kind}/${metadata.name}`;

describe('a change of schemas while a Job runs, on a real API server', () => {
  let plane: ControlPlane;
  let last: { readonly objects: readonly KubernetesObject[]; readonly outputs: Record<string, unknown> };
  let running: Job;

  /** One `pulumi up`: what is declared is applied, then what is declared no more is deleted. Gives the keys of the latter. */
  async function up(schemas: SchemaFiles): Promise<string[]> {
    const stackOutputs = (last as typeof last | undefined)?.outputs ?? {};
    const { registrations, result } = await recordEnvironment('dev', {}, { schemas, stackOutputs });
    const objects = kubernetesObjects(registrations);
    await deploy(plane, objects);
    const declared = new Set(objects.map(keyOf));
    const gone = ((last as typeof last | undefined)?.objects ?? []).filter(
      (each) => !declared.has(keyOf(each)),
    );
    for (const object of gone) {
      assert.equal(object.kind, 'ConfigMap');
      await plane.request('DELETE', `/api/v1/namespaces/${NAMESPACE}/configmaps/${object.metadata.name}`);
    }
    // As the engine keeps them: JSON.
    last = { objects, outputs: JSON.parse(JSON.stringify(result)) as Record<string, unknown> };
    return gone.map(keyOf);
  }

  /** The files that the next firing's pod gets. */
  async function nextFiring(name: string): Promise<Record<string, string>> {
    const job = await startJob(plane, await cronJob(plane, NAMESPACE, 'loader-fast'), name);
    return mountedFiles(plane, await livePod(plane, job), 'schemas');
  }

  usePlane(async (started) => {
    plane = started;
    await up(changed(0));
    running = await startJob(plane, await cronJob(plane, NAMESPACE, 'loader-fast'), 'running');
    await livePod(plane, running);
  });

  it('rolls every CronJob to the new files in the one update, and takes nothing away', async () => {
    assert.deepEqual(await up(changed(1)), []);
    assert.deepEqual(await nextFiring('after-one'), changed(1));
    const cronJobs = last.objects.filter(({ kind }) => kind === 'CronJob');
    const mounted = new Set<string>();
    for (const object of cronJobs) {
      const { spec } = await cronJob(plane, NAMESPACE, (await held(plane, object)).metadata.name);
      for (const { configMap } of spec.jobTemplate.spec.template.spec.volumes[0]!.projected.sources)
        mounted.add(configMap.name);
    }
    assert.equal(cronJobs.length, 7);
    assert.equal(mounted.size, 1);
    assert.deepEqual(plane.warnings, []);
  });

  it('the running Job’s next pod still gets the files of its own firing', async () => {
    await endPod(plane, await livePod(plane, running), 75);
    const next = await livePod(plane, running);
    assert.deepEqual(await mountedFiles(plane, next, 'schemas'), changed(0));
  });

  it('a second change leaves them too; a third takes away what no Job can still be running with', async () => {
    assert.deepEqual(await up(changed(2)), []);
    await endPod(plane, await livePod(plane, running), 75);
    assert.deepEqual(await mountedFiles(plane, await livePod(plane, running), 'schemas'), changed(0));
    const [volume] = (await livePod(plane, running)).spec.volumes;
    const [oldest] = volume!.projected.sources.map(({ configMap }) => configMap.name);
    assert.deepEqual(await up(changed(3)), [`ConfigMap/${oldest}`]);
    assert.deepEqual(await nextFiring('after-three'), changed(3));
  });

  it('the way back, as a rollback goes, is to a ConfigMap that is there', async () => {
    assert.deepEqual(await up(changed(3)), []);
    const before = new Set(last.objects.filter(({ kind }) => kind === 'ConfigMap').map(keyOf));
    assert.deepEqual(await up(changed(2)), []);
    const after = last.objects.filter(({ kind }) => kind === 'ConfigMap').map(keyOf);
    assert.deepEqual(
      after.filter((name) => !before.has(name)),
      [],
    );
    assert.deepEqual(await nextFiring('after-the-way-back'), changed(2));
  });
});
