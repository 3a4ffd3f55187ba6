import assert from 'node:assert/strict';
import { lookerStudioUrl } from '../../infra/looker-studio.ts';

describe('the Looker Studio link', () => {
  it('opens a new report wired to the view, whatever the title holds', () => {
    const url = new URL(
      lookerStudioUrl({
        project: 'acme-logs',
        dataset: 'logferry_prod_ops',
        table: 'counts',
        title: '로그 건수 & more',
      }),
    );
    assert.equal(`${url.origin}${url.pathname}`, 'https://lookerstudio.google.com/reporting/create');
    assert.deepEqual(Object.fromEntries(url.searchParams), {
      'c.mode': 'edit',
      'r.reportName': '로그 건수 & more',
      'ds.connector': 'bigQuery',
      'ds.datasourceName': '로그 건수 & more',
      'ds.type': 'TABLE',
      'ds.projectId': 'acme-logs',
      'ds.datasetId': 'logferry_prod_ops',
      'ds.tableId': 'counts',
    });
  });
});
