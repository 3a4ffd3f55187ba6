import { matches, type KeyDefinition } from '../definition.ts';
import { BIGQUERY_LOCATIONS, GCP_REGIONS } from '../places.ts';

const KMS_KEY = 'projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>, without a version';
const kmsKey = matches(
  /^projects\/[^/\s]+\/locations\/[^/\s]+\/keyRings\/[^/\s]+\/cryptoKeys\/[^/\s]+$/,
  KMS_KEY,
);

/** Staging, records and warehouse. Ages in days. */
export const googleKeys = {
  gcpProject: {
    type: 'string',
    description: 'The Google Cloud project of staging, records and warehouse; its id, not its number.',
    example: 'my-project-123',
    expected: 'the id of a Google Cloud project: 6 to 30 of a-z, 0-9 and -, a letter first',
    check: (text) => {
      if (text.includes(':'))
        return 'a project id without a domain (example.com:...), for bucket names carry it';
      if (text.includes('google'))
        return 'a project id without "google" in it, which no bucket name may hold';
      return /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(text)
        ? undefined
        : 'the id of a Google Cloud project: 6 to 30 of a-z, 0-9 and -, a letter first';
    },
    way: 'gcloud projects list shows it; pulumi config set gcpProject <id>',
  },
  enableApis: {
    type: 'boolean',
    default: true,
    description:
      'Enable the Google APIs that the program needs; they stay enabled when it is destroyed. false = somebody else does.',
  },
  stagingLocation: {
    type: 'string',
    default: 'asia-northeast3',
    description: 'Region of staging, records and a new cluster; the nearer to awsRegion, the faster.',
    example: 'asia-northeast3',
    expected: 'a Google Cloud region such as asia-northeast3',
    near: GCP_REGIONS,
    check: (text) => {
      if (GCP_REGIONS.includes(text)) return undefined;
      return /^(us|eu|asia|[a-z]{3,4}\d)$/i.test(text)
        ? 'one region such as asia-northeast3, for a multi-region costs more and is no faster'
        : 'a Google Cloud region such as asia-northeast3';
    },
  },
  warehouseLocation: {
    type: 'string',
    default: 'US',
    description:
      'Where BigQuery keeps the datasets: US, EU or a region. A dataset cannot move. Elsewhere than stagingLocation, each load pays transfer.',
    example: 'US',
    expected: 'US, EU or a Google Cloud region',
    near: BIGQUERY_LOCATIONS,
    check: (text) => (BIGQUERY_LOCATIONS.includes(text) ? undefined : 'US, EU or a Google Cloud region'),
  },
  stagingRetentionDays: {
    type: 'integer',
    default: 14,
    min: 1,
    max: 365,
    unit: 'days',
    description: 'How long staged rows stay; replaying and reloading work that long.',
  },
  recordsNoncurrentDays: {
    type: 'integer',
    default: 30,
    min: 1,
    max: 3650,
    unit: 'days',
    description:
      'How long a deleted or overwritten record can be taken back. Records themselves (manifests, quarantine, rejects) are kept.',
  },
  tempExpirationHours: {
    type: 'integer',
    default: 24,
    min: 1,
    max: 720,
    unit: 'hours',
    description: 'How long a TEMP table that a killed load left behind stays in load_temp.',
  },
  stagingKmsKey: {
    type: 'string',
    default: '',
    description: 'Cloud KMS key of staging and records, in stagingLocation, instead of Google’s own.',
    example: 'projects/my-project/locations/asia-northeast3/keyRings/logferry/cryptoKeys/staging',
    expected: KMS_KEY,
    check: kmsKey,
  },
  warehouseKmsKey: {
    type: 'string',
    default: '',
    description:
      'Cloud KMS key of the datasets, in warehouseLocation (`us` for US), instead of Google’s own.',
    example: 'projects/my-project/locations/us/keyRings/logferry/cryptoKeys/warehouse',
    expected: KMS_KEY,
    check: kmsKey,
  },
} as const satisfies Record<string, KeyDefinition>;
