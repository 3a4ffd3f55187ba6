import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, beforeEach } from 'mocha';
import { BigQueryWarehouse } from '../../workloads/adapters/bigquery/bigquery-warehouse.ts';
import type { BigQuerySession } from '../../workloads/adapters/bigquery/session.ts';
import { GcsStore } from '../../workloads/adapters/gcs/gcs-store.ts';
import { NotReadyError, TerminalError, TransientError } from '../../workloads/core/errors.ts';
import type { LoadJob } from '../../workloads/core/ports/warehouse.ts';
import type { ObjectStore } from '../../workloads/core/ports/object-store.ts';
import { EmulatedDatasets } from '../adapters/bigquery/emulated.ts';
import { directoryBench } from '../contract/directory-bench.ts';
import { typeOf } from '../contract/warehouse-bench.ts';
import { faultMatrix, type CallCase, type Cell, type FaultRow } from '../support/fault-matrix.ts';
import { FaultProxy, type Fault } from '../support/fault-proxy.ts';
import { tempFolder } from '../support/temp.ts';
import { startBigQueryEmulator, type BigQueryEmulator } from './support/bigquery-emulator.ts';
import { startFakeGcs, type FakeGcs } from './support/fake-gcs.ts';

const BUCKET = 'faults';
/** The emulator's analyser never lets go of memory, and fails at 2 GiB: each one serves this many tests. */
const TESTS_AN_EMULATOR = 60;

const said = (status: number, reason: string, message = reason): Fault => ({
  do: 'answer',
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ error: { code: status, message, errors: [{ reason, message }] } }),
});

/** An answer in place of the service's own, which did the work all the same. */
const insteadOf = (body: object): Fault => ({
  do: 'answer-after',
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Everything that a call works on; the table is its own. */
interface World {
  readonly table: string;
  readonly warehouse: BigQueryWarehouse;
  readonly store: ObjectStore;
}

describe('BigQueryWarehouse when the network or BigQuery fails', () => {
  const folder = tempFolder();
  const running: {
    gcs?: FakeGcs;
    emulator?: BigQueryEmulator;
    proxy?: FaultProxy;
    datasets?: EmulatedDatasets;
    file?: ObjectStore;
  } = {};
  let tests = 0;
  let worlds = 0;
  const stop = async (): Promise<void> => {
    await running.proxy?.close();
    await Promise.all([running.emulator?.stop(), running.gcs?.stop()]);
  };
  after(stop);
  beforeEach(async () => {
    if (tests++ % TESTS_AN_EMULATOR !== 0) return;
    await stop();
    running.gcs = await startFakeGcs({ tempFolder: folder });
    running.emulator = await startBigQueryEmulator({ tempFolder: folder, gcs: running.gcs });
    running.proxy = await FaultProxy.start(running.emulator.url);
    running.datasets = await new EmulatedDatasets(running.emulator, 'faults').make();
    await running.gcs.makeBucket(BUCKET);
    const rows = Buffer.from('{"n":1}\n{"n":2}\n');
    await running.gcs.put(BUCKET, 'rows.ndjson', rows);
    const { store, put } = await directoryBench(join(folder, `files-${tests}`));
    await put('rows.ndjson', rows);
    running.file = store;
  });

  const fieldsOf = (table: string) => typeOf(table, []).fields;
  const place = () => running.datasets!.place;
  const named = (dataset: string, table: string): string => `\`${place().project}.${dataset}.${table}\``;

  async function make(patient: boolean): Promise<World> {
    const table = `t${worlds++}`;
    await running.datasets!.makeType(typeOf(table, []));
    await running.emulator!.request('POST', `/datasets/${place().temp}/tables`, {
      tableReference: { projectId: place().project, datasetId: place().temp, tableId: `${table}_old` },
      schema: { fields: [{ name: 'n', type: 'INTEGER' }] },
    });
    const warehouse = new BigQueryWarehouse(
      { ...place(), endpoint: running.proxy!.url },
      {
        silenceMs: 500,
        retry: { deadlineMs: patient ? 20_000 : 100, baseMs: 1, capMs: 20 },
        poll: { baseMs: 1, capMs: 20, deadlineMs: 20_000 },
      },
    );
    // The datasets are looked at once: what follows meets the fault.
    return {
      table,
      warehouse,
      store: new GcsStore({ bucket: BUCKET, prefix: '', endpoint: running.gcs!.url }),
    };
  }

  const within = <T>(world: World, work: (session: BigQuerySession) => Promise<T>): Promise<T> =>
    world.warehouse.session(work);

  const loadJob = ({ table }: World, store: ObjectStore): LoadJob => ({
    jobId: `load-${table}`,
    temp: `${table}_new`,
    fields: fieldsOf(table),
    store,
    objects: [{ key: 'rows.ndjson', rows: 2 }],
    labels: { log_type: table },
  });

  /** The rows of a table, or that there is none; told without the proxy. */
  async function held(dataset: string, table: string): Promise<unknown> {
    const { rows } = await running
      .datasets!.query(`SELECT n FROM ${named(dataset, table)} ORDER BY n`)
      .catch(() => ({ rows: 'no table' }));
    return JSON.stringify(rows);
  }
  const inTemp = ({ table }: World): Promise<unknown> => held(place().temp, `${table}_new`);
  const inTable = ({ table }: World): Promise<unknown> => held(place().raw, table);

  /** The rows that the transaction brings, as often as it is run. */
  const insert = ({ table }: World, session: BigQuerySession): Promise<void> => {
    const name = named(place().raw, table);
    const at = '2026-11-20T14:00:00Z';
    const row = (n: string) => ({
      sql: `INSERT INTO ${name} (n, folder_hour, loaded_at)
SELECT CAST(@n AS INT64), CAST(@at AS TIMESTAMP), CAST(@at AS TIMESTAMP) FROM (SELECT 1 AS one)
WHERE NOT EXISTS (SELECT 1 FROM ${name} WHERE n = CAST(@n AS INT64))`,
      params: { n, at },
    });
    return session.transaction([row('1'), row('2')]);
  };

  const running_ = insteadOf({ status: { state: 'RUNNING' } });
  const JOBS = /\/jobs$/;
  const one = (n: number) => ({ sql: `SELECT ${n} AS x, 'a' AS y`, params: {} });

  const CALLS = {
    'datasets.get': {
      match: { method: 'GET', path: '/datasets/raw_faults' },
      make,
      run: (world) => within(world, () => Promise.resolve('open')),
      state: () => Promise.resolve('as ever'),
    },
    'tables.get': {
      match: { method: 'GET', path: /\/datasets\/raw_faults\/tables\/t\d+$/ },
      make,
      run: (world) =>
        within(world, async (session) => {
          await session.prepareTable(typeOf(world.table, []));
          return 'covered';
        }),
      state: () => Promise.resolve('as ever'),
    },
    'jobs.get before a load': {
      match: { method: 'GET', path: '/jobs/load-' },
      make,
      run: (world) => within(world, (session) => session.load(loadJob(world, world.store))),
      state: inTemp,
    },
    'jobs.insert of a load': {
      match: { method: 'POST', path: JOBS },
      make,
      run: (world) => within(world, (session) => session.load(loadJob(world, world.store))),
      state: inTemp,
    },
    'jobs.insert with rows (upload)': {
      match: { method: 'POST', path: '/upload/' },
      make,
      run: (world) => within(world, (session) => session.load(loadJob(world, running.file!))),
      state: inTemp,
    },
    'tables.patch (expiration)': {
      match: { method: 'PATCH', path: '/datasets/load_temp_faults/' },
      make,
      run: (world) => within(world, (session) => session.load(loadJob(world, world.store))),
      state: inTemp,
    },
    'jobs.insert of a transaction': {
      match: { method: 'POST', path: JOBS },
      make,
      run: (world) => within(world, (session) => insert(world, session)),
      state: inTable,
    },
    'jobs.get while it runs': {
      match: { method: 'GET', path: '/jobs/logferry_commit_' },
      make,
      run: (world) =>
        within(world, async (session) => {
          running.proxy!.next({ method: 'POST', path: JOBS }, running_);
          await insert(world, session);
        }),
      state: inTable,
    },
    'jobs.query': {
      match: { method: 'POST', path: '/queries' },
      make,
      run: (world) => within(world, (session) => session.query(one(7))),
      state: () => Promise.resolve('as ever'),
    },
    'jobs.getQueryResults': {
      match: { method: 'GET', path: '/queries/' },
      make,
      run: (world) =>
        within(world, async (session) => {
          const jobId = `slow-${worlds++}`;
          await running.emulator!.request('POST', '/jobs', {
            jobReference: { projectId: place().project, jobId },
            configuration: { query: { query: one(8).sql, useLegacySql: false } },
          });
          const waits = insteadOf({ jobComplete: false, jobReference: { jobId } });
          running.proxy!.next({ method: 'POST', path: '/queries' }, waits);
          return session.query(one(8));
        }),
      state: () => Promise.resolve('as ever'),
    },
    'tables.patch (label)': {
      match: { method: 'PATCH', path: '/datasets/raw_faults/' },
      make,
      run: (world) =>
        within(world, (session) => session.setLabel(world.table, 'last_folder_hour', '2026-11-20t14')),
      state: async ({ table }) => {
        const path = `/datasets/${place().raw}/tables/${table}`;
        return ((await running.emulator!.request('GET', path)) as { labels?: unknown }).labels ?? {};
      },
    },
    'tables.delete': {
      match: { method: 'DELETE', path: '/datasets/load_temp_faults/' },
      make,
      run: (world) => within(world, (session) => session.dropTemp(`${world.table}_old`)),
      state: ({ table }) => held(place().temp, `${table}_old`),
    },
  } satisfies Record<string, CallCase<World>>;

  type Name = keyof typeof CALLS;
  const NAMES = Object.keys(CALLS) as Name[];
  const READS: readonly Name[] = [
    'datasets.get',
    'tables.get',
    'jobs.get before a load',
    'jobs.get while it runs',
    'jobs.getQueryResults',
    'tables.delete',
  ];
  const INSERTS: readonly Name[] = [
    'jobs.insert of a load',
    'jobs.insert with rows (upload)',
    'jobs.insert of a transaction',
  ];
  /** The work is done by the time that these are called, or as they are. */
  const DONE: readonly Name[] = ['tables.patch (expiration)', 'jobs.get while it runs'];

  /** A cell for each call: the same for all but those that are named. */
  function cells(all: Cell, ...others: [names: readonly Name[], cell: Cell][]): Record<Name, Cell> {
    const of = (name: Name): Cell => {
      const cell = others.findLast(([names]) => names.includes(name))?.[1] ?? all;
      const done = cell !== 'same' && 'error' in cell && DONE.includes(name);
      return done ? { ...cell, left: 'after' } : cell;
    };
    return Object.fromEntries(NAMES.map((name) => [name, of(name)])) as Record<Name, Cell>;
  }
  const terminal: Cell = { error: TerminalError };
  const transient: Cell = { error: TransientError };
  const row = (fault: Fault, of: Record<Name, Cell>): FaultRow<Name> => ({ faults: [fault], cells: of });
  const without = (fault: Fault, of: Record<Name, Cell>): FaultRow<Name> => ({
    ...row(fault, of),
    always: true,
  });
  const HTML = '<html>\n<h1>Bad Gateway</h1></html>';
  const looked: Cell = { never: 'it is the answer that is hoped for' };

  faultMatrix<Name, World>(() => running.proxy!, CALLS, {
    '400 invalid': row(said(400, 'invalid'), cells(terminal)),
    '400 jobInternalError': row(said(400, 'jobInternalError'), cells('same')),
    '401 authError': row(said(401, 'authError', 'Invalid Credentials'), cells(terminal)),
    '403 accessDenied': row(said(403, 'accessDenied', 'Access Denied'), cells(terminal)),
    '403 rateLimitExceeded': row(said(403, 'rateLimitExceeded'), cells('same')),
    '403 quotaExceeded': row(said(403, 'quotaExceeded', 'Quota exceeded: your table'), cells(transient)),
    '404 notFound': row(
      said(404, 'notFound', 'Not found: Table p:d.t'),
      cells(
        terminal,
        [['datasets.get', 'tables.get'], { error: NotReadyError }],
        [['jobs.get before a load'], looked],
        [['tables.patch (expiration)', 'jobs.get while it runs'], 'same'],
        [['tables.delete'], looked],
      ),
    ),
    '408 timeout': row(said(408, 'timeout'), cells('same')),
    '409 duplicate': row(said(409, 'duplicate', 'Already Exists: Job x'), cells(terminal, [INSERTS, 'same'])),
    '412 conditionNotMet': row(
      said(412, 'conditionNotMet'),
      cells(terminal, [['tables.patch (label)'], 'same']),
    ),
    '429 rateLimitExceeded': row(said(429, 'rateLimitExceeded'), cells('same')),
    '500 backendError': row(said(500, 'backendError'), cells('same')),
    '501 notImplemented': row(said(501, 'notImplemented'), cells(terminal)),
    '502 with HTML': row({ do: 'answer', status: 502, body: HTML }, cells('same')),
    '503 empty': row({ do: 'answer', status: 503 }, cells('same')),
    '504 after it was done': row({ do: 'answer-after', status: 504 }, cells('same')),
    'dropped before': row({ do: 'drop-before' }, cells('same')),
    'dropped after': row({ do: 'drop-after' }, cells('same')),
    'three troubles in a row': {
      faults: [{ do: 'drop-after' }, said(500, 'backendError'), { do: 'drop-before' }],
      cells: cells('same', [INSERTS, { never: 'the job is found by its id after the first' }]),
    },
    'answer cut': row({ do: 'cut', at: 20 }, cells('same')),
    'answer truncated': row({ do: 'truncate', at: 20 }, cells('same')),
    'answer stalls': row({ do: 'stall', at: 20 }, cells('same')),
    'answer corrupted': row({ do: 'corrupt', at: 0 }, cells('same')),
    'request corrupted': row(
      { do: 'corrupt-request', at: 0 },
      cells(
        terminal,
        [READS, { never: 'it has no body' }],
        [['jobs.insert with rows (upload)'], { never: 'its first byte is of the frame, which TLS keeps' }],
        [['tables.patch (label)', 'tables.patch (expiration)'], terminal],
      ),
    ),
    delayed: row({ do: 'delay', ms: 50 }, cells('same')),
    'done twice': row({ do: 'duplicate' }, cells('same')),
    '503 without end': without({ do: 'answer', status: 503 }, cells(transient)),
    'no answer ever': without(
      { do: 'drop-after' },
      cells(
        transient,
        [INSERTS, 'same'],
        [['tables.patch (label)', 'tables.delete'], { ...transient, left: 'after' }],
      ),
    ),
  });

  it('a quota is not waited for: one request, and the next run comes again', async () => {
    const world = await make(true);
    await within(world, () => Promise.resolve());
    running.proxy!.reset();
    running.proxy!.always({ path: '/queries' }, said(403, 'quotaExceeded', 'Quota exceeded: free bytes'));
    await assert.rejects(
      within(world, (session) => session.query(one(1))),
      (error: TransientError) => {
        assert.equal(
          error.message,
          'Query: BigQuery answered 403 quotaExceeded (Quota exceeded: free bytes)',
        );
        assert.match(error.advice ?? '', /^A quota of the project or table is used up/);
        return true;
      },
    );
    assert.equal(running.proxy!.passed.length, 1);
  });
});
