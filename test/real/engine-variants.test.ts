import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { AWS_ACCOUNT } from '../support/cloud-answers/aws.ts';
import { tempFolder } from '../support/temp.ts';
import { engineBench, type Bench } from './support/engine-bench.ts';
import { refusal } from './support/engine-expect.ts';

const BUCKET = 'aws:s3/bucket:Bucket';
const OIDC_PROVIDER = 'aws:iam/openIdConnectProvider:OpenIdConnectProvider';
const CLUSTER = 'gcp:container/cluster:Cluster';

/** The issuer of Pulumi.dev.yaml. */
const ISSUER = 'https://oidc.eks.ap-northeast-2.amazonaws.com/id/00000000000000000000000000000000';

describe('the program’s switches on the real engine', function () {
  this.timeout(600_000);
  const folder = tempFolder();
  let bench: Bench;

  beforeEach(async () => {
    bench = await engineBench(folder);
  });

  afterEach(() => bench.stop());

  it('an adopted bucket and issuer are used as they are, and outlive the stack', async () => {
    const { cloud } = bench.standIn;
    cloud.seed(BUCKET, { bucket: 'existing-logs', tags: { owner: 'them' } });
    cloud.seed(OIDC_PROVIDER, { url: ISSUER, clientIdLists: ['sts.amazonaws.com'] });
    const seeded = cloud.resources;
    const dev = await bench.open('dev', {
      sourceBucket: 'existing-logs',
      adoptSourceBucket: 'true',
      adoptOidcProvider: 'true',
    });
    await dev.up();
    const { sourceBucket } = await dev.outputs();
    assert.deepEqual(sourceBucket, {
      name: 'existing-logs',
      url: 's3://existing-logs',
      arn: 'arn:aws:s3:::existing-logs',
      region: 'ap-northeast-2',
    });
    assert.deepEqual((await dev.preview()).steps, []);
    await dev.destroy();
    assert.deepEqual(cloud.resources, seeded);
    assert.deepEqual(
      cloud.journal.filter(
        ({ type, kind }) => (type === BUCKET || type === OIDC_PROVIDER) && kind !== 'read',
      ),
      [],
    );
  });

  it('a bucket to adopt that is not there is one error that names it', async () => {
    const dev = await bench.open('dev', { sourceBucket: 'no-such-logs', adoptSourceBucket: 'true' });
    await assert.rejects(dev.preview(), refusal("Preview failed: resource 'no-such-logs' does not exist"));
  });

  it('dev and prod share an account, a project and a cluster', async () => {
    const { cloud } = bench.standIn;
    const dev = await bench.open('dev');
    await dev.up();
    const shared = await bench.open('prod', {
      gcpProject: 'logferry-dev-example',
      clusterIssuer: ISSUER,
      adoptOidcProvider: 'true',
    });
    const { steps } = await shared.up();
    assert.deepEqual([...new Set(steps.map(({ op }) => op))], ['create']);
    assert.deepEqual((await dev.preview()).steps, []);
    assert.deepEqual(
      cloud.ofType('kubernetes:core/v1:Namespace').map(({ id }) => id),
      ['logferry-dev', 'logferry-prod'],
    );
    assert.deepEqual(
      cloud.ofType(OIDC_PROVIDER).map(({ id }) => id),
      [`arn:aws:iam::${AWS_ACCOUNT}:oidc-provider/${ISSUER.replace('https://', '')}`],
    );
  });

  it('a cluster of its own comes and goes with the stack', async () => {
    const { cloud } = bench.standIn;
    const dev = await bench.open('dev', { cluster: 'gke-autopilot', clusterIssuer: '' });
    await dev.preview();
    await dev.up();
    assert.deepEqual(
      cloud.ofType(CLUSTER).map(({ id }) => id),
      ['projects/logferry-dev-example/locations/asia-northeast3/clusters/logferry-dev'],
    );
    assert.deepEqual((await dev.preview()).steps, []);
    await dev.destroy();
    assert.deepEqual(
      cloud.resources.map(({ type }) => type),
      [OIDC_PROVIDER],
    );
    await assert.rejects(dev.up(), /EntityAlreadyExists/);
    await dev.setConfig({ adoptOidcProvider: 'true' });
    await dev.up();
    assert.equal(cloud.ofType(OIDC_PROVIDER).length, 1);
    assert.deepEqual((await dev.preview()).steps, []);
  });
});
