import assert from 'node:assert/strict';
import { bigqueryNames } from '../../../infra/gcp/bigquery-names.ts';
import { tableSchemaJson } from '../../../infra/gcp/table-schema.ts';
import { Warehouse, type WarehouseArgs } from '../../../infra/gcp/warehouse.ts';
import { tableFields, type LogType } from '../../../workloads/core/schema/log-type.ts';
import { CONTROL, OPS_TABLES } from '../../../workloads/core/sql/ops-tables.ts';
import { OPS_VIEWS } from '../../../workloads/core/sql/views.ts';
import { logTypeOf, ownTypes } from '../../support/sql-samples.ts';
import { only } from '../../support/pulumi-mocks.ts';
import { COUNTS_COLUMNS, REJECTS_COLUMNS } from '../../support/view-columns.ts';
import { spellColumns, zetasqlTests } from '../../support/zetasql.ts';
import { byName, recordGcp, type RecordedOutputs } from './record-gcp.ts';

const DATASETS = { raw: 'logferry_dev_raw', loadTemp: 'logferry_dev_load_temp', ops: 'logferry_dev_ops' };
const LABELS = { environment: 'dev' };
const KEY = 'projects/logs-dev/locations/us/keyRings/r/cryptoKeys/k';
const TABLE = 'gcp:bigquery/table:Table';
const DATASET = 'gcp:bigquery/dataset:Dataset';

const plain = logTypeOf('purchase', {
  type: 'shop/Purchase',
  description: 'Purchases in the shop',
  lane: 'fast',
  fields: [
    { name: 'log_type', type: 'STRING', mode: 'REQUIRED' },
    { name: 'amount', type: 'NUMERIC' },
  ],
  clustering: ['log_type'],
});
const hourly = logTypeOf('beat', {
  fields: [{ name: 'log_type', type: 'STRING' }],
  partition: { by: 'HOUR', expirationDays: 30, requireFilter: true },
});
const spec = (logType: LogType) => ({ logType, fields: tableFields(logType) });

const record = (change: Partial<WarehouseArgs> = {}): Promise<RecordedOutputs> =>
  recordGcp(() => {
    const { datasets, tables, countView, rejectsView } = new Warehouse('warehouse', {
      project: 'logs-dev',
      location: 'US',
      datasetIds: DATASETS,
      tempExpirationHours: 24,
      types: [spec(hourly), spec(plain)],
      protect: false,
      labels: LABELS,
      ...change,
    });
    return { datasets, tables, countView, rejectsView };
  });

const kept = {
  project: 'logs-dev',
  location: 'US',
  labels: LABELS,
  maxTimeTravelHours: '168',
  deleteContentsOnDestroy: true,
};

const dataset = (name: string, inputs: object) => ({
  type: DATASET,
  name,
  parent: 'logferry:gcp:Warehouse/warehouse',
  inputs,
  options: {},
});

const datasets = [
  dataset('warehouse-load-temp', {
    ...kept,
    datasetId: 'logferry_dev_load_temp',
    description: 'Tables that load jobs fill and commits read; each expires by itself.',
    defaultTableExpirationMs: 86_400_000,
    maxTimeTravelHours: '48',
  }),
  dataset('warehouse-ops', {
    ...kept,
    datasetId: 'logferry_dev_ops',
    description: 'Load ledger, control tables, rejects, and the views over them.',
  }),
  dataset('warehouse-raw', {
    ...kept,
    datasetId: 'logferry_dev_raw',
    description: 'Logs, one table a log type. Written by logferry alone.',
  }),
];

const IN_RAW = `${DATASET}/warehouse-raw`;
const IN_OPS = `${DATASET}/warehouse-ops`;

const table = (name: string, parent: string, inputs: object, dependsOn: string[]) => ({
  type: TABLE,
  name,
  parent,
  inputs: { project: 'logs-dev', deletionProtection: false, ...inputs },
  options: { ignoreChanges: ['encryptionConfiguration'], dependsOn },
});

const typeTables = [
  table(
    'warehouse-beat-control',
    'logferry:gcp:TypeTable/warehouse-beat',
    {
      datasetId: 'logferry_dev_ops',
      tableId: 'control_beat',
      description: 'The fence of the commits of beat: one row, seeded by the loader.',
      labels: { environment: 'dev', log_type: 'beat', lane: 'standard' },
      schema: tableSchemaJson(CONTROL),
    },
    [IN_OPS],
  ),
  table(
    'warehouse-beat-table',
    'logferry:gcp:TypeTable/warehouse-beat',
    {
      datasetId: 'logferry_dev_raw',
      tableId: 'beat',
      labels: { environment: 'dev', log_type: 'beat', lane: 'standard' },
      schema: tableSchemaJson(tableFields(hourly)),
      timePartitioning: { type: 'HOUR', field: 'folder_hour', expirationMs: 2_592_000_000 },
      requirePartitionFilter: true,
    },
    [IN_RAW],
  ),
  table(
    'warehouse-purchase-control',
    'logferry:gcp:TypeTable/warehouse-purchase',
    {
      datasetId: 'logferry_dev_ops',
      tableId: 'control_purchase',
      description: 'The fence of the commits of purchase: one row, seeded by the loader.',
      labels: { environment: 'dev', log_type: 'shop_purchase', lane: 'fast' },
      schema:
        '[{"name":"log_type","type":"STRING","mode":"REQUIRED","description":"The value of the type key."},' +
        '{"name":"attempt","type":"STRING","mode":"REQUIRED","description":"The commit that passed last."}]',
    },
    [IN_OPS],
  ),
  table(
    'warehouse-purchase-table',
    'logferry:gcp:TypeTable/warehouse-purchase',
    {
      datasetId: 'logferry_dev_raw',
      tableId: 'purchase',
      description: 'Purchases in the shop',
      labels: { environment: 'dev', log_type: 'shop_purchase', lane: 'fast' },
      schema: tableSchemaJson(tableFields(plain)),
      timePartitioning: { type: 'DAY', field: 'folder_hour' },
      requirePartitionFilter: false,
      clusterings: ['folder_hour', 'log_type'],
    },
    [IN_RAW],
  ),
];

const byDay = { timePartitioning: { type: 'DAY', field: 'folder_hour' }, clusterings: ['log_type'] };
const opsTable = (tableId: string, inputs: object) =>
  table(
    `warehouse-${tableId.replace('_', '-')}`,
    'logferry:gcp:Warehouse/warehouse',
    {
      datasetId: 'logferry_dev_ops',
      tableId,
      labels: LABELS,
      schema: tableSchemaJson(OPS_TABLES[tableId]!),
      ...inputs,
    },
    [IN_OPS],
  );

const sharedTables = [
  opsTable('all_rejects', {
    description:
      'Rows that broke their schema, of all loads; the view rejects shows the current ones. Append-only.',
    ...byDay,
  }),
  opsTable('hour_ledger', { description: 'What each classified hour held as a whole. Append-only.' }),
  opsTable('ledger', {
    description: 'One row for each (log type, folder hour, epoch, revision) that committed. Append-only.',
    ...byDay,
  }),
];

const names = bigqueryNames('logs-dev', DATASETS);
const view = (tableId: string, description: string) => ({
  type: TABLE,
  name: `warehouse-${tableId}`,
  parent: 'logferry:gcp:Warehouse/warehouse',
  inputs: {
    project: 'logs-dev',
    datasetId: 'logferry_dev_ops',
    tableId,
    description,
    labels: LABELS,
    deletionProtection: false,
    view: { query: OPS_VIEWS[tableId]!(names), useLegacySql: false },
  },
  options: {
    dependsOn: [
      IN_OPS,
      `${TABLE}/warehouse-all-rejects`,
      `${TABLE}/warehouse-hour-ledger`,
      `${TABLE}/warehouse-ledger`,
    ],
  },
});

const views = [
  view('counts', 'Rows, rejects and quarantined lines of each type and folder hour, as the tables are now.'),
  view('rejects', 'Rows that broke their schema, of what is loaded now.'),
];

const component = (name: string, type: string, parent?: string) => ({
  type: `logferry:gcp:${type}`,
  name,
  ...(parent === undefined ? {} : { parent }),
  inputs: {},
  options: {},
});

const components = [
  component('warehouse-beat', 'TypeTable', 'logferry:gcp:Warehouse/warehouse'),
  component('warehouse-purchase', 'TypeTable', 'logferry:gcp:Warehouse/warehouse'),
  component('warehouse', 'Warehouse'),
];

describe('the warehouse', () => {
  it('is three datasets, a table and a control table a type, ledgers, rejects and the views over them', async () => {
    const { registrations, outputs } = await record();
    const expected = [...datasets, ...typeTables, ...sharedTables, ...views, ...components];
    assert.deepEqual(byName(registrations), byName(expected));
    assert.deepEqual(outputs, {
      datasets: DATASETS,
      tables: {
        beat: 'logs-dev.logferry_dev_raw.beat',
        'shop/Purchase': 'logs-dev.logferry_dev_raw.purchase',
      },
      countView: 'logs-dev.logferry_dev_ops.counts',
      rejectsView: 'logs-dev.logferry_dev_ops.rejects',
    });
  });

  it('keeps the deployed order of columns', async () => {
    const fields = tableFields(plain).toReversed();
    const { registrations } = await record({ types: [{ logType: plain, fields }] });
    assert.equal(
      only(registrations, TABLE, 'warehouse-purchase-table').inputs.schema,
      tableSchemaJson(fields),
    );
  });

  it('tells the provider once that an expiration has ended, of that table alone', async () => {
    const other = logTypeOf('other', { fields: [{ name: 'a', type: 'STRING' }] });
    const { registrations } = await record({ types: [spec(plain), spec(other)], expirationEnds: ['other'] });
    const partitioning = (name: string): unknown =>
      only(registrations, TABLE, `warehouse-${name}-table`).inputs.timePartitioning;
    assert.deepEqual(partitioning('purchase'), { type: 'DAY', field: 'folder_hour' });
    assert.deepEqual(partitioning('other'), { type: 'DAY', field: 'folder_hour', expirationMs: 0 });
  });

  it('where it is protected nothing that holds data can be destroyed, and what is thrown away still can', async () => {
    const { registrations } = await record({ protect: true });
    const protectedNames = registrations.filter(({ options }) => options.protect).map(({ name }) => name);
    const all = [...datasets, ...typeTables, ...sharedTables, ...views].map(({ name }) => name);
    assert.deepEqual(
      protectedNames.toSorted(),
      all.filter((name) => name !== 'warehouse-load-temp').toSorted(),
    );
    for (const { type, name, inputs } of registrations) {
      if (type === TABLE) assert.equal(inputs.deletionProtection, true, name);
      if (type === DATASET)
        assert.equal(inputs.deleteContentsOnDestroy, name === 'warehouse-load-temp', name);
    }
  });

  it('a key of one’s own encrypts every dataset and table, and a table that is there keeps its key', async () => {
    const { registrations } = await record({ kmsKey: KEY });
    const tables = registrations.filter(({ type, inputs }) => type === TABLE && inputs.view === undefined);
    assert.equal(tables.length, 7);
    for (const { inputs, options, name } of tables) {
      assert.deepEqual(inputs.encryptionConfiguration, { kmsKeyName: KEY }, name);
      assert.deepEqual(options.ignoreChanges, ['encryptionConfiguration'], name);
    }
    const sets = registrations.filter(({ type }) => type === DATASET);
    assert.equal(sets.length, 3);
    for (const { inputs, name } of sets)
      assert.deepEqual(inputs.defaultEncryptionConfiguration, { kmsKeyName: KEY }, name);
  });

  it('has a table and a control table for each file in schemas/', async () => {
    const types = await ownTypes();
    const { registrations, outputs } = await record({ types: types.map(spec) });
    const ids = (datasetId: string): unknown[] =>
      registrations
        .filter(({ type, inputs }) => type === TABLE && inputs.datasetId === datasetId)
        .map(({ inputs }) => inputs.tableId);
    const tables = types.map((logType) => logType.table);
    assert.equal(tables.length, 14);
    assert.deepEqual(ids('logferry_dev_raw').toSorted(), tables.toSorted());
    assert.deepEqual(
      ids('logferry_dev_ops').toSorted(),
      [
        ...tables.map((name) => `control_${name}`),
        'ledger',
        'hour_ledger',
        'all_rejects',
        'counts',
        'rejects',
      ].toSorted(),
    );
    const { tables: named } = outputs as { tables: Record<string, string> };
    assert.deepEqual(
      named,
      Object.fromEntries(types.map(({ type, table: id }) => [type, `logs-dev.logferry_dev_raw.${id}`])),
    );
  });
});

describe('the views of the warehouse, to Google’s analyser', () => {
  const { it, zetasql } = zetasqlTests();

  it('are queries over tables that the same program makes, under those names', async () => {
    const { registrations } = await record();
    const made = new Map(
      registrations
        .filter(({ type, inputs }) => type === TABLE && inputs.view === undefined)
        .map(({ inputs: { project, datasetId, tableId } }) => [
          `\`${String(project)}.${String(datasetId)}.${String(tableId)}\``,
          OPS_TABLES[String(tableId)] ?? CONTROL,
        ]),
    );
    const columns = async (name: string): Promise<string[]> => {
      const { query } = only(registrations, TABLE, name).inputs.view as { query: string };
      return spellColumns(await zetasql().analyse({ sql: query, params: {} }, made));
    };
    assert.deepEqual(await columns('warehouse-counts'), COUNTS_COLUMNS);
    assert.deepEqual(await columns('warehouse-rejects'), REJECTS_COLUMNS);
  });
});
