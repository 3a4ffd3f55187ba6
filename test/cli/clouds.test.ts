import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach } from 'mocha';
import { StandIn, type Answered } from '../adapters/gcs/stand-in.ts';
import { cli } from '../support/cli.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { s3Bench, s3Environment } from '../support/s3-bench.ts';
import { deadPort, s3Error, startS3, type FakeS3 } from '../support/s3-fauxqs.ts';
import { tempFolder } from '../support/temp.ts';

const HOUR = '2026-11-20T14';
const FOLDER = '2026/11/20/14/';
const folder = tempFolder();

/** What an operator gets to read: the one line of the log, and the exit code that decides what a Job does next. */
interface Said {
  readonly code: number;
  readonly message: string;
  readonly advice: string | undefined;
  readonly alarm: string | undefined;
}

/** `logferry classify` with stores of one's own; what is not given is a folder. */
async function classify({ source = 'source', staging = 'staging' }): Promise<Said> {
  const place = (url: string): string => (/^\w+$/.test(url) ? `file:${join(folder, url)}` : url);
  const stores = ['--source', place(source), '--staging', place(staging)];
  const { code, stderr } = await cli(['classify', HOUR, ...stores, '--schemas', join(folder, 'schemas')]);
  const { message, alarm } = JSON.parse(stderr) as { message: string; alarm?: string };
  const [sentence = '', advice, ...more] = message.split('\n  → ');
  assert.deepEqual(more, []);
  assert.doesNotMatch(`${sentence}${advice ?? ''}`, /\n/);
  return { code, message: sentence, advice, alarm };
}

const refused = (message: string): Said => ({ code: 2, message, advice: undefined, alarm: undefined });
const failed = (message: string, advice: string): Said => ({ code: 1, message, advice, alarm: undefined });
/** What rings the alarm for credentials besides. */
const denied = (message: string, advice: string): Said => ({
  ...failed(message, advice),
  alarm: 'credentials',
});
/** A try that gave up waiting: the time that it took is no matter. */
const timeless = ({ message, ...rest }: Said): Said => ({
  ...rest,
  message: message.replace(/in \d+ s\)$/, 'in N s)'),
});

before(() => {
  mkdirSync(join(folder, 'schemas'));
  const schema = { fields: [{ name: 'log_type', type: 'STRING', mode: 'REQUIRED' }] };
  writeFileSync(join(folder, 'schemas', 't.json'), JSON.stringify(schema));
});

describe('a URL with a typo: exit code 2, one sentence, nothing asked of any cloud', () => {
  const STORES = 'expected file:<path> or s3://<bucket>/<prefix> or gs://<bucket>/<prefix>';
  const S3_FORM = 'expected s3://<bucket>[/<prefix>][?region=<region>&endpoint=<url>]';
  const GS_FORM = 'expected gs://<bucket>[/<prefix>][?endpoint=<url>]';
  const TYPOS = {
    's3:/logs/app': `${S3_FORM}, found "s3:/logs/app"`,
    's3:logs/app': `${S3_FORM}, found "s3:logs/app"`,
    's3//logs/app': `${STORES}, found "s3//logs/app" (s3 without its colon)`,
    's3://': `${STORES}, found "s3://"`,
    'logs/app': `${STORES}, found "logs/app" (did you mean file:logs/app?)`,
    'S3://logs': `${STORES}, found "S3://logs" (did you mean s3?)`,
    's3://Logs': 'expected a bucket of 3 to 63 lower-case letters, digits, dots and hyphens, found "Logs"',
    's3://logs?regoin=us-east-1':
      'unknown parameter "regoin" of an s3 URL (did you mean region?) (known: region, endpoint)',
    's3://logs?profile=x': 'unknown parameter "profile" of an s3 URL (known: region, endpoint)',
    's3://logs?region=seoul': 'expected a region such as ap-northeast-2, found "seoul"',
    'gs:/logs/app': `${GS_FORM}, found "gs:/logs/app"`,
    'gs//logs/app': `${STORES}, found "gs//logs/app" (gs without its colon)`,
    'gcs://logs/app': `${STORES}, found "gcs://logs/app" (did you mean gs?)`,
    'gs://logs?endpont=http://h':
      'unknown parameter "endpont" of a gs URL (did you mean endpoint?) (known: endpoint)',
    'gs://logs?endpoint=h:4443': 'expected endpoint=https://<host>[:<port>], found "h:4443"',
  };
  for (const [url, message] of Object.entries(TYPOS))
    it(url, async () => {
      assert.deepEqual(await classify({ source: url }), refused(`--source: ${message}`));
      assert.deepEqual(await classify({ staging: url }), refused(`--staging: ${message}`));
    });
});

describe('what S3 refuses, as the command line tells it', () => {
  let s3: FakeS3;
  let proxy: FaultProxy;
  let bucket: string;
  let source: string;
  s3Environment();
  before(async () => {
    s3 = await startS3();
    proxy = await FaultProxy.start(s3.endpoint);
    ({ bucket } = await s3Bench(s3.endpoint));
    source = `s3://${bucket}/app?region=us-east-1&endpoint=${proxy.url}`;
  });
  after(async () => {
    await proxy.close();
    await s3.close();
  });
  beforeEach(() => proxy.reset());

  /** S3 answers everything so. */
  function answers(status: number, code: string, message: string, more = ''): void {
    const headers = { 'content-type': 'application/xml' };
    proxy.always({}, { do: 'answer', status, body: s3Error(code, message, more), headers });
  }
  const listing = (): string => `Listing s3://${bucket}/app/${FOLDER}`;

  it('a bucket that does not exist', async () => {
    const url = `s3://no-such-bucket/app?region=us-east-1&endpoint=${s3.endpoint}`;
    const said = failed('Bucket no-such-bucket does not exist', 'Check the bucket’s name in the URL.');
    assert.deepEqual(await classify({ source: url }), said);
    assert.deepEqual(await classify({ staging: url }), said);
  });

  it('a wrong region, whether S3 names the right one or not', async () => {
    answers(400, 'AuthorizationHeaderMalformed', 'expecting', '<Region>ap-northeast-2</Region>');
    assert.deepEqual(
      await classify({ source }),
      failed(
        `Bucket ${bucket} is in ap-northeast-2, not in us-east-1`,
        'Add ?region=ap-northeast-2 to its URL, or set AWS_REGION.',
      ),
    );
    proxy.reset();
    answers(301, 'PermanentRedirect', 'The bucket must be addressed using the specified endpoint.');
    assert.deepEqual(
      await classify({ source }),
      failed(
        `Bucket ${bucket} is in another region, not in us-east-1`,
        'Add ?region=<its region> to its URL, or set AWS_REGION.',
      ),
    );
  });

  it('no region at all', async () => {
    assert.deepEqual(await classify({ source: `s3://${bucket}/app` }), {
      ...refused(`s3://${bucket}/app/${FOLDER}: expected a region, found none`),
      advice: 'Add ?region=<region> to its URL, or set AWS_REGION.',
    });
  });

  it('a wrong setting is told once, not for each of the hours', async () => {
    const { code, stderr } = await cli([
      'classify',
      '2026-11-20T12..2026-11-20T16',
      ...[
        '--source',
        `s3://${bucket}/app`,
        '--staging',
        `file:${folder}/staging`,
        '--schemas',
        `${folder}/schemas`,
      ],
    ]);
    assert.equal(code, 2);
    assert.equal(stderr.match(/expected a region, found none/g)?.length, 1, stderr);
  });

  it('an expired token', async () => {
    answers(400, 'ExpiredToken', 'The provided token has expired.');
    assert.deepEqual(
      await classify({ source }),
      denied(
        `${listing()}: access denied: S3 answered 400 ExpiredToken (The provided token has expired.)`,
        'The session has expired: get new credentials ("aws sso login", or a new AWS_SESSION_TOKEN).',
      ),
    );
  });

  it('a listing that is denied', async () => {
    const because =
      'User: arn:aws:sts::1:assumed-role/classifier/x is not authorized to perform: s3:ListBucket because no identity-based policy allows the s3:ListBucket action';
    answers(403, 'AccessDenied', because);
    assert.deepEqual(
      await classify({ source }),
      denied(
        `${listing()}: access denied: S3 answered 403 AccessDenied (${because})`,
        'The role’s own policy does not allow it: add the permission to the role.',
      ),
    );
  });

  it('an endpoint where nobody listens: worth another run', async () => {
    const port = await deadPort();
    assert.deepEqual(
      timeless(
        await classify({ source: `s3://${bucket}/app?region=us-east-1&endpoint=http://127.0.0.1:${port}` }),
      ),
      {
        code: 75,
        message: `${listing()}: the connection failed: connect ECONNREFUSED 127.0.0.1:${port} (4 tries in N s)`,
        advice: 'Check endpoint and region in the URL; if they are right, the network is down: run again.',
        alarm: undefined,
      },
    );
  });

  it('no credentials at all', async () => {
    const { AWS_ACCESS_KEY_ID } = process.env;
    delete process.env.AWS_ACCESS_KEY_ID;
    try {
      assert.deepEqual(
        await classify({ source }),
        denied(
          `${listing()}: AWS gave no credentials: CredentialsProviderError (Could not load credentials from any providers)`,
          'Set AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE (a pod has them from its spec), AWS_PROFILE, or log in with "aws sso login".',
        ),
      );
      assert.deepEqual(proxy.passed, []);
    } finally {
      process.env.AWS_ACCESS_KEY_ID = AWS_ACCESS_KEY_ID;
    }
  });
});

describe('what GCS refuses, as the command line tells it', () => {
  const NAMES = ['GOOGLE_APPLICATION_CREDENTIALS', 'HOME', 'METADATA_SERVER_DETECTION'];
  const environment = Object.fromEntries(NAMES.map((name) => [name, process.env[name]]));
  let google: StandIn;
  let answer: Answered;
  let staging: string;
  before(async () => {
    google = await new StandIn(() => answer).listen();
    staging = `gs://staging/app?endpoint=${google.url}`;
  });
  beforeEach(() => {
    process.env.HOME = folder;
  });
  afterEach(() => {
    for (const [name, value] of Object.entries(environment))
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
  });

  /** GCS answers everything so. */
  function answers(status: number, reason: string, message: string): void {
    answer = { status, json: { error: { code: status, message, errors: [{ reason }] } } };
  }
  const LISTING = `Listing gs://staging/app/_records/manifests/${FOLDER}`;

  it('a bucket that does not exist', async () => {
    answers(404, 'notFound', 'The specified bucket does not exist.');
    const said = failed(
      'Bucket staging does not exist',
      'Check the bucket’s name in the URL; in production "pulumi up" makes it.',
    );
    assert.deepEqual(await classify({ staging }), said);
    assert.deepEqual(await classify({ source: staging }), said);
  });

  it('a token that it does not take', async () => {
    answers(401, 'authError', 'Invalid Credentials');
    assert.deepEqual(
      await classify({ staging }),
      denied(
        `${LISTING}: access denied: GCS answered 401 authError (Invalid Credentials)`,
        'GCS does not take the token, nor a new one: look at this machine’s clock and at the federation file.',
      ),
    );
  });

  it('a projected token that has expired: the token service refuses, and GCS is never asked', async () => {
    const file = join(folder, 'federation.json');
    writeFileSync(join(folder, 'token'), 'stale');
    const audience =
      '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/cluster';
    writeFileSync(
      file,
      JSON.stringify({
        type: 'external_account',
        audience,
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        token_url: `${google.url}/sts`,
        credential_source: { file: join(folder, 'token') },
      }),
    );
    process.env.GOOGLE_APPLICATION_CREDENTIALS = file;
    answer = { status: 400, json: { error: 'invalid_grant', error_description: 'The token is stale.' } };
    assert.deepEqual(
      await classify({ staging: 'gs://staging/app' }),
      denied(
        `${LISTING}: Google gave no credentials: Error code invalid_grant: The token is stale.`,
        'Look at the projected token that the federation file names: its issuer, audience and expiry must be those of the pool’s provider.',
      ),
    );
  });

  it('a key file in place of a federation file: refused before anything is asked', async () => {
    const file = join(folder, 'key.json');
    writeFileSync(file, '{"type":"service_account"}');
    process.env.GOOGLE_APPLICATION_CREDENTIALS = file;
    const { code, message } = await classify({ staging: 'gs://staging/app' });
    assert.deepEqual(
      [code, message],
      [
        2,
        `GOOGLE_APPLICATION_CREDENTIALS: expected a workload identity federation file ("type": "external_account"), found the key of a service account at ${file}`,
      ],
    );
  });

  it('no credentials at all', async () => {
    delete process.env.GOOGLE_APPLICATION_CREDENTIALS;
    process.env.METADATA_SERVER_DETECTION = 'none';
    const { message, ...said } = await classify({ staging: 'gs://staging/app' });
    assert.match(
      message,
      /^Listing gs:.*: Google gave no credentials: Could not load the default credentials/,
    );
    assert.deepEqual(said, {
      code: 1,
      alarm: 'credentials',
      advice:
        'Set GOOGLE_APPLICATION_CREDENTIALS to a workload identity federation file (a pod has it from its spec), or run where a metadata server is (GKE, Cloud Run, Compute Engine).',
    });
  });

  it('a listing that is denied', async () => {
    const because =
      'c@p.iam.gserviceaccount.com does not have storage.objects.list access to the Google Cloud Storage bucket.';
    answers(403, 'forbidden', because);
    assert.deepEqual(
      await classify({ staging }),
      denied(
        `${LISTING}: access denied: GCS answered 403 forbidden (${because})`,
        'Let the identity in use have storage.objects.list (roles/storage.objectViewer) on bucket staging; GCS also answers so where the bucket is another project’s, or not there.',
      ),
    );
  });

  it('an endpoint where nobody listens: worth another run', async () => {
    const port = await deadPort();
    assert.deepEqual(
      timeless(await classify({ staging: `gs://staging/app?endpoint=http://127.0.0.1:${port}` })),
      {
        code: 75,
        message: `${LISTING}: the connection failed: connect ECONNREFUSED 127.0.0.1:${port} (4 tries in N s)`,
        advice: 'Check the endpoint in the URL; if it is right, the network is down: run again.',
        alarm: undefined,
      },
    );
  });
});
