/**
 * A link that opens a new Looker Studio report on a BigQuery table or view; the reader's own account must be allowed to query it.
 * Source of the parameters: Looker Studio, Linking API, BigQuery connector (one data source needs no alias).
 */
export function lookerStudioUrl(view: {
  readonly project: string;
  readonly dataset: string;
  readonly table: string;
  readonly title: string;
}): string {
  const parameters = new URLSearchParams({
    'c.mode': 'edit',
    'r.reportName': view.title,
    'ds.connector': 'bigQuery',
    'ds.datasourceName': view.title,
    'ds.type': 'TABLE',
    'ds.projectId': view.project,
    'ds.datasetId': view.dataset,
    'ds.tableId': view.table,
  });
  return `https://lookerstudio.google.com/reporting/create?${parameters.toString()}`;
}
