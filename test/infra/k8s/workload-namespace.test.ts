import assert from 'node:assert/strict';
import * as pulumi from '@pulumi/pulumi';
import { egressRules } from '../../../infra/k8s/egress.ts';
import { workloadLabels } from '../../../infra/k8s/labels.ts';
import { WorkloadNamespace, type WorkloadNamespaceArgs } from '../../../infra/k8s/workload-namespace.ts';
import { KUBERNETES_ANSWERS } from '../../support/cloud-answers/kubernetes.ts';
import { only, recordProgram, type Registration } from '../../support/pulumi-mocks.ts';

const MIB = 2 ** 20;
const LABELS = {
  'app.kubernetes.io/name': 'logferry',
  'app.kubernetes.io/instance': 'dev',
  'app.kubernetes.io/managed-by': 'pulumi',
};
const ARGS: WorkloadNamespaceArgs = {
  namespace: 'logferry-dev',
  serviceAccounts: { classifier: {}, loader: {} },
  cronJobs: 8,
  shards: 1,
  resources: {
    cpuRequestMillis: 100,
    cpuLimitMillis: 1000,
    memoryBytes: 128 * MIB,
    scratchBytes: 2048 * MIB,
  },
  egressCidr: '0.0.0.0/0',
  metadataServer: false,
  labels: workloadLabels('dev'),
};
const PARENT = 'logferry:k8s:WorkloadNamespace/namespace';
const IN_NAMESPACE = { dependsOn: ['kubernetes:core/v1:Namespace/namespace-namespace'] };
const metadata = (name: string): object => ({ name, namespace: 'logferry-dev', labels: LABELS });

/** Children arrive in the order in which their inputs become known. */
const byName = (registrations: readonly Registration[]): Registration[] =>
  registrations.toSorted((a, b) => (a.name < b.name ? -1 : 1));

const record = (args: WorkloadNamespaceArgs) =>
  recordProgram(
    () => {
      const { name, serviceAccounts } = new WorkloadNamespace('namespace', args);
      return new Promise((resolve) => {
        pulumi.all([name, serviceAccounts]).apply(resolve);
      });
    },
    { answers: KUBERNETES_ANSWERS },
  );

describe('the namespace of the workloads', () => {
  it('has restricted pods, service accounts without tokens, closed networks and a quota', async () => {
    const { registrations, result } = await record(ARGS);
    assert.deepEqual(
      byName(registrations),
      byName([
        { type: 'logferry:k8s:WorkloadNamespace', name: 'namespace', inputs: {}, options: {} },
        {
          type: 'kubernetes:core/v1:Namespace',
          name: 'namespace-namespace',
          parent: PARENT,
          inputs: {
            apiVersion: 'v1',
            kind: 'Namespace',
            metadata: {
              name: 'logferry-dev',
              labels: {
                ...LABELS,
                'pod-security.kubernetes.io/enforce': 'restricted',
                'pod-security.kubernetes.io/enforce-version': 'v1.34',
                'pod-security.kubernetes.io/audit': 'restricted',
                'pod-security.kubernetes.io/audit-version': 'latest',
                'pod-security.kubernetes.io/warn': 'restricted',
                'pod-security.kubernetes.io/warn-version': 'latest',
              },
            },
          },
          options: {},
        },
        ...['classifier', 'loader'].map((account) => ({
          type: 'kubernetes:core/v1:ServiceAccount',
          name: `namespace-account-${account}`,
          parent: PARENT,
          inputs: {
            apiVersion: 'v1',
            kind: 'ServiceAccount',
            metadata: metadata(account),
            automountServiceAccountToken: false,
          },
          options: IN_NAMESPACE,
        })),
        {
          type: 'kubernetes:networking.k8s.io/v1:NetworkPolicy',
          name: 'namespace-default-deny',
          parent: PARENT,
          inputs: {
            apiVersion: 'networking.k8s.io/v1',
            kind: 'NetworkPolicy',
            metadata: metadata('default-deny'),
            spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
          },
          options: IN_NAMESPACE,
        },
        {
          type: 'kubernetes:networking.k8s.io/v1:NetworkPolicy',
          name: 'namespace-egress',
          parent: PARENT,
          inputs: {
            apiVersion: 'networking.k8s.io/v1',
            kind: 'NetworkPolicy',
            metadata: metadata('egress'),
            spec: {
              podSelector: { matchLabels: { 'app.kubernetes.io/name': 'logferry' } },
              policyTypes: ['Egress'],
              egress: egressRules(ARGS),
            },
          },
          options: IN_NAMESPACE,
        },
        {
          type: 'kubernetes:core/v1:ResourceQuota',
          name: 'namespace-quota',
          parent: PARENT,
          inputs: {
            apiVersion: 'v1',
            kind: 'ResourceQuota',
            metadata: metadata('quota'),
            // Eight CronJobs and four Jobs by hand: twelve pods at once, and eight Jobs of each that run, ended or are being removed.
            spec: {
              hard: {
                pods: '12',
                'requests.cpu': '1200m',
                'requests.memory': '1536Mi',
                'requests.ephemeral-storage': '26112Mi',
                'limits.cpu': '12',
                'limits.memory': '1536Mi',
                'limits.ephemeral-storage': '26112Mi',
                'count/cronjobs.batch': '32',
                'count/jobs.batch': '96',
                services: '0',
                'services.loadbalancers': '0',
                'services.nodeports': '0',
                persistentvolumeclaims: '0',
              },
            },
          },
          options: IN_NAMESPACE,
        },
      ]),
    );
    assert.deepEqual(result, ['logferry-dev', { classifier: 'classifier', loader: 'loader' }]);
  });

  it('has room for the classifier’s shards at once, and no Job more', async () => {
    const hard = async (shards: number): Promise<Record<string, string>> => {
      const { registrations } = await record({ ...ARGS, shards });
      return (
        only(registrations, 'kubernetes:core/v1:ResourceQuota').inputs as {
          spec: { hard: Record<string, string> };
        }
      ).spec.hard;
    };
    const [one, five] = [await hard(1), await hard(5)];
    assert.deepEqual(five, {
      ...one,
      pods: '16',
      'requests.cpu': '1600m',
      'requests.memory': '2Gi',
      'requests.ephemeral-storage': '34Gi',
      'limits.cpu': '16',
      'limits.memory': '2Gi',
      'limits.ephemeral-storage': '34Gi',
    });
  });

  it('on GKE a service account names the Google one that it stands for', async () => {
    const { registrations } = await record({
      ...ARGS,
      serviceAccounts: { loader: { gcpServiceAccount: pulumi.output('l@p.iam.gserviceaccount.com') } },
      metadataServer: true,
    });
    assert.deepEqual(only(registrations, 'kubernetes:core/v1:ServiceAccount').inputs.metadata, {
      ...metadata('loader'),
      annotations: { 'iam.gke.io/gcp-service-account': 'l@p.iam.gserviceaccount.com' },
    });
    const egress = only(registrations, 'kubernetes:networking.k8s.io/v1:NetworkPolicy', 'namespace-egress');
    assert.equal((egress.inputs.spec as { egress: unknown[] }).egress.length, 4);
  });
});
