import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { BigQuery } from '@google-cloud/bigquery';
import { after, before } from 'mocha';
import { tempFolder } from '../support/temp.ts';
import { startBigQueryEmulator, type BigQueryEmulator } from './support/bigquery-emulator.ts';
import { startFakeGcs, type FakeGcs } from './support/fake-gcs.ts';

describe('the BigQuery emulator beside fake-gcs-server', () => {
  const folder = tempFolder();
  const running: { gcs?: FakeGcs; emulator?: BigQueryEmulator } = {};
  before(async () => {
    running.gcs = await startFakeGcs({ tempFolder: folder });
    running.emulator = await startBigQueryEmulator({ tempFolder: folder, gcs: running.gcs });
    await running.gcs.makeBucket('staging');
  });
  after(() => Promise.all([running.emulator?.stop(), running.gcs?.stop()]));

  it('a load job through the SDK fills a table from objects of gs://, packed or not', async () => {
    const { gcs, emulator } = running as Required<typeof running>;
    await gcs.put(
      'staging',
      'purchase/1.ndjson',
      Buffer.from('{"id":"a","amount":"1.10","raw":{"x":[1,null]}}\n'),
    );
    await gcs.put(
      'staging',
      'purchase/2.ndjson.gz',
      gzipSync('{"id":"b","amount":"2","paid":"2026-11-20T15:00:00Z"}\n{"id":"c"}\n'),
    );
    const place = { projectId: emulator.project, apiEndpoint: emulator.url };
    // Without it the SDK looks for credentials, an endpoint or not.
    const client = new BigQuery({ ...place, authClient: new BigQuery(place).authClient.fromAPIKey('none') });
    await client.createDataset('raw');
    const [job] = await client.createJob({
      jobId: 'smoke-1',
      configuration: {
        labels: { type: 'purchase' },
        load: {
          sourceUris: ['gs://staging/purchase/1.ndjson', 'gs://staging/purchase/2.ndjson.gz'],
          sourceFormat: 'NEWLINE_DELIMITED_JSON',
          writeDisposition: 'WRITE_TRUNCATE',
          destinationTable: { projectId: emulator.project, datasetId: 'raw', tableId: 'purchase' },
          schema: {
            fields: [
              { name: 'id', type: 'STRING', mode: 'REQUIRED' },
              { name: 'amount', type: 'NUMERIC' },
              { name: 'paid', type: 'TIMESTAMP' },
              { name: 'raw', type: 'JSON' },
            ],
          },
        },
      },
    });
    await job.promise();
    const [rows] = await client.query(
      'SELECT id, CAST(amount AS STRING) AS amount, UNIX_SECONDS(paid) AS paid, IF(raw IS NULL, NULL, TO_JSON_STRING(raw)) AS raw FROM raw.purchase ORDER BY id',
    );
    assert.deepEqual(rows, [
      { id: 'a', amount: '1.1', paid: null, raw: '{"x":[1,null]}' },
      { id: 'b', amount: '2', paid: 1_795_186_800, raw: null },
      { id: 'c', amount: null, paid: null, raw: null },
    ]);
  });

  it('a load job that misses an object is refused, and it is said which', async () => {
    const { emulator } = running as Required<typeof running>;
    const load = {
      sourceUris: ['gs://staging/purchase/none.ndjson'],
      sourceFormat: 'NEWLINE_DELIMITED_JSON',
      destinationTable: { projectId: emulator.project, datasetId: 'raw', tableId: 'none' },
      schema: { fields: [{ name: 'id', type: 'STRING' }] },
    };
    await assert.rejects(
      emulator.request('POST', '/jobs', { configuration: { load } }),
      /^Error: POST \/jobs: 400 .*staging\/purchase\/none\.ndjson: storage: object doesn't exist/,
    );
  });
});
