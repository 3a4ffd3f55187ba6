import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, before, beforeEach } from 'mocha';
import { tableFields } from '../../../workloads/core/schema/log-type.ts';
import { CONTROL, OPS_TABLES } from '../../../workloads/core/sql/ops-tables.ts';
import { OPS_VIEWS } from '../../../workloads/core/sql/views.ts';
import { parseLogType } from '../../../workloads/core/schema/parse.ts';
import { apiFields } from '../../../workloads/adapters/bigquery/fields.ts';
import { cli } from '../../support/cli.ts';
import { tempFolder } from '../../support/temp.ts';
import { failure, FakeBigQuery, type Answer, type Asked } from './fake-bigquery.ts';

const HOUR = '2026-11-20T14';
const SCHEMA = {
  fields: [
    { name: 'log_type', type: 'STRING', mode: 'REQUIRED' },
    { name: 'n', type: 'INTEGER' },
  ],
};

/** What a command says of the first thing that is wrong. */
interface Said {
  readonly code: number;
  readonly severity: string;
  readonly error: string;
  readonly sentence: string;
  readonly advice: string;
  readonly alarm: string | undefined;
}

describe('what is wrong around BigQuery is said in one sentence', () => {
  const folder = tempFolder();
  const environment = { ...process.env };
  let fake: FakeBigQuery;
  let options: readonly string[];
  before(async () => {
    fake = await new FakeBigQuery().listen();
    mkdirSync(join(folder, 'schemas'));
    mkdirSync(join(folder, 'source/2026/11/20/14'), { recursive: true });
    writeFileSync(join(folder, 'schemas/t.json'), JSON.stringify(SCHEMA));
    writeFileSync(join(folder, 'source/2026/11/20/14/a.json'), '{"log_type":"t","n":1}\n');
    options = ['--staging', `file:${join(folder, 'staging')}`, '--schemas', join(folder, 'schemas')];
    const classified = await cli([
      'classify',
      HOUR,
      '--source',
      `file:${join(folder, 'source')}`,
      ...options,
    ]);
    assert.equal(classified.code, 0, classified.stderr);
  });
  beforeEach(() => fake.reset());
  afterEach(() => {
    for (const name of ['GOOGLE_APPLICATION_CREDENTIALS', 'HOME'])
      if (environment[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = environment[name];
  });

  const url = (): string => `${fake.place.url}&endpoint=${fake.url}`;

  /** Everything that Pulumi makes; a type's table with these fields. */
  function pulumiUp(fields: object = SCHEMA): void {
    const table = (name: string, columns: object): void => {
      fake.tables.set(name, { type: 'TABLE', numRows: '1', schema: { fields: columns } });
    };
    for (const [name, columns] of Object.entries(OPS_TABLES)) table(`ops.${name}`, apiFields(columns));
    for (const view of Object.keys(OPS_VIEWS)) fake.tables.set(`ops.${view}`, { type: 'VIEW' });
    table('ops.control_t', apiFields(CONTROL));
    const parsed = parseLogType('t.json', JSON.stringify(fields));
    assert.ok('logType' in parsed);
    table('raw.t', apiFields(tableFields(parsed.logType)));
  }

  /** Queries answer that the type owns its table and that nothing is committed yet. */
  const queries = ({ method, path, body }: Asked): Answer | undefined => {
    if (method !== 'POST' || path !== '/queries') return undefined;
    const owner = body.toString().includes('control_t');
    const fields = owner ? [{ name: 'log_type', type: 'STRING' }] : [];
    return {
      status: 200,
      json: {
        jobComplete: true,
        jobReference: { jobId: 'q' },
        schema: { fields },
        rows: owner ? [{ f: [{ v: 't' }] }] : [],
      },
    };
  };

  async function said(args: readonly string[], warehouse = url()): Promise<Said> {
    const { code, stderr } = await cli([...args, '--warehouse', warehouse]);
    const line = stderr
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as Record<string, string>)
      .find(({ severity }) => severity === 'ERROR' || severity === 'WARNING');
    assert.ok(line !== undefined, 'nothing was said');
    const [sentence = '', advice = '', ...rest] = line.message!.split('\n  → ');
    assert.deepEqual(rest, []);
    assert.equal(sentence.split('\n').length, 1, sentence);
    return { code, severity: line.severity!, error: line.error!, sentence, advice, alarm: line.alarm };
  }
  const load = (warehouse?: string): Promise<Said> => said(['load', HOUR, ...options], warehouse);

  const WAREHOUSE = 'Warehouse bigquery://my-project?raw=raw&temp=load_temp&ops=ops&location=asia-northeast3';

  it('a dataset that does not exist: not ready, "pulumi up"', async () => {
    fake.datasets.delete('load_temp');
    const { code, error, sentence, advice } = await load();
    assert.deepEqual([code, error], [75, 'NotReadyError']);
    assert.equal(sentence, `${WAREHOUSE}: expected the dataset my-project.load_temp (temp=), found none`);
    assert.match(advice, /^Run "pulumi up", which makes it, or check temp= and the project/);
    for (const reader of [['counts'], ['query', 'SELECT 1'], ['schema', 'extract', 't']])
      assert.equal((await said(reader)).code, 75, reader.join(' '));
  });

  it('a dataset in another location: wrong use, both are named', async () => {
    fake.datasets.set('raw', { location: 'US' });
    const { code, sentence, advice } = await load();
    assert.equal(code, 2);
    assert.equal(
      sentence,
      `${WAREHOUSE}: expected the dataset my-project.raw in asia-northeast3, found it in US`,
    );
    assert.match(advice, /^Set location=US in --warehouse/);
  });

  const TABLE: readonly [what: string, answer: Answer, expected: Omit<Said, 'severity'>][] = [
    [
      'a project that BigQuery does not know',
      failure(404, 'notFound', 'Not found: Project my-project'),
      {
        code: 2,
        error: 'UsageError',
        sentence:
          'Project my-project: expected one that BigQuery knows, it answered Not found: Project my-project',
        advice: 'Check the project in --warehouse (LOGFERRY_WAREHOUSE).',
        alarm: undefined,
      },
    ],
    [
      'a project of somebody else, which BigQuery tells as a refusal',
      failure(
        403,
        'accessDenied',
        'Access Denied: Dataset my-project:raw: Permission bigquery.datasets.get denied on dataset my-project:raw (or it may not exist).',
      ),
      {
        code: 1,
        error: 'TerminalError',
        sentence:
          'Dataset my-project.raw: cannot look at it: access denied: BigQuery answered 403 accessDenied (Access Denied: Dataset my-project:raw: Permission bigquery.datasets.get denied on dataset my-project:raw (or it may not exist).)',
        advice:
          'Let the identity in use run jobs in the project (bigquery.jobs.create) and work on the datasets raw, load_temp and ops; "pulumi up" grants a pod all of it. If it should have all that already, check the project and the datasets in --warehouse (LOGFERRY_WAREHOUSE).',
        alarm: 'credentials',
      },
    ],
    [
      'an API that is not enabled',
      failure(
        403,
        'accessNotConfigured',
        'BigQuery API has not been used in project 1234 before or it is disabled.',
      ),
      {
        code: 1,
        error: 'TerminalError',
        sentence:
          'Dataset my-project.raw: cannot look at it: the BigQuery API is off: BigQuery answered 403 accessNotConfigured (BigQuery API has not been used in project 1234 before or it is disabled.)',
        advice: 'Enable the BigQuery API of the project ("pulumi up" does).',
        alarm: undefined,
      },
    ],
    [
      'billing that is off',
      failure(403, 'billingNotEnabled', 'Billing has not been enabled for this project.'),
      {
        code: 1,
        error: 'TerminalError',
        sentence:
          'Dataset my-project.raw: cannot look at it: billing is off: BigQuery answered 403 billingNotEnabled (Billing has not been enabled for this project.)',
        advice: 'The project’s billing is off: look at it in the Cloud console.',
        alarm: undefined,
      },
    ],
    [
      'a quota that is used up',
      failure(403, 'quotaExceeded', 'Quota exceeded: Your project exceeded quota for api requests.'),
      {
        code: 75,
        error: 'TransientError',
        sentence:
          'Dataset my-project.raw: cannot look at it: BigQuery answered 403 quotaExceeded (Quota exceeded: Your project exceeded quota for api requests.)',
        advice:
          'A quota of the project or table is used up (docs/operations.md lists them): run again later, or ask Google for more.',
        alarm: undefined,
      },
    ],
  ];
  for (const [what, answer, { code, ...expected }] of TABLE) {
    it(`${what} -> exit ${code}`, async () => {
      fake.instead = ({ path }) => (path === '/datasets/raw' ? answer : undefined);
      const { severity, ...found } = await load();
      assert.deepEqual(found, { code, ...expected });
      assert.equal(severity, code === 75 ? 'WARNING' : 'ERROR');
    });
  }

  it('requests that come too fast are sent again, and a load goes on', async () => {
    let busy = 3;
    fake.instead = ({ path }) =>
      path === '/datasets/raw' && busy-- > 0
        ? failure(
            403,
            'rateLimitExceeded',
            'Exceeded rate limits: too many api requests per user per method.',
          )
        : undefined;
    const { sentence } = await load();
    assert.equal(busy, -1);
    assert.match(sentence, /^Table my-project\.ops\.\w+: expected it to be there, found none$/);
  });

  it('a token that the token service refuses: an alarm that says what to look at', async () => {
    fake.instead = ({ path }) =>
      path === '/sts'
        ? { status: 400, json: { error: 'invalid_grant', error_description: 'The token is expired.' } }
        : undefined;
    const file = join(folder, 'federation.json');
    writeFileSync(join(folder, 'token'), 'the pod');
    writeFileSync(
      file,
      JSON.stringify({
        type: 'external_account',
        audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/p',
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        token_url: `${fake.url}/sts`,
        credential_source: { file: join(folder, 'token') },
      }),
    );
    process.env.GOOGLE_APPLICATION_CREDENTIALS = file;
    const { code, sentence, advice, alarm } = await load(fake.place.url);
    assert.deepEqual([code, alarm], [1, 'credentials']);
    assert.match(
      sentence,
      /^Dataset my-project\.\w+: cannot look at it: Google gave no credentials: .*invalid_grant.*The token is expired\./,
    );
    assert.match(advice, /^Look at the projected token .* issuer, audience and expiry/);
  });

  it('a table that lags behind its schema: not ready, "pulumi up", the column is named', async () => {
    pulumiUp({ fields: SCHEMA.fields.slice(0, 1) });
    fake.instead = queries;
    const { code, error, sentence, advice } = await load();
    assert.deepEqual([code, error], [75, 'NotReadyError']);
    assert.equal(
      sentence,
      'Table my-project.raw.t lags behind schemas/t.json: n: expected INTEGER, found no such column',
    );
    assert.equal(
      advice,
      'Tables belong to the Pulumi program: run "pulumi up", then load again. Nothing was loaded.',
    );
    assert.deepEqual(
      [...fake.jobs.keys()].filter((id) => !id.startsWith('logferry_')),
      [],
      'no load job',
    );
  });

  it('a quota of load jobs that is used up ends the type, not the run: exit 75', async () => {
    pulumiUp();
    fake.instead = queries;
    const message = 'Quota exceeded: Your project exceeded quota for load jobs per table.';
    fake.outcome = ({ load: isLoad }) =>
      isLoad === undefined ? {} : { status: { errorResult: { reason: 'quotaExceeded', message } } };
    const { code, sentence, advice } = await load();
    assert.equal(code, 75);
    assert.match(
      sentence,
      /^Load of 1 objects into t_TEMP_2026112014_1_\w{8}_0 failed: quotaExceeded: Quota/,
    );
    assert.match(advice, /^A quota of the project or table is used up/);
  });

  for (const [what, wrong, message] of [
    [
      'a scheme',
      'bigqury://my-project?raw=raw',
      'found "bigqury://my-project?raw=raw" (did you mean bigquery?)',
    ],
    [
      'a parameter',
      'bigquery://my-project?raw=raw&temps=x',
      'unknown parameter "temps" of a bigquery URL (did you mean temp?)',
    ],
    ['no project', 'bigquery://?raw=raw', 'expected a project id (bigquery://<project>), found ""'],
  ] as const) {
    it(`a typing error in the URL, ${what}: wrong use`, async () => {
      const { code, error, sentence } = await load(wrong);
      assert.deepEqual([code, error], [2, 'UsageError']);
      assert.ok(sentence.startsWith('--warehouse: ') && sentence.includes(message), sentence);
    });
  }
});
