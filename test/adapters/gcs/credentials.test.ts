import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, before, beforeEach } from 'mocha';
import { GcsStore } from '../../../workloads/adapters/gcs/gcs-store.ts';
import type { LogferryError } from '../../../workloads/core/errors.ts';
import { tempFolder } from '../../support/temp.ts';
import { StandIn, type Answered } from './stand-in.ts';

const folder = tempFolder();
const write = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

describe('GCS requests are signed', () => {
  const NAMES = ['GCE_METADATA_HOST', 'METADATA_SERVER_DETECTION', 'GOOGLE_APPLICATION_CREDENTIALS', 'HOME'];
  const environment = Object.fromEntries(NAMES.map((name) => [name, process.env[name]]));
  const { warn } = console;
  const warnings: unknown[] = [];
  beforeEach(() => {
    console.warn = (...what: unknown[]) => warnings.push(...what);
    process.env.HOME = folder;
  });
  afterEach(() => {
    console.warn = warn;
    for (const [name, value] of Object.entries(environment))
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    assert.deepEqual(warnings.splice(0), [], 'the SDK writes between the lines of the log');
  });
  const LISTING = { status: 200, json: { items: [] } };
  const script: { token: (subject: string) => Answered; gcs: (authorization: string) => Answered } = {
    token: () => undefined,
    gcs: () => LISTING,
  };
  let server: StandIn;
  before(async () => {
    server = await new StandIn(({ url, body, headers }) => {
      if (url.startsWith('/sts'))
        return script.token(new URLSearchParams(body.toString()).get('subject_token') ?? '');
      if (url.startsWith('/computeMetadata')) return script.token(String(headers['metadata-flavor']));
      return script.gcs(headers.authorization ?? 'none');
    }).listen();
  });
  const token = (access_token: string, expires_in = 3_600): Answered => ({
    status: 200,
    headers: { 'metadata-flavor': 'Google' },
    json: {
      access_token,
      expires_in,
      token_type: 'Bearer',
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    },
  });
  /** A pod's environment, its projected token, and a store that signs. */
  const federated = (subject: string | undefined): GcsStore => {
    const path = join(folder, 'projected-token');
    if (subject !== undefined) writeFileSync(path, subject);
    const file = {
      type: 'external_account',
      audience:
        '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/cluster',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: `${server.url}/sts`,
      credential_source: { file: subject === undefined ? `${path}-missing` : path },
    };
    process.env.GOOGLE_APPLICATION_CREDENTIALS = write('federation.json', JSON.stringify(file));
    return signing();
  };
  const signing = (): GcsStore =>
    new GcsStore(
      { bucket: 'bucket', prefix: '', endpoint: server.url },
      { authorize: true, retry: { deadlineMs: 0, baseMs: 1, capMs: 1 } },
    );
  const signatures: string[] = [];
  const accept = (authorization: string): Answered => {
    signatures.push(authorization);
    return LISTING;
  };

  it('with the token for which the projected one is traded, until it ends; then the projected one is read again', async () => {
    const subjects: string[] = [];
    script.gcs = accept;
    script.token = (subject) => {
      subjects.push(subject);
      // The first ends at once; the second lasts.
      return token(`for-${subject}`, subject === 'first' ? 1 : 3_600);
    };
    signatures.length = 0;
    const store = federated('first');
    await store.list('');
    federated('second');
    await store.list('');
    await store.list('');
    assert.deepEqual([...new Set(subjects)], ['first', 'second']);
    assert.deepEqual(signatures.slice(-2), ['Bearer for-second', 'Bearer for-second']);
    assert.equal(subjects.filter((subject) => subject === 'second').length, 1);
  });

  it('a token that GCS does not take any more is renewed once', async () => {
    let count = 0;
    script.token = () => token(`token-${++count}`);
    const seen: string[] = [];
    script.gcs = (authorization) => {
      seen.push(authorization);
      return authorization === 'Bearer token-1'
        ? {
            status: 401,
            json: { error: { message: 'Invalid Credentials', errors: [{ reason: 'authError' }] } },
          }
        : LISTING;
    };
    assert.deepEqual(await federated('pod').list(''), { objects: [] });
    assert.deepEqual(seen, ['Bearer token-1', 'Bearer token-2']);
  });

  it('no token is taken -> TerminalError for the credentials alarm', async () => {
    script.token = () => token('bad');
    script.gcs = () => ({ status: 401, json: { error: { message: 'Invalid Credentials' } } });
    await assert.rejects(federated('pod').list(''), (error: LogferryError) => {
      assert.equal(error.name, 'TerminalError');
      assert.equal(
        error.message,
        'Listing gs://bucket/: access denied: GCS answered 401 (Invalid Credentials)',
      );
      assert.match(error.advice ?? '', /clock/);
      assert.equal(error.context.alarm, 'credentials');
      return true;
    });
  });

  it('the token service refuses -> TerminalError that says what to look at; it is busy -> TransientError', async () => {
    script.token = () => ({
      status: 400,
      json: { error: 'invalid_grant', error_description: 'The audience does not match.' },
    });
    await assert.rejects(federated('pod').list(''), (error: LogferryError) => {
      assert.equal(error.name, 'TerminalError');
      assert.match(
        error.message,
        /^Listing gs:\/\/bucket\/: Google gave no credentials: .*audience does not match/,
      );
      assert.match(error.advice ?? '', /projected token .* issuer, audience and expiry/);
      return true;
    });
    script.token = () => ({ status: 429, json: { error: 'busy' } });
    await assert.rejects(federated('pod').list(''), { name: 'TransientError' });
  });

  it('the projected token is not there -> TerminalError', async () => {
    await assert.rejects(federated(undefined).list(''), {
      name: 'TerminalError',
      message: /^Listing gs:\/\/bucket\/: Google gave no credentials: .*projected-token-missing/,
    });
  });

  it('with the metadata server’s token where no file is named', async () => {
    process.env.GCE_METADATA_HOST = server.host;
    process.env.METADATA_SERVER_DETECTION = 'assume-present';
    script.token = (flavor) => token(`for-${flavor}`);
    script.gcs = accept;
    signatures.length = 0;
    await signing().list('');
    assert.deepEqual(signatures, ['Bearer for-Google']);
  });

  it('an endpoint is an emulator: no credentials are looked for, and none are sent', async () => {
    const key = write('key.json', '{"type":"service_account"}');
    script.gcs = accept;
    signatures.length = 0;
    process.env.GOOGLE_APPLICATION_CREDENTIALS = key;
    await new GcsStore({ bucket: 'bucket', prefix: '', endpoint: server.url }).list('');
    assert.deepEqual(signatures, ['none']);
    assert.throws(() => new GcsStore({ bucket: 'bucket', prefix: '' }), { name: 'UsageError' });
  });
});
