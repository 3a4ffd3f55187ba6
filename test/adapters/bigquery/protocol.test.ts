import assert from 'node:assert/strict';
import { before, beforeEach } from 'mocha';
import { BigQueryWarehouse } from '../../../workloads/adapters/bigquery/bigquery-warehouse.ts';
import type { BigQuerySession } from '../../../workloads/adapters/bigquery/session.ts';
import type { LogferryError } from '../../../workloads/core/errors.ts';
import type { ObjectStore } from '../../../workloads/core/ports/object-store.ts';
import type { LoadJob } from '../../../workloads/core/ports/warehouse.ts';
import { commitOf, HOUR, typeOf } from '../../contract/warehouse-bench.ts';
import { commitStatements } from '../../../workloads/core/sql/commit.ts';
import { failure, FakeBigQuery, type Asked, type JobBody } from './fake-bigquery.ts';

const TYPE = typeOf('purchase', [{ name: 's', type: 'STRING' }]);
const TEMP = 'purchase_TEMP_2026112014_1_0badcafe_0';
const ID = 'the-work';

describe('BigQueryWarehouse on the API as BigQuery has it', () => {
  let fake: FakeBigQuery;
  before(async () => {
    fake = await new FakeBigQuery().listen();
  });
  beforeEach(() => fake.reset());

  interface Changes {
    readonly deadlineMs?: number;
    readonly pageRows?: number;
    readonly signal?: AbortSignal;
    readonly readOnly?: boolean;
    readonly maximumBytesBilled?: number;
  }
  const within = <T>(work: (session: BigQuerySession) => Promise<T>, changes: Changes = {}): Promise<T> => {
    const { deadlineMs = 5_000, pageRows = 1_000, signal, readOnly = false, maximumBytesBilled } = changes;
    const place = maximumBytesBilled === undefined ? fake.place : { ...fake.place, maximumBytesBilled };
    const warehouse = new BigQueryWarehouse(place, {
      signal,
      retry: { deadlineMs: 1_000, baseMs: 1, capMs: 5 },
      poll: { baseMs: 1, capMs: 2, deadlineMs },
      limits: { pageRows, deadlineMs },
    });
    return warehouse.session(work, { readOnly });
  };
  const store = (scheme: string): ObjectStore =>
    ({ locate: (key: string) => `${scheme}://bucket/${key}` }) as unknown as ObjectStore;
  const job = (changes: Partial<LoadJob> = {}): LoadJob => ({
    jobId: ID,
    temp: TEMP,
    fields: TYPE.fields,
    store: store('gs'),
    objects: [
      { key: 'a.ndjson.gz', rows: 2 },
      { key: 'b.ndjson.gz', rows: 1 },
    ],
    labels: { log_type: 'purchase_x', folder_hour: '2026-11-20t14', epoch: '1' },
    ...changes,
  });
  const load = (changes: Partial<LoadJob> = {}, more: Changes = {}): Promise<number> =>
    within((session) => session.load(job(changes)), more);
  const stores = (rows: string) => ({ statistics: { load: { outputRows: rows } } });
  const bodies = (path: string, method = 'POST'): JobBody[] =>
    fake.asked.filter((asked) => asked.path === path && asked.method === method).map(({ json }) => json);
  const jobIds = (): string[] => [...fake.jobs.keys()].map((id) => id.replace(/_[0-9a-f]{8}_/, '_<fields>_'));

  describe('a load', () => {
    it('says everything that BigQuery would guess, and labels the job', async () => {
      fake.outcome = () => ({ states: ['PENDING', 'RUNNING', 'RUNNING', 'DONE'], ...stores('3') });
      assert.equal(await load(), 3);
      const [{ jobReference, configuration }] = bodies('/jobs') as [JobBody];
      assert.match(jobReference.jobId, /^the-work_[0-9a-f]{8}_1$/);
      assert.deepEqual([jobReference.projectId, jobReference.location], ['my-project', 'asia-northeast3']);
      const { inputs, ...labels } = configuration.labels;
      assert.match(inputs!, /^[0-9a-f]{32}$/);
      assert.deepEqual(labels, {
        logferry: 'load',
        log_type: 'purchase_x',
        folder_hour: '2026-11-20t14',
        epoch: '1',
      });
      assert.deepEqual(configuration.load, {
        sourceUris: ['gs://bucket/a.ndjson.gz', 'gs://bucket/b.ndjson.gz'],
        sourceFormat: 'NEWLINE_DELIMITED_JSON',
        encoding: 'UTF-8',
        schema: {
          fields: [
            { name: 'n', type: 'INTEGER', mode: 'REQUIRED' },
            { name: 's', type: 'STRING', mode: 'NULLABLE' },
          ],
        },
        autodetect: false,
        ignoreUnknownValues: false,
        maxBadRecords: 0,
        createDisposition: 'CREATE_IF_NEEDED',
        writeDisposition: 'WRITE_TRUNCATE',
        destinationTable: { projectId: 'my-project', datasetId: 'load_temp', tableId: TEMP },
      });
    });

    it('asks in the datasets’ location, and lets the TEMP table expire', async () => {
      fake.datasets.set('load_temp', { location: 'asia-northeast3', defaultTableExpirationMs: '7200000' });
      fake.outcome = () => stores('3');
      const begun = Date.now();
      await load();
      for (const { path, query } of fake.asked.filter(({ path }) => path.startsWith('/jobs/')))
        assert.equal(query.get('location'), 'asia-northeast3', path);
      const [{ expirationTime }] = bodies(`/datasets/load_temp/tables/${TEMP}`, 'PATCH') as unknown as [
        { expirationTime: string },
      ];
      const hours = (Number(expirationTime) - begun) / 3_600_000;
      assert.ok(hours >= 2 && hours < 2.1, String(hours));
    });

    it('orders the records of TEMP as the table has them', async () => {
      const deep = (names: readonly string[]) => [
        {
          name: 'rec',
          type: 'RECORD',
          mode: 'NULLABLE',
          fields: names.map((name) => ({ name, type: 'STRING', mode: 'NULLABLE' })),
        },
      ];
      fake.tables.set('raw.purchase', { type: 'TABLE', schema: { fields: deep(['a', 'gone', 'b']) } });
      const logType = typeOf('purchase', deep(['b', 'a']));
      const fieldsOf = async (changes: Partial<LoadJob>): Promise<unknown> => {
        await load({ fields: logType.fields, ...changes });
        return bodies('/jobs').at(-1)!.configuration.load?.schema?.fields.slice(1);
      };
      assert.deepEqual(await fieldsOf({ into: 'purchase' }), deep(['a', 'gone', 'b']));
      assert.deepEqual(await fieldsOf({ jobId: 'of-rejects' }), deep(['b', 'a']), 'rows of no typed table');
    });

    it('of a packed object above 4 GB -> TerminalError that names it, and nothing is asked; plain ones may be larger', async () => {
      const sized = (key: string, size: number): Partial<LoadJob> => ({ objects: [{ key, rows: 1, size }] });
      await assert.rejects(load(sized('a/b.ndjson.gz', 4_294_967_297)), (error: LogferryError) => {
        assert.equal(error.name, 'TerminalError');
        assert.equal(
          error.message,
          `Load of 1 objects into ${TEMP}: expected packed objects of at most 4294967296 bytes, which is as much as BigQuery unpacks, found a/b.ndjson.gz with 4294967297 bytes`,
        );
        assert.match(error.advice ?? '', /--part-size \(LOGFERRY_PART_SIZE\)/);
        assert.equal(error.context.object, 'a/b.ndjson.gz');
        return true;
      });
      assert.equal(bodies('/jobs').length, 0);
      fake.outcome = () => stores('1');
      assert.equal(await load({ ...sized('a/b.ndjson.gz', 4_294_967_296), jobId: 'just' }), 1);
      assert.equal(await load({ ...sized('a/b.ndjson', 5e12), jobId: 'plain' }), 1);
    });

    it('that another run began is waited for; one that it ended is taken while its table is there', async () => {
      fake.outcome = () => ({ states: ['RUNNING', 'RUNNING', 'RUNNING', 'DONE'], ...stores('3') });
      assert.deepEqual(await Promise.all([load(), load()]), [3, 3]);
      assert.equal(await load(), 3);
      assert.deepEqual(jobIds(), [`${ID}_<fields>_1`]);
    });

    it('whose table is gone, or holds other rows, is done again by the next attempt', async () => {
      fake.outcome = () => stores('3');
      await load();
      fake.tables.delete(`load_temp.${TEMP}`);
      assert.equal(await load(), 3);
      fake.tables.get(`load_temp.${TEMP}`)!.numRows = '2';
      assert.equal(await load(), 3);
      assert.deepEqual(
        jobIds(),
        [1, 2, 3].map((n) => `${ID}_<fields>_${n}`),
      );
    });

    it('that failed is begun again only by the next run: every error is told', async () => {
      const errorResult = { reason: 'invalid', location: 'gs://bucket/a', message: 'line 7' };
      const errors = [errorResult, { reason: 'invalid', message: 'line 9' }];
      fake.outcome = () => ({ states: ['RUNNING', 'DONE'], status: { errorResult, errors } });
      await assert.rejects(load(), {
        name: 'TerminalError',
        message: `Load of 2 objects into ${TEMP} failed: invalid at gs://bucket/a: line 7; invalid: line 9`,
      });
      fake.outcome = () => stores('3');
      assert.equal(await load(), 3);
      assert.deepEqual(
        jobIds(),
        [1, 2].map((n) => `${ID}_<fields>_${n}`),
      );
    });

    it('that BigQuery itself failed gets three jobs, each after the end of the former', async () => {
      const errorResult = { reason: 'backendError', message: 'Retrying may solve the problem.' };
      fake.outcome = (_configuration, jobId) =>
        jobId.endsWith('_3') ? stores('3') : { states: ['RUNNING', 'DONE'], status: { errorResult } };
      assert.equal(await load(), 3);
      fake.jobs.clear();
      fake.outcome = () => ({ status: { errorResult } });
      await assert.rejects(load(), { name: 'TransientError', message: /failed: backendError: Retrying/ });
      assert.equal(fake.jobs.size, 3);
    });

    it('of other objects under the same id -> TerminalError, and nothing is loaded', async () => {
      fake.outcome = () => stores('3');
      await load();
      const asked = fake.asked.length;
      await assert.rejects(load({ objects: [{ key: 'a.ndjson.gz', rows: 3 }] }), {
        name: 'TerminalError',
        message:
          /^Load of 1 objects into .*: expected job the-work_[0-9a-f]{8}_1 to have the inputs [0-9a-f]{32}, found [0-9a-f]{32}$/,
      });
      assert.ok(fake.asked.slice(asked).every(({ method }) => method === 'GET'));
    });

    it('of URIs that BigQuery would misread -> TerminalError before anything is asked', async () => {
      const of = (...keys: string[]) => load({ objects: keys.map((key) => ({ key, rows: 1 })) });
      await assert.rejects(of('a*.ndjson'), {
        name: 'TerminalError',
        message: /without \*, .* found gs:\/\/bucket\/a\*/,
      });
      await assert.rejects(of('a.ndjson', 'b.ndjson.gz'), {
        name: 'TerminalError',
        message: /expected objects that are all packed \(\.gz\) or all plain, found 1 packed ones$/,
      });
      assert.equal(fake.jobs.size, 0);
    });

    it('that takes too long -> TransientError; the job goes on, and the next run takes it up', async () => {
      fake.outcome = () => ({ states: ['RUNNING'], ...stores('3') });
      await assert.rejects(load({}, { deadlineMs: 20 }), (error: LogferryError) => {
        assert.equal(error.name, 'TransientError');
        assert.match(
          error.message,
          /expected job the-work_[0-9a-f]{8}_1 to end within 0.02 s, found it running$/,
        );
        return true;
      });
      assert.ok(fake.calls.every((call) => !call.endsWith('/cancel')));
      for (const begun of fake.jobs.values()) begun.outcome = stores('3');
      assert.equal(await load(), 3);
      assert.equal(fake.jobs.size, 1);
    });

    it('is left by an interrupt at once', async () => {
      fake.outcome = () => ({ states: ['RUNNING'] });
      const interrupt = new AbortController();
      const loading = load({}, { signal: interrupt.signal, deadlineMs: 60_000 });
      setTimeout(() => interrupt.abort('SIGTERM'), 30);
      await assert.rejects(loading, { name: 'InterruptedError' });
    });
  });

  describe('a transaction', () => {
    const statements = (session: BigQuerySession) =>
      commitStatements(session.names, commitOf(TYPE, 1, [TEMP], { logType: 'purchase/x' }));

    it('is one job: a script with its parameters, labelled with type, hour and epoch', async () => {
      await within((session) => session.transaction(statements(session)), { maximumBytesBilled: 20_000_000 });
      const [{ configuration, jobReference }] = bodies('/jobs') as [JobBody];
      assert.match(jobReference.jobId, /^logferry_commit_[0-9a-f-]{36}$/);
      assert.deepEqual(configuration.labels, {
        logferry: 'commit',
        log_type: 'purchase_x',
        folder_hour: '2026-11-20t14',
        epoch: '1',
      });
      const { query, queryParameters, ...rest } = configuration.query!;
      assert.deepEqual(rest, {
        useLegacySql: false,
        parameterMode: 'NAMED',
        maximumBytesBilled: '20000000',
      });
      assert.match(
        query,
        /^BEGIN TRANSACTION;\nUPDATE `my-project\.ops\.control_purchase` SET [^]*;\nCOMMIT TRANSACTION;\n$/,
      );
      const values = Object.fromEntries(
        queryParameters.map(({ name, parameterValue }) => [name, parameterValue.value]),
      );
      assert.equal(values.folder_hour, HOUR);
      assert.equal(values.rejects_bin, null);
    });

    it('whose answer is lost is asked for, and not sent again', async () => {
      let lost = 0;
      fake.instead = ({ method, path, json }) => {
        if (method !== 'POST' || path !== '/jobs' || lost++ > 0) return undefined;
        fake.jobs.set(json.jobReference.jobId, {
          resource: json,
          outcome: {},
          looks: 0,
        });
        return failure(503, 'backendError', 'lost');
      };
      await within((session) => session.transaction(statements(session)));
      assert.deepEqual(
        fake.calls.map((call) => call.replace(/_[0-9a-f-]{36}$/, '')),
        ['POST /jobs', 'GET /jobs/logferry_commit'],
      );
    });

    it('that failed is told by what stopped it', async () => {
      const failed = (message: string) => {
        fake.outcome = () => ({
          states: ['RUNNING', 'DONE'],
          status: { errorResult: { reason: 'invalidQuery', message } },
        });
        return within((session) => session.transaction(statements(session)));
      };
      await assert.rejects(failed('logferry fenced: the same or a higher epoch at [6:1]'), {
        name: 'FencedError',
      });
      await assert.rejects(failed('logferry miscount: the table at [9:1]'), { name: 'ConservationError' });
      await assert.rejects(
        failed('Query error: Transaction is aborted due to concurrent update against table p:ops.x'),
        {
          name: 'TransientError',
          message: /^The transaction met another one: invalidQuery: Query error/,
        },
      );
    });

    it('that takes too long is cancelled -> TransientError: the ledger says whether it came through', async () => {
      fake.outcome = () => ({ states: ['RUNNING'] });
      await assert.rejects(
        within((session) => session.transaction(statements(session)), { deadlineMs: 20 }),
        { name: 'TransientError' },
      );
      assert.match(fake.calls.at(-1)!, /^POST \/jobs\/logferry_commit_[0-9a-f-]{36}\/cancel$/);
    });
  });

  describe('a query', () => {
    const fields = [{ name: 'n', type: 'INTEGER' }];
    const rows = (...values: number[]) => values.map((n) => ({ f: [{ v: String(n) }] }));
    const jobReference = { projectId: 'my-project', jobId: 'server-made' };
    const pages: Readonly<Record<string, object>> = {
      start: { jobComplete: false, jobReference },
      wait: { jobComplete: true, jobReference, schema: { fields }, rows: rows(1, 2), pageToken: 'p2' },
      p2: { jobComplete: true, jobReference, schema: { fields }, rows: rows(3, 4), pageToken: 'p3' },
      p3: { jobComplete: true, jobReference, schema: { fields }, rows: rows(5) },
    };
    const paged = ({ method, path, query }: Asked) => {
      if (method === 'POST' && path === '/queries') return { status: 200, json: pages.start };
      if (path !== '/queries/server-made') return undefined;
      return { status: 200, json: pages[query.get('pageToken') ?? 'wait'] };
    };

    it('waits for its answer and gives the rows of all pages', async () => {
      fake.instead = paged;
      const labels = { log_type: 'purchase_x', folder_hour: '2026-11-20t14', epoch: '1' };
      const statement = { sql: 'SELECT n FROM t WHERE a = @a', params: { a: 'x' }, labels };
      const found = await within((session) => session.query(statement), {
        pageRows: 2,
        maximumBytesBilled: 20_000_000,
      });
      assert.deepEqual(
        found,
        [1, 2, 3, 4, 5].map((n) => ({ n })),
      );
      const [{ requestId, ...request }] = bodies('/queries') as unknown as [{ requestId: string }];
      assert.match(requestId, /^[0-9a-f-]{36}$/);
      assert.deepEqual(request, {
        query: statement.sql,
        useLegacySql: false,
        parameterMode: 'NAMED',
        queryParameters: [{ name: 'a', parameterType: { type: 'STRING' }, parameterValue: { value: 'x' } }],
        location: 'asia-northeast3',
        labels: { logferry: 'query', ...labels },
        formatOptions: { useInt64Timestamp: true },
        maxResults: 2,
        timeoutMs: 10_000,
        maximumBytesBilled: '20000000',
      });
      for (const { query } of fake.asked.filter(({ path }) => path.startsWith('/queries/')))
        assert.deepEqual(
          [query.get('location'), query.get('maxResults'), query.get('formatOptions.useInt64Timestamp')],
          ['asia-northeast3', '2', 'true'],
        );
    });

    it('that takes too long is cancelled -> TransientError', async () => {
      fake.instead = ({ path }) =>
        path.startsWith('/queries') ? { status: 200, json: pages.start } : undefined;
      await assert.rejects(
        within((session) => session.query({ sql: 'SELECT 1', params: {} }), { deadlineMs: 20 }),
        {
          name: 'TransientError',
          message: 'Query: expected an answer within 0.02 s, found job server-made running',
        },
      );
      assert.equal(fake.calls.at(-1), 'POST /jobs/server-made/cancel');
    });

    it('of a read-only session must only read: BigQuery itself says what a statement does', async () => {
      const dryRun = (statementType: string) => {
        fake.asked.length = 0;
        fake.instead = (asked) =>
          asked.path === '/jobs' && asked.json.configuration.dryRun === true
            ? { status: 200, json: { statistics: { totalBytesProcessed: '7', query: { statementType } } } }
            : paged(asked);
      };
      const ask = (sql: string) =>
        within((session) => session.query({ sql, params: {} }), { readOnly: true });
      for (const [sql, found, calls] of [
        ['SELECT 1; DROP TABLE t', 'SCRIPT', ['POST /jobs']],
        ['-- tidy\nDELETE FROM t WHERE TRUE', 'SCRIPT', ['POST /jobs']],
        // What says itself that it changes something is not asked about: an emulator calls it a SELECT.
        ['DELETE FROM t WHERE TRUE', 'DELETE', []],
        [' create TABLE x AS SELECT 1', 'CREATE', []],
      ] as const) {
        dryRun('SCRIPT');
        await assert.rejects(ask(sql), {
          name: 'TerminalError',
          message: `Query: expected one that only reads (SELECT), found ${found}`,
        });
        assert.deepEqual(fake.calls, calls);
      }
      dryRun('SELECT');
      assert.equal((await ask('FROM t |> SELECT n')).length, 5);
      dryRun('DELETE');
      assert.equal((await ask('  select n FROM t;\n')).length, 5);
      assert.equal(bodies('/jobs').length, 0);
    });

    it('can be estimated: nothing runs', async () => {
      fake.instead = ({ path, json }) =>
        path === '/jobs'
          ? { status: 200, json: { ...json, statistics: { totalBytesProcessed: '123456789012' } } }
          : { status: 200, json: { location: 'asia-northeast3' } };
      const bytes = await within((session) =>
        session.estimateBytes([
          { sql: 'DELETE FROM t WHERE h = @h', params: { h: '1' } },
          { sql: 'SELECT 1', params: {} },
        ]),
      );
      assert.equal(bytes, 2 * 123_456_789_012);
      const asked = bodies('/jobs').map(({ configuration: { dryRun, query } }) => [dryRun, query?.query]);
      assert.deepEqual(asked, [
        [true, 'DELETE FROM t WHERE h = @h'],
        [true, 'SELECT 1'],
      ]);
    });
  });

  describe('a label', () => {
    it('is set with the etag of what was read; changed meanwhile, it is read again', async () => {
      fake.tables.set('raw.purchase', { type: 'TABLE', labels: { owner: 'us' } });
      let changes = 2;
      fake.instead = ({ method }) => {
        if (method === 'PATCH' && changes-- > 0)
          Object.assign(fake.tables.get('raw.purchase')!, {
            etag: `other-${changes}`,
            labels: { owner: `o${changes}` },
          });
        return undefined;
      };
      await within((session) => session.setLabel('purchase', 'last_folder_hour', '2026-11-20t14'));
      assert.deepEqual(fake.tables.get('raw.purchase')?.labels, {
        owner: 'o0',
        last_folder_hour: '2026-11-20t14',
      });
      assert.equal(fake.calls.filter((call) => call.startsWith('PATCH')).length, 3);
    });

    it('that others keep changing is given up after five tries', async () => {
      fake.tables.set('raw.purchase', { type: 'TABLE' });
      fake.instead = ({ method }) =>
        method === 'PATCH' ? failure(412, 'conditionNotMet', 'changed') : undefined;
      await assert.rejects(
        within((session) => session.setLabel('purchase', 'k', 'v')),
        {
          name: 'TransientError',
          message: /^Table my-project\.raw\.purchase: cannot set the label k: .* 5 tries/,
        },
      );
      assert.equal(fake.calls.filter((call) => call.startsWith('PATCH')).length, 5);
    });

    it('that is there already is left', async () => {
      fake.tables.set('raw.purchase', { type: 'TABLE', labels: { k: 'v' } });
      await within((session) => session.setLabel('purchase', 'k', 'v'));
      assert.deepEqual(fake.calls, ['GET /datasets/raw/tables/purchase']);
    });
  });

  describe('a control row', () => {
    const seed = (): Promise<void> => within((session) => session.prepareControl('purchase/x', 'purchase'));
    const schema = {
      fields: ['log_type', 'attempt'].map((name) => ({ name, type: 'STRING', mode: 'REQUIRED' })),
    };

    it('is written once, by a load job that cannot make the table nor add a second row', async () => {
      fake.tables.set('ops.control_purchase', { type: 'TABLE', schema });
      fake.outcome = () => stores('1');
      await seed();
      const upload = fake.asked.find(({ path }) => path === '/upload/jobs')!;
      assert.equal(upload.query.get('uploadType'), 'multipart');
      assert.match(upload.body.toString(), /\r\n\r\n\{"log_type":"purchase\/x","attempt":"seed"\}\n\r\n--/);
      const [seeded] = [...fake.jobs.values()];
      assert.deepEqual(seeded!.resource.configuration, {
        labels: { logferry: 'seed', log_type: 'purchase_x' },
        load: {
          sourceFormat: 'NEWLINE_DELIMITED_JSON',
          destinationTable: { projectId: 'my-project', datasetId: 'ops', tableId: 'control_purchase' },
          createDisposition: 'CREATE_NEVER',
          writeDisposition: 'WRITE_EMPTY',
        },
      });
      await seed();
      assert.equal(fake.jobs.size, 1);
    });

    it('that another run wrote at the same time is as good', async () => {
      fake.tables.set('ops.control_purchase', { type: 'TABLE', schema });
      const errorResult = { reason: 'duplicate', message: 'Already Exists: Table' };
      fake.outcome = () => ({ states: ['RUNNING', 'DONE'], status: { errorResult } });
      await seed();
    });

    it('without its table -> NotReadyError', async () => {
      await assert.rejects(seed(), {
        name: 'NotReadyError',
        message: 'Table my-project.ops.control_purchase: expected it to be there, found none',
      });
    });
  });

  describe('what Pulumi makes', () => {
    it('ops tables and views are looked at, and nothing is made', async () => {
      await assert.rejects(
        within((session) => session.prepareOps()),
        {
          name: 'NotReadyError',
          message: /^Table my-project\.ops\.\w+: expected it to be there, found none$/,
        },
      );
      assert.ok(fake.calls.every((call) => call.startsWith('GET ')));
    });

    it('a dataset that is not there -> NotReadyError, for readers MissingWarehouseError', async () => {
      fake.datasets.delete('ops');
      const message = `Warehouse ${fake.place.url}: expected the dataset my-project.ops (ops=), found none`;
      const open = (readOnly: boolean) => within(() => Promise.resolve(), { readOnly });
      await assert.rejects(open(false), { name: 'NotReadyError', message });
      await assert.rejects(open(true), { name: 'MissingWarehouseError', message });
    });

    it('a dataset in another location -> UsageError that names both', async () => {
      fake.datasets.set('raw', { location: 'US' });
      await assert.rejects(
        within(() => Promise.resolve()),
        {
          name: 'UsageError',
          message: `Warehouse ${fake.place.url}: expected the dataset my-project.raw in asia-northeast3, found it in US`,
        },
      );
    });

    it('a project that is not there -> UsageError', async () => {
      fake.instead = () => failure(404, 'notFound', 'Not found: Project my-project');
      await assert.rejects(
        within(() => Promise.resolve()),
        {
          name: 'UsageError',
          message:
            'Project my-project: expected one that BigQuery knows, it answered Not found: Project my-project',
        },
      );
    });

    it('the datasets are looked at once', async () => {
      const warehouse = new BigQueryWarehouse(fake.place);
      for (let count = 0; count < 3; count++) await warehouse.session(() => Promise.resolve());
      assert.equal(fake.asked.length, 3);
    });

    it('of a dataset nothing is asked that would need its policy', async () => {
      await new BigQueryWarehouse(fake.place).session(() => Promise.resolve());
      assert.deepEqual(
        fake.asked.map(({ path, query }) => `${path}?${query.toString()}`).toSorted(),
        ['load_temp', 'ops', 'raw'].map((dataset) => `/datasets/${dataset}?datasetView=METADATA`),
      );
    });
  });
});
