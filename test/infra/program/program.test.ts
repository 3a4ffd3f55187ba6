import assert from 'node:assert/strict';
import fc from 'fast-check';
import { only, type Registration } from '../../support/pulumi-mocks.ts';
import { recordEnvironment, type Environment, type Overrides } from '../../support/program.ts';
import { readSettings, type Settings } from '../../../workloads/cli/settings.ts';
import { validSettings } from '../config/valid-settings.ts';

const recordedOf = async (
  environment: Environment,
  overrides: Overrides = {},
): Promise<readonly Registration[]> => (await recordEnvironment(environment, overrides)).registrations;

const isCustom = ({ type }: Registration): boolean =>
  !type.startsWith('logferry:') && !type.startsWith('pulumi:');

/** Where clouds and clusters have their names; `metadata.name` of Kubernetes with its namespace. */
const PHYSICAL = [
  'name',
  'bucket',
  'accountId',
  'roleId',
  'workloadIdentityPoolId',
  'datasetId',
  'tableId',
  'service',
];

function physicalName({ type, inputs }: Registration): string {
  const metadata = inputs.metadata as { name?: string; namespace?: string } | undefined;
  if (metadata !== undefined) return `${type} ${metadata.namespace ?? ''}/${metadata.name ?? ''}`;
  const parts = PHYSICAL.flatMap((key) => (typeof inputs[key] === 'string' ? [`${key}=${inputs[key]}`] : []));
  return `${type} ${parts.join(' ')}`;
}

/** By which no other resource may go, in either cloud or the cluster: a grant is all that it says, a provider its URL. */
function identity(each: Registration): string {
  if (/IamMember$|IAMMember$|iAMMember$/.test(each.type))
    return `${each.type} ${JSON.stringify(each.inputs)}`;
  const { url } = each.inputs;
  return `${physicalName(each)}${typeof url === 'string' ? url : ''}`;
}

/** Physical things that two resources would be, each by type and name. */
function doubles(registrations: readonly Registration[]): string[] {
  const seen = new Set<string>();
  return registrations
    .filter((each) => isCustom(each) && each.options.read === undefined)
    .map(identity)
    .filter((one) => seen.size === seen.add(one).size);
}

/** Settings of one resource, which share its name with it; and grants, of which many are on one thing. */
const ABOUT_ANOTHER =
  /Policy$|PublicAccessBlock$|OwnershipControls$|Versioning$|Configuration$|Logging$|I[aA][mM]Member$|IAMMember$/;

describe('the program as a whole', () => {
  it('hangs every resource on a component, and every component’s provider is one of its own', async () => {
    const registrations = await recordedOf('prod');
    const loose = registrations.filter((each) => isCustom(each) && each.parent === undefined);
    assert.deepEqual(
      loose.map(({ type, name }) => `${type}/${name}`),
      [],
    );
    const providers = new Set(registrations.filter(isCustom).map(({ options }) => options.provider));
    assert.deepEqual(
      [...providers].toSorted(),
      ['aws/aws', 'gcp/gcp', 'gcp/gcp-apis', 'kubernetes/kubernetes'].map(
        (each) => `pulumi:providers:${each}`,
      ),
    );
    assert.deepEqual(
      only(registrations, 'pulumi:providers:aws').inputs.allowedAccountIds,
      '["222222222222"]',
    );
  });

  it('gives nothing a name twice, also where dev and prod share both accounts and the cluster', async () => {
    const shared = {
      'logferry:awsAccountId': '111111111111',
      'logferry:gcpProject': 'acme-logs',
      'logferry:clusterIssuer':
        'https://oidc.eks.ap-northeast-2.amazonaws.com/id/00000000000000000000000000000000',
    };
    const dev = await recordedOf('dev', shared);
    const prod = await recordedOf('prod', { ...shared, 'logferry:adoptOidcProvider': 'true' });
    // A service that two stacks enable is one service.
    const both = [...dev, ...prod].filter(({ type }) => type !== 'gcp:projects/service:Service');
    assert.deepEqual(doubles(both), []);
    assert.ok(both.length > 200, `${both.length} resources`);
    // Of one environment twice, each is seen.
    assert.equal(
      doubles([...dev, ...dev]).length,
      dev.filter((each) => isCustom(each) && each.options.read === undefined).length,
    );
  });

  it('knows no resource without an explicit name', async () => {
    const nameless = (await recordedOf('dev')).filter(
      (each) => isCustom(each) && !ABOUT_ANOTHER.test(each.type) && /\s(\/)?$/.test(physicalName(each)),
    );
    assert.deepEqual(
      nameless.map(({ type }) => type),
      // IAM names an OIDC provider after its URL.
      ['aws:iam/openIdConnectProvider:OpenIdConnectProvider'],
    );
  });

  it('shows a kubeconfig to nobody', async () => {
    const kubeconfig = '{"kind":"Config","users":[{"user":{"token":"hunter2"}}]}';
    const { registrations, result } = await recordEnvironment(
      'dev',
      { 'logferry:kubeconfig': kubeconfig },
      { secretKeys: ['logferry:kubeconfig'] },
    );
    const provider = only(registrations, 'pulumi:providers:kubernetes');
    assert.deepEqual(provider.inputs.kubeconfig, { secret: kubeconfig });
    const others = registrations.filter((each) => each !== provider);
    assert.ok(!JSON.stringify([others, result]).includes('hunter2'));
  });

  it('lets no CronJob fire before tables, grants and network policies are there', async () => {
    const registrations = await recordedOf('prod');
    const cronJobs = registrations.filter(({ type }) => type === 'logferry:k8s:WorkloadCronJob');
    assert.equal(cronJobs.length, 7);
    for (const { options } of cronJobs) {
      const before = options.dependsOn ?? [];
      for (const needed of [
        'gcp:bigquery/table:Table/warehouse-purchase-table',
        'gcp:bigquery/table:Table/warehouse-counts',
        'gcp:storage/bucketIAMMember:BucketIAMMember/grants-classifier-staging-object-writer',
        'kubernetes:networking.k8s.io/v1:NetworkPolicy/namespace-default-deny',
      ])
        assert.ok(before.includes(needed), `${needed} is not in\n${before.join('\n')}`);
    }
  });
});

describe('the program under other settings', () => {
  it('takes a bucket and an OIDC provider as they are, and changes nothing of them', async () => {
    const registrations = await recordedOf('dev', {
      'logferry:sourceBucket': 'firehose-logs',
      'logferry:adoptSourceBucket': 'true',
      'logferry:adoptOidcProvider': 'true',
    });
    const source = registrations.filter(({ parent }) =>
      /SourceBucket|ClusterOidcProvider/.test(parent ?? ''),
    );
    assert.deepEqual(source.map(({ type, options }) => `${type} ${options.read}`).toSorted(), [
      'aws:iam/openIdConnectProvider:OpenIdConnectProvider arn:aws:iam::111111111111:oidc-provider/oidc.eks.ap-northeast-2.amazonaws.com/id/00000000000000000000000000000000',
      'aws:s3/bucket:Bucket firehose-logs',
    ]);
  });

  it('makes a cluster of its own, whose pods need no projected Google token', async () => {
    const registrations = await recordedOf('dev', {
      'logferry:cluster': 'gke-autopilot',
      'logferry:clusterIssuer': undefined,
    });
    assert.equal(only(registrations, 'gcp:container/cluster:Cluster').inputs.name, 'logferry-dev');
    assert.deepEqual(
      registrations.filter(({ type }) => type.includes('WorkloadIdentityPool')),
      [],
    );
    const account = only(registrations, 'kubernetes:core/v1:ServiceAccount', 'namespace-account-loader');
    assert.deepEqual((account.inputs.metadata as Record<string, unknown>).annotations, {
      'iam.gke.io/gcp-service-account': 'logferry-dev-loader@logferry-dev-example.iam.gserviceaccount.com',
    });
    const { url } = only(registrations, 'aws:iam/openIdConnectProvider:OpenIdConnectProvider').inputs;
    assert.equal(
      url,
      'https://container.googleapis.com/v1/projects/logferry-dev-example/locations/asia-northeast3/clusters/logferry-dev',
    );
  });

  it('of an existing GKE cluster knows the pool from its issuer', async () => {
    const registrations = await recordedOf('dev', {
      'logferry:clusterIssuer':
        'https://container.googleapis.com/v1/projects/acme-k8s/locations/asia-northeast3/clusters/main',
    });
    const trust = only(registrations, 'gcp:serviceaccount/iAMMember:IAMMember', 'loader-account-trust');
    assert.equal(trust.inputs.member, 'serviceAccount:acme-k8s.svc.id.goog[logferry-dev/loader]');
  });
});

/** The project's own schemas, and ages that go with their tables' expirations. */
const FITTING = {
  schemasDir: 'schemas',
  typeKey: 'log_type',
  lookbackHours: '48',
  stagingRetentionDays: '40',
  sourceRetentionDays: '0',
};

/** What the workload itself makes of a CronJob's environment. */
function settingsOf(inputs: Readonly<Record<string, unknown>>): Settings {
  const { spec } = inputs as unknown as CronJobInputs;
  const [container] = spec.jobTemplate.spec.template.spec.containers;
  return readSettings(
    {},
    // What has no value takes it from the pod.
    Object.fromEntries(container!.env.map(({ name, value = '' }) => [name, value.replaceAll('$$', '$')])),
    [],
  );
}

interface CronJobInputs {
  readonly spec: {
    readonly jobTemplate: {
      readonly spec: {
        readonly template: {
          readonly spec: {
            readonly containers: readonly { readonly env: readonly { name: string; value?: string }[] }[];
          };
        };
      };
    };
  };
}

describe('any settings', () => {
  it('that are right make a program in which no two resources are one thing, and whose pods take their settings', async () => {
    await fc.assert(
      fc.asyncProperty(validSettings, async (settings) => {
        const full = Object.entries({ ...settings, ...FITTING }).map(([key, value]) => [
          `logferry:${key}`,
          value,
        ]);
        const { registrations } = await recordEnvironment('dev', Object.fromEntries(full) as Overrides, {
          secretKeys: ['logferry:kubeconfig'],
        });
        assert.deepEqual(doubles(registrations), []);
        for (const { type, inputs } of registrations)
          if (type === 'kubernetes:batch/v1:CronJob') assert.ok(settingsOf(inputs).scratchLimit > 0);
      }),
      // A run takes seconds: shrinking would end in the time limit, which says nothing.
      { numRuns: 4, endOnFailure: true, includeErrorInReport: true },
    );
  });

  it('at the greatest scratch that is taken, the workloads take it too', async () => {
    const registrations = await recordedOf('dev', { 'logferry:scratchSize': '1Ti' });
    const cronJobs = registrations.filter(({ type }) => type === 'kubernetes:batch/v1:CronJob');
    assert.deepEqual([...new Set(cronJobs.map(({ inputs }) => settingsOf(inputs).scratchLimit))], [2 ** 40]);
  });
});
