import { at, list, ofType, type Rule } from './rule.ts';

// Sources: checkov/terraform/checks/resource/gcp/{GoogleStorage*,CloudStorage*,GoogleBigQuery*,BigQuery*}.py. Inputs are Terraform's
// own, in camel case.

const BUCKET = ofType('gcp:storage/bucket:Bucket');
const DATASET = ofType('gcp:bigquery/dataset:Dataset');
const TABLE = ofType('gcp:bigquery/table:Table');
const PUBLIC = ['allUsers', 'allAuthenticatedUsers'];

/** Types that grant something on a dataset or a table, beside a dataset's own list. */
const GRANTS =
  /^gcp:bigquery\/(datasetIam(Member|Binding|Policy)|iam(Member|Binding|Policy)|datasetAccess|authorized)/;

/** The dataset's own list and all grants beside it name nobody in public. */
const notPublic: Rule['holds'] = ({ inputs }, all) =>
  !list(inputs.accesses).some((access) => PUBLIC.includes(String(at(access, 'specialGroup')))) &&
  !all.some(
    (each) =>
      GRANTS.test(each.type) && PUBLIC.some((group) => JSON.stringify(each.inputs).includes(`"${group}"`)),
  );

/** Rules on buckets and BigQuery in Google Cloud. */
export const GCP_RULES: readonly Rule[] = [
  { id: 'CKV_GCP_29', judges: BUCKET, holds: ({ inputs }) => inputs.uniformBucketLevelAccess === true },
  {
    id: 'CKV_GCP_62',
    judges: BUCKET,
    holds: ({ inputs }) => typeof at(inputs, 'logging.logBucket') === 'string',
  },
  {
    // Unknown to the scanner where a bucket does not log at all: that is CKV_GCP_62's business.
    id: 'CKV_GCP_63',
    judges: (resource) => BUCKET(resource) && resource.inputs.logging !== undefined,
    holds: ({ inputs }) => at(inputs, 'logging.logBucket') !== inputs.name,
  },
  { id: 'CKV_GCP_78', judges: BUCKET, holds: ({ inputs }) => at(inputs, 'versioning.enabled') === true },
  { id: 'CKV_GCP_114', judges: BUCKET, holds: ({ inputs }) => inputs.publicAccessPrevention === 'enforced' },
  { id: 'CKV_GCP_15', judges: DATASET, holds: notPublic },
  {
    id: 'CKV_GCP_80',
    judges: TABLE,
    holds: ({ inputs }) => typeof at(inputs, 'encryptionConfiguration.kmsKeyName') === 'string',
  },
  {
    id: 'CKV_GCP_81',
    judges: DATASET,
    holds: ({ inputs }) => typeof at(inputs, 'defaultEncryptionConfiguration.kmsKeyName') === 'string',
  },
  { id: 'CKV_GCP_121', judges: TABLE, holds: ({ inputs }) => inputs.deletionProtection === true },
];
