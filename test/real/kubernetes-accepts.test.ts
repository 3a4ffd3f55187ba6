import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { schemaChunks } from '../../infra/k8s/schema-chunks.ts';
import { recordEnvironment, type Overrides } from '../support/program.ts';
import type { KubernetesObject } from './support/api-client.ts';
import type { ControlPlane } from './support/control-plane.ts';
import { deploy, held, kubernetesObjects } from './support/kubernetes-objects.ts';
import { usePlane } from './support/use-plane.ts';

const GKE: Overrides = {
  'logferry:cluster': 'gke-autopilot',
  'logferry:clusterIssuer': undefined,
  'logferry:namespace': 'logferry-gke',
};
const GKE_ISSUER: Overrides = {
  'logferry:clusterIssuer':
    'https://container.googleapis.com/v1/projects/acme-k8s/locations/asia-northeast3/clusters/main',
  'logferry:namespace': 'logferry-gke-there',
};
/** Every setting that changes what lies in the cluster. */
const OTHER_SETTINGS: Overrides = {
  'logferry:image': `registry.example.com/other@sha256:${'a'.repeat(64)}`,
  'logferry:scratchSize': '20Gi',
  'logferry:cpuRequest': '250m',
  'logferry:cpuLimit': '2500m',
  'logferry:memory': '1Gi',
  'logferry:classifierMinute': '7',
  'logferry:fastMinute': '20',
  'logferry:standardGroups': '30',
  'logferry:suspend': 'true',
  'logferry:egressCidr': '203.0.113.0/24',
  'logferry:onMisfit': 'setAside:5%',
  'logferry:lookbackHours': '24',
  'logferry:partSize': '64MiB',
};

const objectsOf = async (
  environment: 'dev' | 'prod',
  overrides: Overrides = {},
): Promise<KubernetesObject[]> =>
  kubernetesObjects((await recordEnvironment(environment, overrides)).registrations);

const nameOf = ({ kind, metadata }: KubernetesObject): string =>
  `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;

/** What was sent and is not held just so, as paths. Lists are compared as wholes, in which the server only fills in defaults. */
function differences(sent: unknown, there: unknown, path = ''): string[] {
  if (typeof sent !== 'object' || sent === null)
    return sent === there ? [] : [`${path}: ${JSON.stringify(sent)} became ${JSON.stringify(there)}`];
  if (Array.isArray(sent) && (there as unknown[] | undefined)?.length !== sent.length)
    return [`${path}: its length`];
  return Object.entries(sent).flatMap(([key, value]) =>
    differences(value, (there as Record<string, unknown> | undefined)?.[key], `${path}.${key}`),
  );
}

/** All but what controllers write by themselves: status, and the version that goes with it. */
function declared(object: KubernetesObject): Record<string, unknown> {
  const { managedFields = [] } = object.metadata;
  const applied = (managedFields as { operation: string }[]).filter(({ operation }) => operation === 'Apply');
  return {
    ...object,
    status: undefined,
    metadata: { ...object.metadata, resourceVersion: undefined, managedFields: applied },
  };
}

describe('what the program sends to Kubernetes, on a real API server', () => {
  const programs = new Map<string, KubernetesObject[]>();
  let plane: ControlPlane;

  usePlane(async (started) => {
    plane = started;
    programs.set('dev', await objectsOf('dev'));
    programs.set('prod', await objectsOf('prod'));
    programs.set('gke-autopilot', await objectsOf('dev', GKE));
    programs.set('an existing GKE cluster', await objectsOf('dev', GKE_ISSUER));
  });

  it('is accepted whole, without a warning, in any order that its dependencies allow', async () => {
    for (const objects of programs.values()) await deploy(plane, objects);
    assert.deepEqual(plane.warnings, []);
    const kinds = (program: string): Record<string, number> =>
      Object.fromEntries(
        Object.entries(Object.groupBy(programs.get(program)!, ({ kind }) => kind)).map(([kind, list]) => [
          kind,
          list!.length,
        ]),
      );
    const everywhere = { Namespace: 1, ServiceAccount: 2, NetworkPolicy: 2, ResourceQuota: 1, CronJob: 7 };
    // Schema files, and elsewhere than in GKE each workload's way to trade its token.
    assert.deepEqual(kinds('dev'), { ...everywhere, ConfigMap: 3 });
    assert.deepEqual(kinds('prod'), { ...everywhere, ConfigMap: 3 });
    assert.deepEqual(kinds('gke-autopilot'), { ...everywhere, ConfigMap: 1 });
    assert.deepEqual(kinds('an existing GKE cluster'), { ...everywhere, ConfigMap: 1 });
  });

  it('is held as it was sent: no value is rewritten, which would be a change in each preview after a refresh', async () => {
    for (const object of [...programs.values()].flat())
      assert.deepEqual(differences(object, await held(plane, object)), [], nameOf(object));
  });

  it('changes nothing when it is sent again', async () => {
    const quiet: string[] = [];
    const all = [...programs.values()].flat();
    for (const object of all) {
      const first = await held(plane, object);
      const second = await plane.apply(object);
      assert.deepEqual(declared(second), declared(first), nameOf(object));
      // Only a controller that wrote the status meanwhile may have moved the version.
      if (JSON.stringify(second.status) !== JSON.stringify(first.status)) continue;
      assert.equal(second.metadata.resourceVersion, first.metadata.resourceVersion, nameOf(object));
      quiet.push(nameOf(object));
    }
    assert.ok(quiet.length > all.length / 2, `of ${all.length} only ${quiet.join(', ')}`);
    assert.deepEqual(plane.warnings, []);
  });

  it('is accepted in place where every setting has changed', async () => {
    const renamed = await objectsOf('dev', OTHER_SETTINGS);
    await deploy(plane, renamed);
    for (const object of renamed)
      assert.deepEqual(differences(object, await held(plane, object)), [], nameOf(object));
    await deploy(plane, programs.get('dev')!);
    assert.deepEqual(plane.warnings, []);
  });

  it('is accepted where the schema files fill several ConfigMaps', async () => {
    const type = (index: number): object => ({
      fields: [
        { name: 'log_type', type: 'STRING', mode: 'REQUIRED' },
        { name: 'event_time', type: 'TIMESTAMP', mode: 'REQUIRED' },
        // 1,024 characters are BigQuery's most; three bytes each.
        ...Array.from({ length: 24 }, (_, field) => ({
          name: `f_${index}_${field}`,
          type: 'STRING',
          description: '한'.repeat(1024),
        })),
      ],
    });
    const schemas = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `type_${String(index).padStart(2, '0')}.json`,
        JSON.stringify(type(index)),
      ]),
    );
    const large = { 'logferry:namespace': 'large' };
    const objects = kubernetesObjects((await recordEnvironment('dev', large, { schemas })).registrations);
    await deploy(plane, objects);
    const configMaps = objects.filter(({ metadata }) => metadata.name.startsWith('schemas-'));
    assert.equal(configMaps.length, 4);
    for (const object of configMaps) assert.deepEqual((await held(plane, object)).data, object.data);
    assert.deepEqual(plane.warnings, []);
  });

  it('takes the fullest ConfigMaps into which schema files are ever split', async () => {
    const many = (count: number, name: string, content: string): Record<string, string> =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`${name}_${index}.json`, content]));
    const worst: Record<string, Record<string, string>> = {
      'plain text': many(1200, 'type', 'x'.repeat(1000)),
      'escapes, twice as long in a request': many(1200, 'type', '"\n'.repeat(500)),
      'characters of three bytes': many(1200, 'type', '한'.repeat(333)),
      'names alone': many(30_000, 'type', ''),
      'long names': many(3000, 't'.repeat(240), '{}'),
    };
    for (const [what, files] of Object.entries(worst)) {
      const [first, second] = schemaChunks(files);
      assert.ok(first !== undefined && second !== undefined, `${what} would fit into one`);
      const { name, files: data } = first;
      const metadata = { name, namespace: 'logferry-dev' };
      const kept = await plane.apply({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata,
        immutable: true,
        data,
      });
      assert.deepEqual(kept.data, data, what);
    }
  });

  it('would be refused with one wrong name in any object', async () => {
    const firstOf = (kind: string): KubernetesObject =>
      structuredClone(programs.get('dev')!.find((object) => object.kind === kind)!);
    const wrong: [KubernetesObject, (object: KubernetesObject & { spec: object }) => unknown, string][] = [
      [firstOf('Namespace'), (object) => Object.assign(object, { spek: {} }), '.spek'],
      [
        firstOf('ServiceAccount'),
        (object) => Object.assign(object, { automountToken: false }),
        '.automountToken',
      ],
      [firstOf('ConfigMap'), (object) => Object.assign(object, { inmutable: true }), '.inmutable'],
      [firstOf('ResourceQuota'), ({ spec }) => Object.assign(spec, { hart: {} }), '.spec.hart'],
      [firstOf('NetworkPolicy'), ({ spec }) => Object.assign(spec, { egres: [] }), '.spec.egres'],
      [
        firstOf('CronJob'),
        ({ spec }) =>
          Object.assign(
            (spec as { jobTemplate: { spec: { template: { spec: { containers: object[] } } } } }).jobTemplate
              .spec.template.spec.containers[0]!,
            { imagePullPolcy: 'Always' },
          ),
        '.spec.jobTemplate.spec.template.spec.containers[name="logferry"].imagePullPolcy',
      ],
    ];
    assert.deepEqual(
      wrong.map(([{ kind }]) => kind).toSorted(),
      [...new Set([...programs.values()].flat().map(({ kind }) => kind))].toSorted(),
    );
    for (const [object, spoil, path] of wrong) {
      spoil(object as Parameters<typeof spoil>[0]);
      const { apiVersion, kind, metadata } = object;
      const place = `${metadata.namespace ?? ''}/${metadata.name}; ${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}`;
      await assert.rejects(plane.apply(object), {
        serverMessage: `failed to create typed patch object (${place}, Kind=${kind}): ${path}: field not declared in schema`,
      });
    }
  });
});
