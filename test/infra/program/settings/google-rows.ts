import { STAGING_KEY, WAREHOUSE_KEY, WAREHOUSE_URL } from './fixtures.ts';
import {
  at,
  cronJob,
  DATASET,
  GCS,
  LOADERS,
  none,
  output,
  pods,
  POOL,
  type Row,
  TABLE,
  variable,
} from './row.ts';

/** Staging, records and warehouse. */
export const googleRows: readonly Row[] = [
  [
    'gcpProject',
    'acme-logs-1',
    [
      at('pulumi:providers:gcp/gcp', 'project', 'acme-logs-1'),
      at(`${GCS}/*`, 'project', 'acme-logs-1'),
      at(`${DATASET}/*`, 'project', 'acme-logs-1'),
      at(`${TABLE}/*`, 'project', 'acme-logs-1'),
      at('gcp:serviceaccount/account:Account/*', 'project', 'acme-logs-1'),
      at('gcp:projects/iAMMember:IAMMember/*', 'project', 'acme-logs-1'),
      at(POOL, 'project', 'acme-logs-1'),
      pods('env/GOOGLE_CLOUD_PROJECT', 'acme-logs-1'),
    ],
  ],
  ['enableApis', 'false', [none('gcp:projects/service:Service/*'), none('pulumi:providers:gcp/gcp-apis')]],
  [
    'stagingLocation',
    'asia-northeast1',
    [
      at(`${GCS}/*`, 'location', 'asia-northeast1'),
      at('pulumi:providers:gcp/gcp', 'region', 'asia-northeast1'),
      output('transferEstimate/stagingToWarehouse/from', 'gcs asia-northeast1'),
    ],
  ],
  [
    'warehouseLocation',
    'EU',
    [
      at(`${DATASET}/*`, 'location', 'EU'),
      variable('WAREHOUSE', WAREHOUSE_URL, LOADERS),
      variable('WAREHOUSE', undefined, cronJob('classifier')),
      output('warehouseLocation', 'EU'),
    ],
  ],
  [
    'stagingRetentionDays',
    '45',
    [at(`${GCS}/staging-bucket`, 'lifecycleRules', [{ action: { type: 'Delete' }, condition: { age: 45 } }])],
  ],
  [
    'recordsNoncurrentDays',
    '33',
    [at(`${GCS}/records-bucket`, 'lifecycleRules/0/condition/daysSinceNoncurrentTime', 33)],
  ],
  [
    'tempExpirationHours',
    '36',
    [
      at(`${DATASET}/warehouse-load-temp`, 'defaultTableExpirationMs', 36 * 3_600_000),
      at(`${DATASET}/warehouse-raw`, 'defaultTableExpirationMs', undefined),
    ],
  ],
  ['stagingKmsKey', STAGING_KEY, [at(`${GCS}/*`, 'encryption', { defaultKmsKeyName: STAGING_KEY })]],
  [
    'warehouseKmsKey',
    WAREHOUSE_KEY,
    [
      at(`${DATASET}/*`, 'defaultEncryptionConfiguration', { kmsKeyName: WAREHOUSE_KEY }),
      at(`${TABLE}/warehouse-quick-*`, 'encryptionConfiguration', { kmsKeyName: WAREHOUSE_KEY }),
      at(`${TABLE}/warehouse-ledger`, 'encryptionConfiguration', { kmsKeyName: WAREHOUSE_KEY }),
    ],
  ],
];
