import assert from 'node:assert/strict';
import * as pulumi from '@pulumi/pulumi';
import { workloadLabels } from '../../../infra/k8s/labels.ts';
import { SchemaConfigMaps } from '../../../infra/k8s/schema-config-maps.ts';
import { nextGenerations, type SchemaGeneration } from '../../../infra/k8s/schema-generations.ts';
import { KUBERNETES_ANSWERS } from '../../support/cloud-answers/kubernetes.ts';
import { recordProgram } from '../../support/pulumi-mocks.ts';

const LABELS = {
  'app.kubernetes.io/name': 'logferry',
  'app.kubernetes.io/instance': 'dev',
  'app.kubernetes.io/managed-by': 'pulumi',
};

const record = (generations: readonly SchemaGeneration[]) =>
  recordProgram(
    () => {
      const { current } = new SchemaConfigMaps('schemas', {
        namespace: pulumi.output('logferry-dev'),
        generations,
        labels: workloadLabels('dev'),
      });
      return new Promise<string[]>((resolve) => {
        pulumi.output([...current]).apply(resolve);
      });
    },
    { answers: KUBERNETES_ANSWERS },
  );

const configMap = (digest: string, data: object): object => ({
  type: 'kubernetes:core/v1:ConfigMap',
  name: `schemas-${digest}`,
  parent: 'logferry:k8s:SchemaConfigMaps/schemas',
  inputs: {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `schemas-${digest}`, namespace: 'logferry-dev', labels: LABELS },
    immutable: true,
    data,
  },
  options: {},
});

describe('schema files in the cluster', () => {
  it('each state that stays is an immutable ConfigMap; pods mount the newest', async () => {
    const generations = nextGenerations(nextGenerations([], { 'a.json': 'old' }), { 'a.json': 'new' });
    const { registrations, result } = await record(generations);
    assert.deepEqual(
      registrations.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      [
        { type: 'logferry:k8s:SchemaConfigMaps', name: 'schemas', inputs: {}, options: {} },
        configMap('021e73eaea7e', { 'a.json': 'new' }),
        configMap('6ec89465dbaf', { 'a.json': 'old' }),
      ],
    );
    assert.deepEqual(result, ['schemas-021e73eaea7e']);
  });

  it('files over 1 MiB are several, and what two states share is there once', async () => {
    const half = 'x'.repeat(600 * 2 ** 10);
    const before = { 'a.json': half, 'b.json': half };
    const generations = nextGenerations(nextGenerations([], before), { ...before, 'c.json': '{}' });
    const { registrations, result } = await record(generations);
    const names = registrations
      .slice(1)
      .map(({ name }) => name)
      .sort();
    assert.equal(new Set(names).size, 3);
    assert.equal(names.length, 3);
    assert.equal(result.length, 2);
    assert.ok(result.every((name) => names.includes(name)));
  });
});
