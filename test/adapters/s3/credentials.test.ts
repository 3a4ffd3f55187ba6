import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before } from 'mocha';
import { LogferryError, TerminalError, TransientError } from '../../../workloads/core/errors.ts';
import type { ObjectStore } from '../../../workloads/core/ports/object-store.ts';
import { startSts, type FakeSts } from '../../support/fake-sts.ts';
import { s3Bench, storeAt } from '../../support/s3-bench.ts';
import { useProxiedS3 } from '../../support/s3-through-proxy.ts';
import { s3Error } from '../../support/s3-fauxqs.ts';
import { tempFolder } from '../../support/temp.ts';

const ROLE = 'arn:aws:iam::123456789012:role/classifier';
const there = useProxiedS3();
let sts: FakeSts;
let bucket: string;
const token = join(tempFolder(), 'token');
before(async () => {
  ({ bucket } = await s3Bench(there.s3.endpoint));
});
beforeEach(async () => {
  sts = await startSts();
  there.proxy.reset();
  writeFileSync(token, 'token-1');
  // What infra/ gives a pod: a role and a projected token; no keys.
  delete process.env.AWS_ACCESS_KEY_ID;
  delete process.env.AWS_SECRET_ACCESS_KEY;
  Object.assign(process.env, {
    AWS_ROLE_ARN: ROLE,
    AWS_WEB_IDENTITY_TOKEN_FILE: token,
    AWS_ENDPOINT_URL_STS: sts.endpoint,
  });
});
afterEach(() => sts.close());

/** Which session signed each request to S3. */
function signers(): (string | undefined)[] {
  return there.proxy.passed.map(({ headers }) => /Credential=(\w+)\//.exec(headers.authorization ?? '')?.[1]);
}

const open = (): ObjectStore => storeAt(there.proxy.url, bucket);

async function refused(): Promise<LogferryError> {
  const error = await open()
    .list('')
    .then(
      () => assert.fail('expected an error'),
      (thrown: unknown) => thrown,
    );
  assert.ok(error instanceof LogferryError, String(error));
  assert.deepEqual(there.proxy.passed, [], 'S3 must not be asked without credentials');
  return error;
}

describe('S3Store, with a projected web-identity token', () => {
  it('one session serves all calls while it lasts', async () => {
    const store = open();
    await store.list('');
    await store.head('none');
    await store.list('');
    assert.deepEqual(new Set(signers()), new Set(['SESSION1']));
    assert.deepEqual(sts.tokens, ['token-1']);
  });

  it('a session that is about to run out is renewed in the middle, with the token that is in the file by then', async () => {
    const store = open();
    // Within the five minutes in which the SDK looks for the next one while the old one still serves.
    sts.sessionMs = 60_000;
    await store.list('');
    writeFileSync(token, 'token-2');
    sts.sessionMs = 3_600_000;
    while (sts.tokens.at(-1) !== 'token-2') await store.list('');
    const renewals = sts.tokens.length;
    while (signers().at(-1) !== `SESSION${renewals}`) await store.list('');
    for (let call = 0; call < 3; call++) await store.list('');
    assert.deepEqual(signers().slice(-4), Array(4).fill(`SESSION${renewals}`));
    assert.equal(sts.tokens.length, renewals, 'a session of an hour is kept');
    assert.equal(signers()[0], 'SESSION1');
  });

  it('a session that S3 calls expired before its time is renewed at once', async () => {
    const store = open();
    await store.list('');
    writeFileSync(token, 'token-2');
    const expired = {
      status: 400,
      body: s3Error('ExpiredToken'),
      headers: { 'content-type': 'application/xml' },
    };
    there.proxy.next({ method: 'GET' }, { do: 'answer', ...expired });
    await store.list('');
    there.proxy.next({ method: 'HEAD' }, { do: 'answer', status: 400 });
    await store.head('none');
    assert.deepEqual(signers().slice(0, 5), ['SESSION1', 'SESSION1', 'SESSION2', 'SESSION2', 'SESSION3']);
    assert.deepEqual(sts.tokens, ['token-1', 'token-2', 'token-2']);
  });

  for (const [code, advice] of [
    [
      'AccessDenied',
      `Let the trust policy of the role ${ROLE} name this cluster’s issuer with the token’s :aud and :sub.`,
    ],
    [
      'InvalidIdentityToken',
      `Look at the token ${token}: its issuer must be an IAM OIDC provider of the role’s account, with the token’s audience.`,
    ],
    [
      'ExpiredTokenException',
      `The token ${token} has expired and nobody renewed it: look at the pod’s projected volume and at the clock.`,
    ],
  ] as const) {
    it(`STS says ${code}: says what to look at`, async () => {
      sts.refuse = code;
      const error = await refused();
      assert.equal(error.constructor, TerminalError);
      assert.match(error.message, new RegExp(`^Listing s3://${bucket}/: AWS gave no credentials: ${code}`));
      assert.equal(error.advice, advice);
      assert.equal(error.context.alarm, 'credentials');
    });
  }

  it('a token that is not there', async () => {
    rmSync(token);
    const error = await refused();
    assert.equal(error.constructor, TerminalError);
    assert.match(
      error.message,
      /^Listing s3:\/\/[^ ]+: AWS gave no credentials: Error \(ENOENT: .*token'\)$/,
    );
    assert.equal(error.advice, `Look at the token ${token} and at the role ${ROLE}.`);
  });

  it('no token, no profile, no keys', async () => {
    delete process.env.AWS_WEB_IDENTITY_TOKEN_FILE;
    delete process.env.AWS_ROLE_ARN;
    const error = await refused();
    assert.equal(error.constructor, TerminalError);
    assert.match(
      error.message,
      /: AWS gave no credentials: CredentialsProviderError \(Could not load credentials/,
    );
    assert.equal(
      error.advice,
      'Set AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE (a pod has them from its spec), AWS_PROFILE, or log in with "aws sso login".',
    );
  });

  it('an STS that is down is worth another run', async () => {
    await sts.close();
    const error = await refused();
    assert.equal(error.constructor, TransientError);
  });
});
