import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { dailyCounts } from './daily-counts.ts';
import { Logferry } from './logferry.ts';

const config = new pulumi.Config();
const project = config.require('project');
const member = `group:${config.require('analysts')}`;
const role = 'roles/bigquery.dataViewer';
const logferry = new Logferry(config.require('logferry'));

const countView = logferry.output('countView');
const { raw, ops } = logferry.output('datasets');
const logferryProject = countView.apply((name) => name.split('.')[0]!);

// Analysts read the logs, and the ledger that the counts come from. One member more, never the whole list: the rest is logferry's.
for (const [name, datasetId] of Object.entries({ raw, ops }))
  new gcp.bigquery.DatasetIamMember(`read-${name}`, { project: logferryProject, datasetId, role, member });

// The team's own reports lie beside the warehouse: BigQuery joins nothing across locations.
const reports = new gcp.bigquery.Dataset('reports', {
  project,
  datasetId: `log_reports_${pulumi.getStack().replaceAll('-', '_')}`,
  location: logferry.output('warehouseLocation'),
  description: 'Reports over the logs that logferry carries.',
});
new gcp.bigquery.DatasetIamMember('read-reports', { project, datasetId: reports.datasetId, role, member });
const daily = new gcp.bigquery.Table('daily-counts', {
  project,
  datasetId: reports.datasetId,
  tableId: 'daily_counts',
  description: 'Rows by log type and local day, and how many hours of the day have arrived.',
  view: { query: countView.apply(dailyCounts), useLegacySql: false },
  // It holds no rows: made anew in a second.
  deletionProtection: false,
});

/** To query: `SELECT * FROM <dailyCounts> WHERE day_kst = CURRENT_DATE('Asia/Seoul')`. */
export const report = pulumi.interpolate`${project}.${daily.datasetId}.${daily.tableId}`;
/** Where the rows of each log type are, `project.dataset.table`. */
export const tables = logferry.output('tables');
/** Opens a report that is wired to logferry's counts. */
export const dashboard = logferry.output('lookerStudioUrl');
