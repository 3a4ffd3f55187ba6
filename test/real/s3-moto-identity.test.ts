import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, it } from 'mocha';
import { bucketArn } from '../../infra/aws/arns.ts';
import { classifierSourcePolicy } from '../../infra/aws/policies.ts';
import type { ObjectStore } from '../../workloads/core/ports/object-store.ts';
import { localFiles } from '../contract/store-bench.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { s3Bench, s3Environment, storeAt } from '../support/s3-bench.ts';
import { tempFolder } from '../support/temp.ts';
import { startMoto } from './support/moto.ts';
import { enforce, startMotoSts, type MotoSts } from './support/moto-sts.ts';

const ROLE = 'arn:aws:iam::123456789012:role/classifier';

/** A call of IAM's API. */
async function iam(moto: string, action: string, parameters: Record<string, string>): Promise<void> {
  const answer = await fetch(moto, {
    method: 'POST',
    headers: {
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20261120/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: new URLSearchParams({ Action: action, Version: '2010-05-08', ...parameters }),
  });
  assert.ok(answer.ok, `${action}: ${answer.status} ${await answer.text()}`);
}

describe('a projected token, traded at moto’s STS for a session of the classifier’s role', () => {
  const folder = tempFolder();
  const token = join(folder, 'aws-token');
  const local = localFiles(folder);
  const closes: (() => Promise<void>)[] = [];
  let sts: MotoSts;
  let proxy: FaultProxy;
  let bucket: string;
  s3Environment({ AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: token });

  before(async () => {
    const moto = await startMoto({ tempFolder: folder });
    const bench = await s3Bench(moto.url, 'app');
    ({ bucket } = bench);
    await bench.put('2026/11/20/14/a', Buffer.from('the lines'));
    await iam(moto.url, 'CreateRole', { RoleName: 'classifier', AssumeRolePolicyDocument: '{}' });
    const policy = classifierSourcePolicy({ bucketArn: bucketArn(bucket), prefix: 'app' });
    await iam(moto.url, 'PutRolePolicy', {
      RoleName: 'classifier',
      PolicyName: 'source',
      PolicyDocument: JSON.stringify(policy),
    });
    await enforce(moto.url, true);
    sts = await startMotoSts(moto.url);
    proxy = await FaultProxy.start(moto.url);
    closes.push(() => proxy.close(), sts.close, moto.stop);
    // What infra/ gives a pod: a role and a projected token; no keys.
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    process.env.AWS_ENDPOINT_URL_STS = sts.endpoint;
    writeFileSync(token, 'token-1');
  });
  after(async () => {
    for (const close of closes) await close();
  });
  const open = (): ObjectStore => storeAt(proxy.url, `${bucket}/app`);
  const lastSigner = (): string | undefined =>
    /Credential=(\w+)\//.exec(proxy.passed.at(-1)?.headers.authorization ?? '')?.[1];

  it('lists and reads what the role’s policy allows, each request signed by the session', async () => {
    const store = open();
    const { objects } = await store.list('2026/11/20/14/');
    assert.deepEqual(
      objects.map(({ key, size }) => [key, size]),
      [['2026/11/20/14/a', 9]],
    );
    const [{ etag, key }] = objects as [(typeof objects)[0]];
    assert.equal((await buffer(await store.read(key, { etag }))).toString(), 'the lines');
    assert.deepEqual(sts.tokens, ['token-1']);
    assert.equal(lastSigner(), sts.sessions[0]);
  });

  it('what the policy does not allow is refused, and rings the alarm for credentials', async () => {
    await assert.rejects(open().create('new', local(Buffer.from('x'))), {
      name: 'TerminalError',
      message: /^Object s3:.*\/app\/new: cannot create it: access denied: S3 answered 403 AccessDenied/,
      context: { object: 'new', alarm: 'credentials' },
    });
  });

  it('a session that runs out in the middle is replaced: the token is read again from the file that the kubelet rewrote', async () => {
    const store = open();
    sts.sessionSeconds = 60;
    await store.list('');
    const before = sts.tokens.length;
    writeFileSync(token, 'token-2');
    sts.sessionSeconds = 3_600;
    while (sts.tokens.at(-1) !== 'token-2') await store.list('');
    while (lastSigner() !== sts.sessions.at(-1)) await store.list('');
    assert.deepEqual(new Set(sts.tokens.slice(before)), new Set(['token-2']));
    assert.equal((await buffer(await store.read('2026/11/20/14/a'))).toString(), 'the lines');
    const renewals = sts.tokens.length;
    for (let call = 0; call < 3; call++) await store.list('');
    assert.equal(sts.tokens.length, renewals, 'a session of an hour is kept');
  });

  it('a session that nobody knows is refused', async () => {
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'ASIAUNKNOWN',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_SESSION_TOKEN: 'y',
    });
    await assert.rejects(open().list(''), {
      name: 'TerminalError',
      message: /: access denied: S3 answered 403 InvalidAccessKeyId/,
      context: { alarm: 'credentials' },
    });
  });
});
