import assert from 'node:assert/strict';
import { it } from 'mocha';
import { ask, type Answer } from '../support/house/ask.ts';
import type { House } from '../support/house/house.ts';
import { outputsOf, type Story } from './story.ts';

const REGION = 'ap-northeast-2';

/** What STS answers to whoever wants to be the classifier in AWS. */
async function assumeRole(house: House, token: string): Promise<Answer> {
  const { roles } = await outputsOf(house);
  const form = new URLSearchParams({
    ...{ Action: 'AssumeRoleWithWebIdentity', Version: '2011-06-15', RoleSessionName: 'somebody' },
    ...{ RoleArn: roles.classifier, WebIdentityToken: token },
  });
  return ask(at(house), `sts.${REGION}.amazonaws.com`, { method: 'POST', path: '/', body: form.toString() });
}

const at = ({ front, caFile }: House): { address: string; caFile: string } => ({
  address: front.address,
  caFile,
});

/** The audience that Google's pool wants, as a pod's projected volume has it. */
async function googleAudience(house: House): Promise<string> {
  const path = `/apis/batch/v1/namespaces/${house.namespace}/cronjobs/loader-fast`;
  const text = JSON.stringify(await house.plane.request('GET', path));
  return /"audience":"(https:\/\/iam\.googleapis\.com\/[^"]+)"/.exec(text)![1]!;
}

/** What Google's token service answers to a service account of the namespace. */
async function exchange(house: House, serviceAccount: string, audience: string): Promise<Answer> {
  const token = await house.plane.mintToken(house.namespace, serviceAccount, [audience]);
  const provider = (await googleAudience(house)).replace('https:', '');
  const form = new URLSearchParams({
    ...{ grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange', audience: provider },
    ...{ subject_token: token, subject_token_type: 'urn:ietf:params:oauth:token-type:jwt' },
  });
  return ask(at(house), 'sts.googleapis.com', { method: 'POST', path: '/v1/token', body: form.toString() });
}

/** What the credentials service answers to `serviceAccount`, which wants to act as a workload's Google account. */
async function impersonate(house: House, serviceAccount: string, email: string): Promise<Answer> {
  const { body } = await exchange(house, serviceAccount, await googleAudience(house));
  const { access_token: token } = JSON.parse(body) as { access_token: string };
  return ask(at(house), 'iamcredentials.googleapis.com', {
    method: 'POST',
    path: `/v1/projects/-/serviceAccounts/${email}:generateAccessToken`,
    headers: { authorization: `Bearer ${token}` },
  });
}

export function identitiesScenario(story: () => Story): void {
  it('the loader cannot read the source: AWS takes none of its tokens, nor anybody’s who is not the classifier', async () => {
    const { house } = story();
    const mint = (name: string, audience: string): Promise<string> =>
      house.plane.mintToken(house.namespace, name, [audience]);
    const asked = async (name: string, audience: string): Promise<string> => {
      const { status, body } = await assumeRole(house, await mint(name, audience));
      return `${status} ${/<Message>.*: (.*)<\/Message>/.exec(body)?.[1] ?? 'a session'}`;
    };
    assert.deepEqual(
      [
        await asked('classifier', 'sts.amazonaws.com'),
        await asked('loader', 'sts.amazonaws.com'),
        await asked('default', 'sts.amazonaws.com'),
      ],
      [
        '200 a session',
        '403 the role does not trust system:serviceaccount:logferry-dev:loader',
        '403 the role does not trust system:serviceaccount:logferry-dev:default',
      ],
    );
    const { status, body } = await assumeRole(house, await mint('classifier', await googleAudience(house)));
    assert.equal(status, 403);
    assert.match(body, /audience: expected sts\.amazonaws\.com, found https:\/\/iam\.googleapis\.com\//);
    const forged = `${(await mint('classifier', 'sts.amazonaws.com')).slice(0, -8)}AAAAAAAA`;
    assert.equal((await assumeRole(house, forged)).status, 403);
  });

  it('S3 answers nobody without a session, whatever else he holds', async () => {
    const { house } = story();
    const { sourceBucket } = await outputsOf(house);
    const host = `${sourceBucket.name}.s3.${REGION}.amazonaws.com`;
    const path = '/?list-type=2&prefix=logs/';
    assert.equal((await ask(at(house), host, { path })).status, 403);
    const { serviceAccounts } = await outputsOf(house);
    const { accessToken } = JSON.parse((await impersonate(house, 'loader', serviceAccounts.loader)).body) as {
      accessToken: string;
    };
    const headers = { authorization: `Bearer ${accessToken}` };
    assert.equal((await ask(at(house), host, { path, headers })).status, 403);
  });

  it('Google takes each workload’s token for its own account only, and nobody else’s', async () => {
    const { house } = story();
    const { serviceAccounts } = await outputsOf(house);
    const { classifier, loader } = serviceAccounts;
    const audience = await googleAudience(house);
    assert.deepEqual(
      [
        (await exchange(house, 'default', audience)).status,
        (await exchange(house, 'loader', 'sts.amazonaws.com')).status,
        (await impersonate(house, 'loader', loader)).status,
        (await impersonate(house, 'loader', classifier)).status,
        (await impersonate(house, 'classifier', loader)).status,
      ],
      [400, 400, 200, 403, 403],
    );
  });

  it('the loader may copy below _load/, but neither stage rows nor forge a manifest nor delete; the classifier runs no job', async () => {
    const { house } = story();
    const { serviceAccounts, stagingBucket, recordsBucket } = await outputsOf(house);
    const tokenOf = async (workload: 'classifier' | 'loader'): Promise<string> => {
      const { body } = await impersonate(house, workload, serviceAccounts[workload]);
      return (JSON.parse(body) as { accessToken: string }).accessToken;
    };
    const [classifier, loader] = [await tokenOf('classifier'), await tokenOf('loader')];
    const create = async (token: string, bucket: string, name: string): Promise<number> => {
      const query = new URLSearchParams({ uploadType: 'media', ifGenerationMatch: '0', name });
      const path = `/upload/storage/v1/b/${bucket}/o?${query.toString()}`;
      const headers = { authorization: `Bearer ${token}`, 'content-length': '2' };
      return (await ask(at(house), 'storage.googleapis.com', { method: 'POST', path, headers, body: '{}' }))
        .status;
    };
    const remove = async (token: string, bucket: string, name: string): Promise<number> => {
      const path = `/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}`;
      const headers = { authorization: `Bearer ${token}` };
      return (await ask(at(house), 'storage.googleapis.com', { method: 'DELETE', path, headers })).status;
    };
    const query = async (token: string): Promise<number> => {
      const body = JSON.stringify({ query: 'SELECT 1', useLegacySql: false });
      const path = `/bigquery/v2/projects/${house.bigquery.project}/queries`;
      const headers = { authorization: `Bearer ${token}`, 'content-length': String(body.length) };
      return (await ask(at(house), 'bigquery.googleapis.com', { method: 'POST', path, headers, body }))
        .status;
    };
    assert.deepEqual(
      {
        copies: await create(loader, stagingBucket.name, '_load/test/of/a/right'),
        stages: await create(loader, stagingBucket.name, 'purchase/1.ndjson'),
        forges: await create(loader, recordsBucket.name, 'manifests/2026/11/20/00/9.json'),
        deletes: await remove(loader, stagingBucket.name, '_load/test/of/a/right'),
        'classifier deletes': await remove(classifier, stagingBucket.name, '_load/test/of/a/right'),
        'classifier queries': await query(classifier),
        'loader queries': await query(loader),
      },
      {
        ...{ copies: 200, stages: 403, forges: 403, deletes: 403 },
        ...{ 'classifier deletes': 403, 'classifier queries': 403, 'loader queries': 200 },
      },
    );
  });
}
