import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { before } from 'mocha';
import { S3Store } from '../../../workloads/adapters/s3/s3-store.ts';
import { parseS3Url } from '../../../workloads/adapters/s3/s3-url.ts';
import { LogferryError, TerminalError, TransientError, UsageError } from '../../../workloads/core/errors.ts';
import type { ObjectStore } from '../../../workloads/core/ports/object-store.ts';
import { QUICK, s3Bench, storeAt } from '../../support/s3-bench.ts';
import { useProxiedS3 } from '../../support/s3-through-proxy.ts';
import { deadPort, s3Error } from '../../support/s3-fauxqs.ts';

const there = useProxiedS3();
let bucket: string;
before(async () => {
  ({ bucket } = await s3Bench(there.s3.endpoint));
});

async function failure(work: Promise<unknown>): Promise<LogferryError> {
  const error = await work.then(
    () => assert.fail('expected an error'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof LogferryError, String(error));
  return error;
}

/** What the store says when S3 answers every request so. */
async function saidTo(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
  ask: (store: ObjectStore) => Promise<unknown> = (store) => store.list('2026/'),
): Promise<LogferryError> {
  there.proxy.always(
    {},
    { do: 'answer', status, body, headers: { 'content-type': 'application/xml', ...headers } },
  );
  return failure(ask(storeAt(there.proxy.url, `${bucket}/app`)));
}

function assertSaid(
  error: LogferryError,
  kind: typeof TerminalError | typeof TransientError | typeof UsageError,
  message: string,
  advice: string,
): void {
  assert.equal(error.constructor, kind, String(error));
  assert.equal(error.message, message.replaceAll('BUCKET', bucket));
  assert.equal(error.advice, advice);
}

describe('S3Store, what a user gets wrong', () => {
  it('a bucket that does not exist', async () => {
    const store = storeAt(there.s3.endpoint, 'no-such-bucket/app');
    for (const work of [() => store.head('k'), () => store.list(''), () => store.read('k')]) {
      const error = await failure(work());
      assert.equal(error.constructor, TerminalError);
      assert.equal(error.message, 'Bucket no-such-bucket does not exist');
      assert.equal(error.advice, 'Check the bucket’s name in the URL.');
    }
  });

  it('a key is not looked for twice once the bucket has answered', async () => {
    const store = storeAt(there.proxy.url, bucket);
    assert.equal(await store.head('none'), undefined);
    assert.equal(await store.head('none'), undefined);
    assert.deepEqual(
      there.proxy.passed.map(({ method, path }) => `${method} ${path}`),
      [`HEAD /${bucket}/none`, `HEAD /${bucket}/`, `HEAD /${bucket}/none`],
    );
  });

  it('a wrong region: names the right one, from the header of any answer or from its body', async () => {
    const said = 'Bucket BUCKET is in ap-northeast-2, not in us-east-1';
    const advice = 'Add ?region=ap-northeast-2 to its URL, or set AWS_REGION.';
    const there = { 'x-amz-bucket-region': 'ap-northeast-2' };
    assertSaid(await saidTo(301, s3Error('PermanentRedirect'), there), TerminalError, said, advice);
    assertSaid(await saidTo(301, '', there, (store) => store.head('k')), TerminalError, said, advice);
    assertSaid(await saidTo(400, '', there, (store) => store.head('k')), TerminalError, said, advice);
    const malformed = s3Error('AuthorizationHeaderMalformed', 'expecting', '<Region>ap-northeast-2</Region>');
    assertSaid(await saidTo(400, malformed), TerminalError, said, advice);
  });

  it('a wrong region of which S3 does not name the right one', async () => {
    assertSaid(
      await saidTo(301, s3Error('PermanentRedirect')),
      TerminalError,
      'Bucket BUCKET is in another region, not in us-east-1',
      'Add ?region=<its region> to its URL, or set AWS_REGION.',
    );
  });

  it('no region at all', async () => {
    const store = new S3Store(parseS3Url('--source', 's3://logs/app'), { env: {} });
    const error = await failure(store.list('2026/'));
    assert.equal(error.constructor, UsageError);
    assert.equal(error.message, 's3://logs/app/2026/: expected a region, found none');
    assert.equal(error.advice, 'Add ?region=<region> to its URL, or set AWS_REGION.');
  });

  it('an expired session', async () => {
    const error = await saidTo(400, s3Error('ExpiredToken', 'The provided token has expired.'));
    assertSaid(
      error,
      TerminalError,
      'Listing s3://BUCKET/app/2026/: access denied: S3 answered 400 ExpiredToken (The provided token has expired.)',
      'The session has expired: get new credentials ("aws sso login", or a new AWS_SESSION_TOKEN).',
    );
    assert.equal(error.context.alarm, 'credentials');
  });

  const user = 'User: arn:aws:sts::1:assumed-role/classifier/x is not authorized to perform: s3:ListBucket';
  for (const [because, advice] of [
    [
      'because no identity-based policy allows the s3:ListBucket action',
      'The role’s own policy does not allow it: add the permission to the role.',
    ],
    [
      'with an explicit deny in a resource-based policy',
      'The bucket’s own policy denies it: look at the bucket policy.',
    ],
    [
      'because no resource-based policy allows it',
      'The bucket’s own policy does not allow it: look at the bucket policy.',
    ],
    ['because no VPC endpoint policy allows it', 'The policy of the VPC endpoint on the way denies it.'],
    [
      'to perform: kms:Decrypt',
      'The key that encrypts the object refuses: let its key policy allow the role to kms:Decrypt.',
    ],
  ] as const) {
    it(`403 ${because}: names the policy to look at`, async () => {
      const error = await saidTo(403, s3Error('AccessDenied', `${user} ${because}`));
      const said = `Listing s3://BUCKET/app/2026/: access denied: S3 answered 403 AccessDenied (${user} ${because})`;
      assertSaid(error, TerminalError, said, advice);
      assert.equal(error.context.alarm, 'credentials');
    });
  }

  it('403 without a reason: names the permission of the call, and the bucket policy', async () => {
    assertSaid(
      await saidTo(403, '', {}, (store) => store.head('k')),
      TerminalError,
      'Object s3://BUCKET/app/k: cannot look at it: access denied: S3 answered 403',
      'Let the role in use have s3:GetObject on its objects (and s3:ListBucket: without it a missing key is denied, too), then look at the bucket policy.',
    );
  });

  it('keys that S3 does not know, and a secret that does not fit', async () => {
    const unknown = await saidTo(403, s3Error('InvalidAccessKeyId'));
    assert.equal(
      unknown.advice,
      'S3 does not know these credentials: they are of another partition or service, or were deleted. Look at where they come from.',
    );
    there.proxy.reset();
    const secret = await saidTo(403, s3Error('SignatureDoesNotMatch'));
    assert.equal(
      secret.advice,
      'The secret key does not belong to the access key: look at AWS_SECRET_ACCESS_KEY.',
    );
  });

  it('an object in the archive', async () => {
    assertSaid(
      await saidTo(403, s3Error('InvalidObjectState'), {}, (store) => store.read('k')),
      TerminalError,
      'Object s3://BUCKET/app/k: cannot read it: it is archived',
      'Restore it from Glacier, then run again.',
    );
  });

  it('an endpoint where nobody listens: few tries, and worth another run', async () => {
    const port = await deadPort();
    const error = await failure(storeAt(`http://127.0.0.1:${port}`, bucket).list(''));
    assert.equal(error.constructor, TransientError);
    const said = `Listing s3://${bucket}/: the connection failed: connect ECONNREFUSED 127.0.0.1:${port} (4 tries in`;
    assert.equal(error.message.slice(0, said.length), said);
    assert.equal(
      error.advice,
      'Check endpoint and region in the URL; if they are right, the network is down: run again.',
    );
  });

  it('a host of which all addresses refuse', async () => {
    const error = await failure(storeAt(`http://localhost:${await deadPort()}`, bucket).list(''));
    assert.equal(error.constructor, TransientError);
    assert.match(error.message, /: the connection failed: .*ECONNREFUSED/);
  });

  it('https to a service that speaks http', async () => {
    const error = await failure(storeAt(there.s3.endpoint.replace('http:', 'https:'), bucket).list(''));
    assert.equal(error.constructor, TerminalError);
    assert.match(error.message, /^Listing s3:\/\/logs-\w+\/: .*\(EPROTO|ERR_SSL/);
    assert.equal(
      error.advice,
      'Check the endpoint: http or https, and a certificate that this machine trusts (NODE_EXTRA_CA_CERTS).',
    );
  });

  it('a service that is no S3', async () => {
    const server = createServer((_request, response) => response.end('<html><body>Welcome!'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    try {
      const retry = { ...QUICK, deadlineMs: 20 };
      const error = await failure(storeAt(`http://127.0.0.1:${port}`, bucket, { retry }).list(''));
      assert.equal(error.constructor, TransientError);
      assert.match(error.message, /^Listing s3:\/\/logs-\w+\/: the answer broke off: .*XML/);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  it('an empty key is never a request about the bucket', async () => {
    const store = storeAt(there.proxy.url, bucket);
    for (const work of [() => store.head(''), () => store.read('')])
      assert.equal((await failure(work())).message, `s3://${bucket}: expected a key, found ""`);
    assert.deepEqual(there.proxy.passed, []);
  });
});
