import assert from 'node:assert/strict';
import { WorkloadGrants } from '../../../infra/gcp/workload-grants.ts';
import { parseHour } from '../../../workloads/core/hour.ts';
import { loadCopyKey, manifestKey, partKey, setAsideKey } from '../../../workloads/core/layout.ts';
import { permissionsOf, type Permission } from './permissions.ts';
import { byName, recordGcp } from './record-gcp.ts';

const CLASSIFIER = 'serviceAccount:logferry-dev-classifier@logs-dev.iam.gserviceaccount.com';
const LOADER = 'serviceAccount:logferry-dev-loader@logs-dev.iam.gserviceaccount.com';

const record = () =>
  recordGcp(
    () =>
      new WorkloadGrants('grants', {
        project: 'logs-dev',
        roleId: (purpose) => `logferry_dev_${purpose}`,
        members: { classifier: CLASSIFIER, loader: LOADER },
        staging: 'the-staging',
        records: 'the-records',
        datasets: { raw: 'the_raw', loadTemp: 'the_temp', ops: 'the_ops' },
      }),
  );

const permissions = async (): Promise<readonly Permission[]> => permissionsOf((await record()).registrations);

/** `bucket x: permission [below prefix]` of one member. */
const listOf = async (member: string): Promise<string[]> =>
  (await permissions())
    .filter((each) => each.member === member)
    .map(
      ({ resource, permission, prefix }) =>
        `${resource}: ${permission}${prefix === '' ? '' : ` below ${prefix}`}`,
    );

describe('what the workloads may do in Google Cloud', () => {
  it('the classifier: create and read objects in both buckets, and nothing else', async () => {
    assert.deepEqual(await listOf(CLASSIFIER), [
      'bucket the-records: storage.objects.create',
      'bucket the-records: storage.objects.get',
      'bucket the-records: storage.objects.list',
      'bucket the-staging: storage.objects.create',
      'bucket the-staging: storage.objects.get',
      'bucket the-staging: storage.objects.list',
    ]);
  });

  it('the loader: read both buckets, write load copies and rejects, load, commit, label', async () => {
    assert.deepEqual(await listOf(LOADER), [
      'bucket the-records: storage.buckets.get',
      'bucket the-records: storage.objects.create below rejects/',
      'bucket the-records: storage.objects.get',
      'bucket the-records: storage.objects.list',
      'bucket the-staging: storage.buckets.get',
      'bucket the-staging: storage.objects.create below _load/',
      'bucket the-staging: storage.objects.get',
      'bucket the-staging: storage.objects.list',
      'dataset the_ops: bigquery.datasets.get',
      'dataset the_ops: bigquery.tables.get',
      'dataset the_ops: bigquery.tables.getData',
      'dataset the_ops: bigquery.tables.update',
      'dataset the_ops: bigquery.tables.updateData',
      'dataset the_raw: bigquery.datasets.get',
      'dataset the_raw: bigquery.tables.get',
      'dataset the_raw: bigquery.tables.getData',
      'dataset the_raw: bigquery.tables.update',
      'dataset the_raw: bigquery.tables.updateData',
      'dataset the_temp: bigquery.datasets.get',
      'dataset the_temp: bigquery.tables.create',
      'dataset the_temp: bigquery.tables.delete',
      'dataset the_temp: bigquery.tables.get',
      'dataset the_temp: bigquery.tables.getData',
      'dataset the_temp: bigquery.tables.update',
      'dataset the_temp: bigquery.tables.updateData',
      'project logs-dev: bigquery.jobs.create',
    ]);
  });

  it('nobody else may anything, and nobody may delete an object, change a policy, or use a wildcard', async () => {
    const all = await permissions();
    assert.deepEqual([...new Set(all.map(({ member }) => member))], [CLASSIFIER, LOADER]);
    const dangerous = /^storage\.objects\.(delete|update|setIamPolicy)|setIamPolicy|\*|\.buckets\.(?!get$)/;
    assert.deepEqual(
      all.filter(({ permission }) => dangerous.test(permission)),
      [],
    );
  });

  it('covers exactly the objects that each writes: a loader can neither stage rows nor forge a manifest', async () => {
    const all = await permissions();
    const creates = (member: string, bucket: string, object: string): boolean =>
      all.some(
        (each) =>
          each.member === member &&
          each.permission === 'storage.objects.create' &&
          each.resource === `bucket ${bucket}` &&
          object.startsWith(each.prefix),
      );
    const hour = parseHour('2026-11-20T15');
    const sha256 = 'ab'.repeat(32);
    const part = partKey('purchase', hour, { fingerprint: sha256, shard: '0', index: 1, sha256, gzip: true });
    const copy = loadCopyKey(part, '0badcafe', { sha256, gzip: true });
    const setAside = (area: 'quarantine' | 'rejects'): string[] =>
      (['bin.gz', 'index.ndjson.gz'] as const).map((suffix) =>
        setAsideKey(area, hour, { epoch: 1, what: 'lines', sha256, suffix }),
      );
    const objects: [string, string, boolean, boolean][] = [
      ['the-staging', part, true, false],
      ['the-staging', copy, true, true],
      ['the-records', manifestKey(hour, 1), true, false],
      ...setAside('quarantine').map((object): [string, string, boolean, boolean] => [
        'the-records',
        object,
        true,
        false,
      ]),
      ...setAside('rejects').map((object): [string, string, boolean, boolean] => [
        'the-records',
        object,
        true,
        true,
      ]),
    ];
    assert.deepEqual(
      objects.map(([bucket, object]) => [
        bucket,
        object,
        creates(CLASSIFIER, bucket, object),
        creates(LOADER, bucket, object),
      ]),
      objects,
    );
  });

  it('is seven custom roles and ten grants, each on one bucket, one dataset, or for jobs on the project', async () => {
    const { registrations } = await record();
    const parent = 'logferry:gcp:WorkloadGrants/grants';
    const role = (name: string, purpose: string, title: string, list: string[]) => ({
      type: 'gcp:projects/iAMCustomRole:IAMCustomRole',
      name: `grants-role-${name}`,
      parent,
      inputs: {
        project: 'logs-dev',
        roleId: `logferry_dev_${purpose}`,
        title,
        permissions: list,
        stage: 'GA',
      },
      options: {},
    });
    const grant = (type: string, name: string, roleName: string, purpose: string, inputs: object) => ({
      type,
      name: `grants-${name}-${roleName}`,
      parent,
      inputs: {
        role: `projects/logs-dev/roles/logferry_dev_${purpose}`,
        member: name.startsWith('classifier') ? CLASSIFIER : LOADER,
        ...inputs,
      },
      options: { dependsOn: [`gcp:projects/iAMCustomRole:IAMCustomRole/grants-role-${roleName}`] },
    });
    const BUCKET = 'gcp:storage/bucketIAMMember:BucketIAMMember';
    const SET = 'gcp:bigquery/datasetIamMember:DatasetIamMember';
    const below = (bucket: string, prefix: string) => ({
      bucket,
      condition: {
        title: `below ${prefix}`,
        expression: `resource.name.startsWith("projects/_/buckets/${bucket}/objects/${prefix}")`,
      },
    });
    const set = (datasetId: string) => ({ project: 'logs-dev', datasetId });
    const table = (...kinds: string[]): string[] => kinds.map((kind) => `bigquery.${kind}`);
    assert.deepEqual(
      byName(registrations),
      byName([
        { type: 'logferry:gcp:WorkloadGrants', name: 'grants', inputs: {}, options: {} },
        role('job-runner', 'jobRunner', 'logferry: run BigQuery jobs', ['bigquery.jobs.create']),
        role('object-creator', 'objectCreator', 'logferry: create objects', ['storage.objects.create']),
        role('object-reader', 'objectReader', 'logferry: read objects, also by load jobs', [
          'storage.buckets.get',
          'storage.objects.get',
          'storage.objects.list',
        ]),
        role('object-writer', 'objectWriter', 'logferry: create and read objects', [
          'storage.objects.create',
          'storage.objects.get',
          'storage.objects.list',
        ]),
        role(
          'ops-loader',
          'opsLoader',
          'logferry: write ledgers and control rows',
          table('datasets.get', 'tables.get', 'tables.getData', 'tables.update', 'tables.updateData'),
        ),
        role(
          'raw-loader',
          'rawLoader',
          'logferry: replace hours in typed tables',
          table('datasets.get', 'tables.get', 'tables.getData', 'tables.update', 'tables.updateData'),
        ),
        role(
          'temp-loader',
          'tempLoader',
          'logferry: fill and drop TEMP tables',
          table(
            'datasets.get',
            'tables.create',
            'tables.delete',
            'tables.get',
            'tables.getData',
            'tables.update',
            'tables.updateData',
          ),
        ),
        grant(BUCKET, 'classifier-staging', 'object-writer', 'objectWriter', { bucket: 'the-staging' }),
        grant(BUCKET, 'classifier-records', 'object-writer', 'objectWriter', { bucket: 'the-records' }),
        grant(BUCKET, 'loader-staging', 'object-reader', 'objectReader', { bucket: 'the-staging' }),
        grant(BUCKET, 'loader-staging', 'object-creator', 'objectCreator', below('the-staging', '_load/')),
        grant(BUCKET, 'loader-records', 'object-reader', 'objectReader', { bucket: 'the-records' }),
        grant(BUCKET, 'loader-records', 'object-creator', 'objectCreator', below('the-records', 'rejects/')),
        grant(SET, 'loader-raw', 'raw-loader', 'rawLoader', set('the_raw')),
        grant(SET, 'loader-load-temp', 'temp-loader', 'tempLoader', set('the_temp')),
        grant(SET, 'loader-ops', 'ops-loader', 'opsLoader', set('the_ops')),
        grant('gcp:projects/iAMMember:IAMMember', 'loader-project', 'job-runner', 'jobRunner', {
          project: 'logs-dev',
        }),
      ]),
    );
  });
});
