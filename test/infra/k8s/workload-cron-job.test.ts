import assert from 'node:assert/strict';
import * as pulumi from '@pulumi/pulumi';
import type { PodIdentity } from '../../../infra/k8s/pod-identity.ts';
import { WorkloadCronJob, type WorkloadCronJobArgs } from '../../../infra/k8s/workload-cron-job.ts';
import { workloadLabels } from '../../../infra/k8s/labels.ts';
import { KUBERNETES_ANSWERS } from '../../support/cloud-answers/kubernetes.ts';
import { only, recordProgram, type Registration } from '../../support/pulumi-mocks.ts';

const MIB = 2 ** 20;
const IMAGE = `registry.example/logferry@sha256:${'0'.repeat(64)}`;
const LABELS = {
  'app.kubernetes.io/name': 'logferry',
  'app.kubernetes.io/instance': 'prod',
  'app.kubernetes.io/managed-by': 'pulumi',
  'app.kubernetes.io/component': 'classifier',
};
const FEDERATION = {
  audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/cluster',
  credentialsConfigMap: pulumi.output('classifier-gcp-0123456789ab'),
};
const ARGS: WorkloadCronJobArgs = {
  cronJobName: 'classifier',
  namespace: pulumi.output('logferry-prod'),
  minute: 5,
  args: ['classify'],
  image: IMAGE,
  env: { LOGFERRY_SOURCE: pulumi.output('s3://src/$(HOME)'), LOGFERRY_GRACE: '3m' },
  serviceAccount: pulumi.output('classifier'),
  identity: {
    aws: {
      roleArn: pulumi.output('arn:aws:iam::123456789012:role/logferry-prod-classifier'),
      region: 'ap-northeast-2',
      audience: 'sts.amazonaws.com',
    },
    gcp: { project: 'proj', federation: FEDERATION },
  },
  schemaConfigMaps: [pulumi.output('schemas-aaaaaaaaaaaa'), pulumi.output('schemas-bbbbbbbbbbbb')],
  resources: {
    cpuRequestMillis: 100,
    cpuLimitMillis: 1000,
    memoryBytes: 128 * MIB,
    scratchBytes: 2048 * MIB,
  },
  shards: 1,
  suspend: false,
  labels: workloadLabels('prod', 'classifier'),
};

const record = (args: WorkloadCronJobArgs) =>
  recordProgram(
    () => {
      const { name } = new WorkloadCronJob('classifier', args);
      return new Promise((resolve) => {
        name.apply(resolve);
      });
    },
    { answers: KUBERNETES_ANSWERS },
  );

/** Only what these tests look at. */
interface Pod {
  containers: { args: string[]; env: { name: string; value: string }[]; volumeMounts: unknown[] }[];
  volumes: { name: string }[];
}

function podOf(registrations: readonly Registration[]): Pod {
  const { spec } = only(registrations, 'kubernetes:batch/v1:CronJob').inputs as {
    spec: { jobTemplate: { spec: { template: { spec: Pod } } } };
  };
  return spec.jobTemplate.spec.template.spec;
}

describe('a CronJob of the road', () => {
  it('is this, whole', async () => {
    const { registrations, result } = await record(ARGS);
    assert.deepEqual(registrations, [
      { type: 'logferry:k8s:WorkloadCronJob', name: 'classifier', inputs: {}, options: {} },
      {
        type: 'kubernetes:batch/v1:CronJob',
        name: 'classifier-cron-job',
        parent: 'logferry:k8s:WorkloadCronJob/classifier',
        inputs: {
          apiVersion: 'batch/v1',
          kind: 'CronJob',
          metadata: { name: 'classifier', namespace: 'logferry-prod', labels: LABELS },
          spec: {
            schedule: '5 * * * *',
            timeZone: 'Etc/UTC',
            concurrencyPolicy: 'Forbid',
            startingDeadlineSeconds: 300,
            successfulJobsHistoryLimit: 3,
            failedJobsHistoryLimit: 3,
            suspend: false,
            jobTemplate: {
              metadata: { labels: LABELS },
              spec: {
                parallelism: 1,
                completions: 1,
                activeDeadlineSeconds: 3000,
                backoffLimit: 2,
                podFailurePolicy: {
                  rules: [
                    {
                      action: 'FailJob',
                      onExitCodes: { containerName: 'logferry', operator: 'In', values: [2] },
                    },
                    {
                      action: 'Ignore',
                      onExitCodes: { containerName: 'logferry', operator: 'In', values: [75] },
                    },
                    { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
                  ],
                },
                podReplacementPolicy: 'Failed',
                ttlSecondsAfterFinished: 259_200,
                template: {
                  metadata: { labels: LABELS },
                  spec: {
                    restartPolicy: 'Never',
                    serviceAccountName: 'classifier',
                    automountServiceAccountToken: false,
                    enableServiceLinks: false,
                    terminationGracePeriodSeconds: 120,
                    securityContext: {
                      runAsNonRoot: true,
                      runAsUser: 65532,
                      runAsGroup: 65532,
                      fsGroup: 65532,
                      seccompProfile: { type: 'RuntimeDefault' },
                    },
                    containers: [
                      {
                        name: 'logferry',
                        image: IMAGE,
                        imagePullPolicy: 'Always',
                        args: ['classify'],
                        env: [
                          { name: 'AWS_EC2_METADATA_DISABLED', value: 'true' },
                          { name: 'AWS_REGION', value: 'ap-northeast-2' },
                          {
                            name: 'AWS_ROLE_ARN',
                            value: 'arn:aws:iam::123456789012:role/logferry-prod-classifier',
                          },
                          { name: 'AWS_ROLE_SESSION_NAME', value: 'classifier' },
                          {
                            name: 'AWS_WEB_IDENTITY_TOKEN_FILE',
                            value: '/var/run/secrets/logferry/aws-token',
                          },
                          {
                            name: 'GOOGLE_APPLICATION_CREDENTIALS',
                            value: '/var/run/secrets/logferry/gcp-credentials.json',
                          },
                          { name: 'GOOGLE_CLOUD_PROJECT', value: 'proj' },
                          { name: 'LOGFERRY_GRACE', value: '3m' },
                          { name: 'LOGFERRY_SOURCE', value: 's3://src/$$(HOME)' },
                          {
                            name: 'NODE_OPTIONS',
                            value: '--max-semi-space-size=1 --max-old-space-size=48',
                          },
                          { name: 'TMPDIR', value: '/scratch' },
                        ],
                        resources: {
                          requests: { cpu: '100m', memory: '128Mi', 'ephemeral-storage': '2176Mi' },
                          limits: { cpu: '1', memory: '128Mi', 'ephemeral-storage': '2176Mi' },
                        },
                        securityContext: {
                          allowPrivilegeEscalation: false,
                          privileged: false,
                          readOnlyRootFilesystem: true,
                          capabilities: { drop: ['ALL'] },
                        },
                        volumeMounts: [
                          { name: 'schemas', mountPath: '/etc/logferry/schemas', readOnly: true },
                          { name: 'scratch', mountPath: '/scratch' },
                          { name: 'identity', mountPath: '/var/run/secrets/logferry', readOnly: true },
                        ],
                      },
                    ],
                    volumes: [
                      {
                        name: 'schemas',
                        projected: {
                          sources: [
                            { configMap: { name: 'schemas-aaaaaaaaaaaa' } },
                            { configMap: { name: 'schemas-bbbbbbbbbbbb' } },
                          ],
                        },
                      },
                      { name: 'scratch', emptyDir: { sizeLimit: '2Gi' } },
                      {
                        name: 'identity',
                        projected: {
                          sources: [
                            {
                              serviceAccountToken: {
                                path: 'aws-token',
                                audience: 'sts.amazonaws.com',
                                expirationSeconds: 3600,
                              },
                            },
                            {
                              serviceAccountToken: {
                                path: 'gcp-token',
                                audience: FEDERATION.audience,
                                expirationSeconds: 3600,
                              },
                            },
                            {
                              configMap: {
                                name: 'classifier-gcp-0123456789ab',
                                items: [{ key: 'gcp-credentials.json', path: 'gcp-credentials.json' }],
                              },
                            },
                          ],
                        },
                      },
                    ],
                  },
                },
              },
            },
          },
        },
        options: {},
      },
    ]);
    assert.equal(result, 'classifier');
  });

  it('of several shards is an Indexed Job: a pod for each index, told which, with tries of its own', async () => {
    const jobSpec = async (shards: number): Promise<Record<string, unknown>> => {
      const { registrations } = await record({ ...ARGS, shards, env: {} });
      return (
        only(registrations, 'kubernetes:batch/v1:CronJob').inputs as {
          spec: { jobTemplate: { spec: Record<string, unknown> } };
        }
      ).spec.jobTemplate.spec;
    };
    const [{ template: alone, ...one }, { template: among, ...eight }] = [await jobSpec(1), await jobSpec(8)];
    const { backoffLimit, ...same } = one;
    assert.equal(backoffLimit, 2);
    assert.deepEqual(eight, {
      ...same,
      ...{ completionMode: 'Indexed', completions: 8, parallelism: 8, backoffLimitPerIndex: 2 },
    });
    const [first, second] = [alone, among] as { spec: Pod }[];
    assert.deepEqual(second!.spec.containers[0]!.env, [
      ...first!.spec.containers[0]!.env.filter(({ name }) => name < 'LOGFERRY'),
      {
        name: 'LOGFERRY_SHARD',
        valueFrom: {
          fieldRef: { fieldPath: "metadata.annotations['batch.kubernetes.io/job-completion-index']" },
        },
      },
      ...first!.spec.containers[0]!.env.filter(({ name }) => name > 'LOGFERRY'),
    ]);
  });

  it('has only the tokens that it needs', async () => {
    const variables = async (identity: PodIdentity): Promise<[string[], string[]]> => {
      const { registrations } = await record({ ...ARGS, identity, env: {} });
      const { containers, volumes } = podOf(registrations);
      return [containers[0]!.env.map(({ name }) => name), volumes.map(({ name }) => name)];
    };
    // On GKE, a loader: the metadata server answers for it, and AWS is none of its business.
    assert.deepEqual(await variables({ gcp: { project: 'proj' } }), [
      ['GOOGLE_CLOUD_PROJECT', 'NODE_OPTIONS', 'TMPDIR'],
      ['schemas', 'scratch'],
    ]);
    assert.deepEqual(await variables({ gcp: { project: 'proj', federation: FEDERATION } }), [
      ['GOOGLE_APPLICATION_CREDENTIALS', 'GOOGLE_CLOUD_PROJECT', 'NODE_OPTIONS', 'TMPDIR'],
      ['schemas', 'scratch', 'identity'],
    ]);
  });

  it('gives its arguments as they are, and can be suspended', async () => {
    const { registrations } = await record({
      ...ARGS,
      cronJobName: 'loader-standard-30',
      minute: 30,
      args: ['load', '--lane', 'standard', '--types=a$(HOME)'],
      suspend: true,
    });
    const { spec } = only(registrations, 'kubernetes:batch/v1:CronJob').inputs as {
      spec: { schedule: string; suspend: boolean };
    };
    assert.deepEqual([spec.schedule, spec.suspend], ['30 * * * *', true]);
    assert.deepEqual(podOf(registrations).containers[0]!.args, [
      'load',
      '--lane',
      'standard',
      '--types=a$$(HOME)',
    ]);
  });
});
