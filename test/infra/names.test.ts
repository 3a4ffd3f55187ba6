import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DATASETS, nameProblems, names, WORKLOADS, type Names } from '../../infra/names.ts';

const ACCOUNT = '111111111111';

/** Every name of an environment, by the place that it must be the only one in. */
function placed(given: Names): string[] {
  return [
    ...[given.sourceBucket, given.sourceLogsBucket].map((name) => `S3 ${name}`),
    ...[given.stagingBucket, given.recordsBucket].map((name) => `GCS ${name}`),
    ...DATASETS.map((kind) => `dataset ${given.dataset(kind)}`),
    ...WORKLOADS.flatMap((workload) => [
      `role ${given.role(workload)}`,
      `service account ${given.serviceAccount(workload)}`,
      `Kubernetes service account ${given.namespace} ${given.kubernetesServiceAccount(workload)}`,
    ]),
    ...['loaderRaw', 'loaderOps'].map((purpose) => `custom role ${given.customRole(purpose)}`),
    `pool ${given.workloadIdentityPool}`,
    `cluster ${given.cluster}`,
    `namespace ${given.namespace}`,
    `CronJob ${given.namespace} ${given.cronJob.classifier}`,
    `service account ${given.nodeServiceAccount}`,
  ];
}

describe('names', () => {
  it('carry prefix and environment, and the account or project where they must be the only ones in the world', () => {
    const given = names('team-a', 'prod', ACCOUNT, 'logs-123');
    assert.deepEqual(
      {
        ...given,
        dataset: DATASETS.map(given.dataset),
        role: WORKLOADS.map(given.role),
        serviceAccount: WORKLOADS.map(given.serviceAccount),
        customRole: given.customRole('loaderRaw'),
        kubernetesServiceAccount: WORKLOADS.map(given.kubernetesServiceAccount),
        cronJob: {
          ...given.cronJob,
          loaderStandard: [given.cronJob.loaderStandard(5), given.cronJob.loaderStandard(59)],
        },
      },
      {
        sourceBucket: 'team-a-prod-source-111111111111',
        sourceLogsBucket: 'team-a-prod-source-logs-111111111111',
        stagingBucket: 'team-a-prod-staging-logs-123',
        recordsBucket: 'team-a-prod-records-logs-123',
        dataset: ['team_a_prod_raw', 'team_a_prod_load_temp', 'team_a_prod_ops'],
        role: ['team-a-prod-classifier', 'team-a-prod-loader'],
        serviceAccount: ['team-a-prod-classifier', 'team-a-prod-loader'],
        nodeServiceAccount: 'team-a-prod-nodes',
        customRole: 'team_a_prod_loaderRaw',
        workloadIdentityPool: 'team-a-prod',
        workloadIdentityProvider: 'cluster',
        cluster: 'team-a-prod',
        namespace: 'team-a-prod',
        kubernetesServiceAccount: ['classifier', 'loader'],
        cronJob: {
          classifier: 'classifier',
          loaderFast: 'loader-fast',
          loaderStandard: ['loader-standard-05', 'loader-standard-59'],
        },
      },
    );
    assert.ok(Object.isFrozen(given) && Object.isFrozen(given.cronJob));
  });

  it('may be chosen where something is there already', () => {
    const given = names('lf', 'dev', ACCOUNT, 'logs-123', { sourceBucket: 'their.logs', namespace: 'logs' });
    assert.deepEqual([given.sourceBucket, given.namespace, given.cluster], ['their.logs', 'logs', 'lf-dev']);
  });

  it('two environments share an account, a project and a cluster without meeting', () => {
    const part = fc.stringMatching(/^[a-z][a-z0-9]{0,3}(-[a-z0-9]{1,6}){0,3}$/);
    const word = fc.oneof(
      part,
      fc.constantFrom('source', 'source-logs', 'logs', 'raw', 'load-temp', 'classifier'),
    );
    fc.assert(
      fc.property(word, word, (one, other) => {
        fc.pre(one !== other);
        const all = [one, other].flatMap((stack) => placed(names('logferry', stack, ACCOUNT, 'logs-123')));
        assert.deepEqual(
          all.filter((name, index) => all.indexOf(name) !== index),
          [],
        );
      }),
      { numRuns: 1000 },
    );
  });
});

describe('nameProblems', () => {
  it('none for the longest prefix and project with a stack of six letters', () => {
    assert.deepEqual(nameProblems(names('abcdefghijkl', 'stable', ACCOUNT, 'a'.repeat(30))), []);
  });

  it('each name that its cloud refuses, with the rule', () => {
    const google = 'a Cloud Storage bucket name without "google" in it';
    assert.deepEqual(nameProblems(names('gcp-goog1e', 'x', ACCOUNT, 'logs-123')), [
      { name: 'gcp-goog1e-x-staging-logs-123', expected: google },
      { name: 'gcp-goog1e-x-records-logs-123', expected: google },
      {
        name: 'gcp-goog1e-x',
        expected: 'a workload identity pool id: 4 to 32 of a-z, 0-9 and -, not beginning with gcp-',
      },
    ]);
    assert.deepEqual(
      nameProblems(names('xn--a', 'x', ACCOUNT, 'logs-123')).map(({ expected }) => expected),
      [
        'an S3 bucket name without a beginning or end that S3 reserves',
        'an S3 bucket name without a beginning or end that S3 reserves',
      ],
    );
  });

  it('a name that somebody chose is for its own setting to judge', () => {
    const chosen = { sourceBucket: 'NOT ONE', namespace: 'NOT ONE' };
    assert.deepEqual(nameProblems(names('lf', 'dev', ACCOUNT, 'logs-123', chosen), chosen), []);
  });
});
