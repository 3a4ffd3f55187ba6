import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, before, beforeEach } from 'mocha';
import { BigQueryWarehouse } from '../../../workloads/adapters/bigquery/bigquery-warehouse.ts';
import type { LogferryError } from '../../../workloads/core/errors.ts';
import { tempFolder } from '../../support/temp.ts';
import { failure, FakeBigQuery, type Answer } from './fake-bigquery.ts';

const NAMES = ['GOOGLE_APPLICATION_CREDENTIALS', 'HOME'];

describe('BigQueryWarehouse signs in without a key', () => {
  const folder = tempFolder();
  const environment = Object.fromEntries(NAMES.map((name) => [name, process.env[name]]));
  let fake: FakeBigQuery;
  let tokens: () => Answer;
  let signatures: string[];
  let refused: string[];
  before(async () => {
    fake = await new FakeBigQuery().listen();
  });
  beforeEach(() => {
    process.env.HOME = folder;
    fake.reset();
    [signatures, refused] = [[], []];
    let count = 0;
    tokens = () => ({
      status: 200,
      json: {
        access_token: `token-${++count}`,
        expires_in: 3_600,
        token_type: 'Bearer',
        issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      },
    });
    fake.instead = ({ path, headers }) => {
      if (path === '/sts') return tokens();
      const signature = String(headers.authorization);
      signatures.push(signature);
      return refused.includes(signature) ? failure(401, 'authError', 'Invalid Credentials') : undefined;
    };
  });
  afterEach(() => {
    for (const [name, value] of Object.entries(environment))
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
  });

  const file = (name: string, content: object): void => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(content));
    process.env.GOOGLE_APPLICATION_CREDENTIALS = path;
  };
  const federated = (token = 'projected-token'): BigQueryWarehouse => {
    writeFileSync(join(folder, 'projected-token'), 'the pod');
    file('federation.json', {
      type: 'external_account',
      audience:
        '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/cluster',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: `${fake.url}/sts`,
      credential_source: { file: join(folder, token) },
    });
    return new BigQueryWarehouse(fake.place, {
      authorize: true,
      retry: { deadlineMs: 0, baseMs: 1, capMs: 1 },
    });
  };
  const open = (warehouse: BigQueryWarehouse): Promise<void> => warehouse.session(() => Promise.resolve());

  it('a key file is refused before anything is asked; an endpoint is an emulator and gets nothing', async () => {
    file('key.json', { type: 'service_account', private_key: 'x' });
    const { endpoint, ...place } = fake.place;
    assert.ok(endpoint);
    assert.throws(() => new BigQueryWarehouse(place), {
      name: 'UsageError',
      message: /expected a workload identity federation file .* found the key of a service account/,
    });
    await open(new BigQueryWarehouse(fake.place));
    assert.deepEqual([...new Set(signatures)], ['undefined']);
  });

  it('with the token for which the projected one is traded', async () => {
    await open(federated());
    assert.deepEqual([...new Set(signatures)], ['Bearer token-1']);
  });

  it('a token that BigQuery does not take any more is renewed', async () => {
    const warehouse = federated();
    await open(warehouse);
    refused = ['Bearer token-1'];
    signatures.length = 0;
    await warehouse.session((session) => session.labels('t'));
    assert.equal(signatures[0], 'Bearer token-1');
    assert.equal(signatures.at(-1), 'Bearer token-2');
  });

  it('no token is taken -> TerminalError for the credentials alarm', async () => {
    refused = ['Bearer token-1', 'Bearer token-2', 'Bearer token-3', 'Bearer token-4'];
    await assert.rejects(open(federated()), (error: LogferryError) => {
      assert.equal(error.name, 'TerminalError');
      assert.match(
        error.message,
        /^Dataset my-project\.\w+: cannot look at it: access denied: BigQuery answered 401 authError \(Invalid Credentials\)$/,
      );
      assert.match(error.advice ?? '', /clock/);
      assert.equal(error.context.alarm, 'credentials');
      return true;
    });
  });

  it('the token service refuses -> TerminalError that says what to look at; it is busy -> TransientError', async () => {
    tokens = () => ({ status: 400, json: { error: 'invalid_grant', error_description: 'Token expired.' } });
    await assert.rejects(open(federated()), (error: LogferryError) => {
      assert.equal(error.name, 'TerminalError');
      assert.match(error.message, /cannot look at it: Google gave no credentials: .*Token expired/);
      assert.match(error.advice ?? '', /projected token .* issuer, audience and expiry/);
      return true;
    });
    tokens = () => ({ status: 503, json: {} });
    await assert.rejects(open(federated()), { name: 'TransientError' });
    await assert.rejects(open(federated('none')), { name: 'TerminalError', message: /none/ });
  });
});
