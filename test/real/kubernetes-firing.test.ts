import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'mocha';
import { readSettings } from '../../workloads/cli/settings.ts';
import { loadSchemas } from '../../workloads/core/schema/schema-set.ts';
import { cli } from '../support/cli.ts';
import { projectSchemas, recordEnvironment } from '../support/program.ts';
import { tempFolder } from '../support/temp.ts';
import type { ControlPlane } from './support/control-plane.ts';
import {
  cronJob,
  deploy,
  endPod,
  kubernetesObjects,
  livePod,
  mountedFiles,
  ownedBy,
  type CronJob,
  type Job,
  type Pod,
} from './support/kubernetes-objects.ts';
import { usePlane } from './support/use-plane.ts';
import { waitFor } from './support/wait.ts';

/** The next full minute, when a CronJob of every minute fires, and time for a busy machine. */
const FIRING_SECONDS = 120;
const NAMESPACE = 'logferry-prod';
const SCHEMAS = fileURLToPath(new URL('../../schemas', import.meta.url));
const POOL = 'projects/210987654321/locations/global/workloadIdentityPools/logferry-prod/providers/cluster';

/** What all pods are told and where, beside each workload's own. */
const PLACES = {
  staging: 'gs://logferry-prod-staging-logferry-prod-example',
  records: 'gs://logferry-prod-records-logferry-prod-example',
};
const SETTINGS = {
  ...PLACES,
  schemas: '/etc/logferry/schemas',
  typeKey: 'log_type',
  lookback: 48,
  grace: 180_000,
  deadline: 1_800_000,
  lane: 'all',
  compression: 'gzip',
  level: 1,
  partSize: 512 * 2 ** 20,
  ...{ shards: 1, throughput: 4_000_000, shardTime: 300_000 },
  scratch: '/scratch',
  scratchLimit: 2 * 2 ** 30,
  lockTimeout: 60_000,
};

/** The identity volume's sources: what the kubelet asks the server for, and the file beside it. */
const identity = (
  workload: string,
  credentials: string,
  audiences: Readonly<Record<string, string>>,
): object => ({
  name: 'identity',
  projected: {
    defaultMode: 0o644,
    sources: [
      ...Object.entries(audiences).map(([path, audience]) => ({
        serviceAccountToken: { audience, expirationSeconds: 3600, path },
      })),
      {
        configMap: {
          name: `${workload}-gcp-${credentials}`,
          items: [{ key: 'gcp-credentials.json', path: 'gcp-credentials.json' }],
        },
      },
    ],
  },
});

const variables = ({ spec }: Pod): Record<string, string> =>
  Object.fromEntries(spec.containers[0]!.env.map(({ name, value }) => [name, value]));

describe('a CronJob that the real controller fires', () => {
  const folder = tempFolder();
  let plane: ControlPlane;
  let classifier: CronJob;
  let jobs: Readonly<Record<'classifier' | 'loader-fast', Job>>;
  let pods: Readonly<Record<'classifier' | 'loader-fast', Pod>>;

  /** Nothing but the schedule: what fires is what the program declared. */
  const everyMinute = async (name: string): Promise<CronJob> =>
    (await plane.request(
      'PATCH',
      `/apis/batch/v1/namespaces/${NAMESPACE}/cronjobs/${name}`,
      { spec: { schedule: '* * * * *' } },
      { 'content-type': 'application/merge-patch+json' },
    )) as CronJob;

  const jobsOf = (owner: CronJob, count: number): Promise<Job[]> =>
    waitFor(`${count} Job(s) of ${owner.metadata.name}`, FIRING_SECONDS, async () => {
      const found = await ownedBy<Job>(plane, owner, 'jobs');
      return found.length >= count ? found : undefined;
    });

  usePlane(async (started) => {
    plane = started;
    await deploy(plane, kubernetesObjects((await recordEnvironment('prod')).registrations));
    classifier = await everyMinute('classifier');
    const fast = await everyMinute('loader-fast');
    const [[first], [second]] = [await jobsOf(classifier, 1), await jobsOf(fast, 1)];
    jobs = { classifier: first!, 'loader-fast': second! };
    pods = { classifier: await livePod(plane, first!), 'loader-fast': await livePod(plane, second!) };
  });

  it('makes one Job, which gives up before the next hour, forgives waits and keeps its end for a weekend', () => {
    const { selector, template, ...spec } = jobs.classifier.spec;
    assert.deepEqual(spec, {
      activeDeadlineSeconds: 3000,
      backoffLimit: 2,
      completionMode: 'NonIndexed',
      completions: 1,
      manualSelector: false,
      parallelism: 1,
      podFailurePolicy: {
        rules: [
          { action: 'FailJob', onExitCodes: { containerName: 'logferry', operator: 'In', values: [2] } },
          { action: 'Ignore', onExitCodes: { containerName: 'logferry', operator: 'In', values: [75] } },
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
        ],
      },
      podReplacementPolicy: 'Failed',
      suspend: false,
      ttlSecondsAfterFinished: 259_200,
    });
    assert.ok(selector.matchLabels['batch.kubernetes.io/controller-uid']);
    assert.ok(template.spec);
    assert.match(jobs.classifier.metadata.name, /^classifier-\d{8}$/);
  });

  it('makes the classifier’s pod: restricted, with tokens for both clouds, on disk of a known size', () => {
    const { nodeSelector, ...spec } = pods.classifier.spec as Pod['spec'] & { nodeSelector?: unknown };
    assert.equal(nodeSelector, undefined);
    const [container] = spec.containers;
    const schemas = spec.volumes[0]!.projected.sources.map(({ configMap }) => configMap.name);
    const credentials = spec.volumes[2]!.projected.sources.at(-1)!.configMap.name.slice(-12);
    const unreachable = (key: string): object => ({
      key: `node.kubernetes.io/${key}`,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 300,
    });
    assert.deepEqual(spec, {
      automountServiceAccountToken: false,
      containers: [
        {
          name: 'logferry',
          image: `asia-northeast3-docker.pkg.dev/logferry-prod-example/logferry/logferry@sha256:${'0'.repeat(64)}`,
          imagePullPolicy: 'Always',
          args: ['classify', '--json'],
          env: container!.env,
          resources: {
            requests: { cpu: '100m', memory: '128Mi', 'ephemeral-storage': '2176Mi' },
            limits: { cpu: '1', memory: '128Mi', 'ephemeral-storage': '2176Mi' },
          },
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
            privileged: false,
            readOnlyRootFilesystem: true,
          },
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          volumeMounts: [
            { name: 'schemas', mountPath: '/etc/logferry/schemas', readOnly: true },
            { name: 'scratch', mountPath: '/scratch' },
            { name: 'identity', mountPath: '/var/run/secrets/logferry', readOnly: true },
          ],
        },
      ],
      dnsPolicy: 'ClusterFirst',
      enableServiceLinks: false,
      preemptionPolicy: 'PreemptLowerPriority',
      priority: 0,
      restartPolicy: 'Never',
      schedulerName: 'default-scheduler',
      securityContext: {
        fsGroup: 65532,
        runAsGroup: 65532,
        runAsNonRoot: true,
        runAsUser: 65532,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      serviceAccount: 'classifier',
      serviceAccountName: 'classifier',
      terminationGracePeriodSeconds: 120,
      tolerations: [unreachable('not-ready'), unreachable('unreachable')],
      volumes: [
        {
          name: 'schemas',
          projected: { defaultMode: 0o644, sources: schemas.map((name) => ({ configMap: { name } })) },
        },
        { name: 'scratch', emptyDir: { sizeLimit: '2Gi' } },
        identity('classifier', credentials, {
          'aws-token': 'sts.amazonaws.com',
          'gcp-token': `https://iam.googleapis.com/${POOL}`,
        }),
      ],
    });
    assert.match(`${schemas.join(' ')} ${credentials}`, /^schemas-[0-9a-f]{12} [0-9a-f]{12}$/);
  });

  it('gives the loader no token for AWS, and its own lane', () => {
    const { containers, serviceAccountName, volumes } = pods['loader-fast'].spec;
    assert.equal(serviceAccountName, 'loader');
    assert.deepEqual(containers[0]!.args, ['load', '--json', '--lane', 'fast']);
    const credentials = volumes[2]!.projected.sources.at(-1)!.configMap.name.slice(-12);
    const gcpAlone = { 'gcp-token': `https://iam.googleapis.com/${POOL}` };
    assert.deepEqual(volumes[2], identity('loader', credentials, gcpAlone));
    assert.deepEqual(
      Object.keys(variables(pods['loader-fast'])).filter((name) => name.startsWith('AWS_')),
      [],
    );
  });

  it('mounts the very schema files of this folder, which the workloads can read', async () => {
    const files = projectSchemas();
    assert.equal(Object.keys(files).length, 14);
    for (const [name, pod] of Object.entries(pods)) {
      const mounted = await mountedFiles(plane, pod, 'schemas');
      assert.deepEqual(mounted, files);
      const there = join(folder, name);
      mkdirSync(there);
      for (const [file, content] of Object.entries(mounted)) writeFileSync(join(there, file), content);
      assert.deepEqual((await loadSchemas(there)).types, (await loadSchemas(SCHEMAS)).types);
    }
  });

  it('mounts the credentials that trade the pod’s token for the workload’s account, where the SDK looks', async () => {
    for (const [pod, workload] of [
      [pods.classifier, 'classifier'],
      [pods['loader-fast'], 'loader'],
    ] as const) {
      const env = variables(pod);
      const mount = pod.spec.containers[0]!.volumeMounts.find(({ name }) => name === 'identity')!.mountPath;
      const files = await mountedFiles(plane, pod, 'identity');
      assert.deepEqual(
        Object.keys(files).map((file) => `${mount}/${file}`),
        [env.GOOGLE_APPLICATION_CREDENTIALS],
      );
      const credentials = JSON.parse(files['gcp-credentials.json']!) as Record<string, unknown>;
      const account = `logferry-prod-${workload}@logferry-prod-example.iam.gserviceaccount.com`;
      assert.deepEqual(
        [credentials.audience, credentials.service_account_impersonation_url, credentials.credential_source],
        [
          `//iam.googleapis.com/${POOL}`,
          `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${account}:generateAccessToken`,
          { file: `${mount}/gcp-token`, format: { type: 'text' } },
        ],
      );
    }
    const { AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN } = variables(pods.classifier);
    assert.equal(AWS_WEB_IDENTITY_TOKEN_FILE, '/var/run/secrets/logferry/aws-token');
    assert.equal(AWS_ROLE_ARN, 'arn:aws:iam::123456789012:role/logferry-prod-classifier');
  });

  it('tells the workloads what their own reader of settings takes', () => {
    assert.deepEqual(readSettings({}, variables(pods.classifier), ['source', 'staging']), {
      ...SETTINGS,
      source: 's3://logferry-prod-source-222222222222',
    });
    assert.deepEqual(readSettings({}, variables(pods['loader-fast']), ['staging', 'warehouse']), {
      ...SETTINGS,
      warehouse:
        'bigquery://logferry-prod-example?raw=logferry_prod_raw&temp=logferry_prod_load_temp&ops=logferry_prod_ops&location=US',
    });
  });

  it('is a command that runs: the same arguments, settings and schema files, with folders in place of the clouds', async function () {
    this.timeout(0);
    const mounted = join(folder, 'pod');
    for (const part of ['schemas', 'scratch']) mkdirSync(join(mounted, part), { recursive: true });
    // An hour within the lookback, and long over.
    const hour = new Date(Date.now() - 3 * 3_600_000).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
    await cli(['sample', '--out', join(mounted, 'sample'), '--lines', '300']);
    cpSync(join(mounted, 'sample/2026/11/20/14'), join(mounted, 'source', hour), { recursive: true });
    for (const [file, content] of Object.entries(await mountedFiles(plane, pods.classifier, 'schemas')))
      writeFileSync(join(mounted, 'schemas', file), content);
    const here = {
      LOGFERRY_STAGING: `file:${mounted}/staging`,
      LOGFERRY_RECORDS: `file:${mounted}/records`,
      LOGFERRY_SCHEMAS: join(mounted, 'schemas'),
      LOGFERRY_SCRATCH: join(mounted, 'scratch'),
      // Two days of empty hours are a minute's work for DuckDB.
      LOGFERRY_LOOKBACK: '4',
    };
    const { items } = (await plane.request('GET', `/apis/batch/v1/namespaces/${NAMESPACE}/cronjobs`)) as {
      items: CronJob[];
    };
    const loaded: string[] = [];
    for (const { metadata, spec } of items) {
      const [container] = spec.jobTemplate.spec.template.spec.containers;
      const env = Object.fromEntries(container!.env.map(({ name, value }) => [name, value]));
      const own =
        metadata.name === 'classifier'
          ? { LOGFERRY_SOURCE: `file:${mounted}/source` }
          : { LOGFERRY_WAREHOUSE: `duckdb:${mounted}/wh.duckdb` };
      const { code, stderr } = await cli(container!.args, { env: { ...env, ...here, ...own } });
      assert.equal(code, 0, `${metadata.name}: ${stderr}`);
      loaded.push(...container!.args.flatMap((argument) => /^--types=(.*)$/.exec(argument)?.[1] ?? []));
    }
    const standard = (await loadSchemas(SCHEMAS)).types.filter(({ lane }) => lane === 'standard');
    assert.deepEqual(loaded.toSorted(), standard.map(({ type }) => type).toSorted());
  });

  it('does not begin beside one that runs, and begins late once that is over', async function () {
    this.timeout(0);
    const events = (): Promise<{ message: string; type: string }> =>
      waitFor('the controller to say that it leaves a firing out', FIRING_SECONDS, async () => {
        const selector = `involvedObject.name=classifier,involvedObject.kind=CronJob,reason=JobAlreadyActive`;
        const path = `/api/v1/namespaces/${NAMESPACE}/events?fieldSelector=${encodeURIComponent(selector)}`;
        const { items } = (await plane.request('GET', path)) as {
          items: { message: string; type: string }[];
        };
        return items[0];
      });
    const { message, type } = await events();
    assert.deepEqual(
      [type, message],
      ['Normal', 'Not starting job because prior execution is running and concurrency policy is Forbid'],
    );
    const only = jobs.classifier.metadata;
    assert.deepEqual(
      (await ownedBy<Job>(plane, classifier, 'jobs')).map(({ metadata }) => metadata.name),
      [only.name],
    );
    const { active } = (await cronJob(plane, NAMESPACE, 'classifier')).status;
    assert.deepEqual(
      active.map(({ name }) => name),
      [only.name],
    );
    // Within startingDeadlineSeconds the firing still counts: a run that is a little late delays the next one, and takes it away from no one.
    await endPod(plane, pods.classifier, 0);
    const both = await jobsOf(classifier, 2);
    assert.equal(both.filter(({ metadata }) => metadata.name !== only.name).length, 1);
  });
});
