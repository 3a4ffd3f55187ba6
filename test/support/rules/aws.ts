import type { Registration } from '../pulumi-mocks.ts';
import { at, list, ofType, type Rule } from './rule.ts';

// Sources: AWS Security Hub user guide, "Security Hub controls for Amazon S3"; checkov/terraform/checks/resource/aws/S3*.py.

const BUCKET = 'aws:s3/bucket:Bucket';
/** Of a public access block, the account's or a bucket's. */
const SWITCHES = [
  'blockPublicAcls',
  'blockPublicPolicy',
  'ignorePublicAcls',
  'restrictPublicBuckets',
] as const;

const PUBLIC_GROUPS = /AllUsers|AuthenticatedUsers/;

interface Statement {
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

type Holds = Rule['holds'];

/** The resources of a type that configure the same bucket. */
function companions(
  type: string,
  bucket: Registration,
  all: readonly Registration[],
): readonly Registration[] {
  return all.filter((each) => each.type === type && each.inputs.bucket === bucket.inputs.bucket);
}

function statements(bucket: Registration, all: readonly Registration[]): readonly Statement[] {
  return companions('aws:s3/bucketPolicy:BucketPolicy', bucket, all).flatMap(({ inputs }) => {
    const { Statement: found } = JSON.parse(inputs.policy as string) as { Statement: readonly Statement[] };
    return found;
  });
}

function toEverybody({ Principal }: Statement): boolean {
  return Principal === '*' || [at(Principal, 'AWS')].flat().includes('*');
}

/** `holds` of a rule on one switch of the bucket's public access block. */
function blocks(setting: string): Holds {
  return (bucket, all) =>
    companions('aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock', bucket, all).some(
      ({ inputs }) => inputs[setting] === true,
    );
}

const blocksAll: Holds = (bucket, all) => SWITCHES.every((setting) => blocks(setting)(bucket, all));

const grantsNobodyInPublic: Holds = (bucket, all) =>
  !statements(bucket, all).some((each) => each.Effect === 'Allow' && toEverybody(each));

const withoutPublicAcl: Holds = (bucket, all) =>
  ![bucket, ...companions('aws:s3/bucketAcl:BucketAcl', bucket, all)].some(
    ({ inputs }) => String(inputs.acl).startsWith('public-') || PUBLIC_GROUPS.test(JSON.stringify(inputs)),
  );

const aclsOff: Holds = (bucket, all) =>
  companions('aws:s3/bucketOwnershipControls:BucketOwnershipControls', bucket, all).some(
    ({ inputs }) => at(inputs, 'rule.objectOwnership') === 'BucketOwnerEnforced',
  );

/** Refuses everybody everything without TLS, for the bucket and its objects. */
const tlsOnly: Holds = (bucket, all) => {
  const arn = `arn:aws:s3:::${String(bucket.inputs.bucket)}`;
  return statements(bucket, all).some(
    (each) =>
      each.Effect === 'Deny' &&
      toEverybody(each) &&
      each.Action.includes('s3:*') &&
      [arn, `${arn}/*`].every((resource) => each.Resource.includes(resource)) &&
      at(each.Condition, 'Bool.aws:SecureTransport') === 'false',
  );
};

const grantsNoOtherAccount: Holds = (bucket, all) =>
  !statements(bucket, all).some(
    ({ Effect, Principal }) => Effect === 'Allow' && at(Principal, 'AWS') !== undefined,
  );

/** No refusal of everything to everybody, which only the account's root user could take back. */
const locksNobodyOut: Holds = (bucket, all) =>
  !statements(bucket, all).some(
    (each) => each.Effect === 'Deny' && toEverybody(each) && Object.keys(each.Condition ?? {}).length === 0,
  );

const logged: Holds = (bucket, all) =>
  companions('aws:s3/bucketLogging:BucketLogging', bucket, all).length > 0;

const rulesOf: (bucket: Registration, all: readonly Registration[]) => readonly unknown[] = (bucket, all) =>
  companions('aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration', bucket, all)
    .flatMap(({ inputs }) => list(inputs.rules))
    .filter((rule) => at(rule, 'status') === 'Enabled');

/** By a rule without a filter: one for a part of the bucket leaves the rest. */
const abortsUploads: Holds = (bucket, all) =>
  rulesOf(bucket, all).some(
    (rule) =>
      at(rule, 'abortIncompleteMultipartUpload.daysAfterInitiation') !== undefined &&
      Object.keys(at(rule, 'filter') ?? {}).length === 0,
  );

function encryptedWith(algorithms: readonly string[]): Holds {
  const type = 'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration';
  return (bucket, all) =>
    companions(type, bucket, all).some(({ inputs }) =>
      list(inputs.rules).some((rule) =>
        algorithms.includes(String(at(rule, 'applyServerSideEncryptionByDefault.sseAlgorithm'))),
      ),
    );
}

const versioned: Holds = (bucket, all) =>
  companions('aws:s3/bucketVersioning:BucketVersioning', bucket, all).some(
    ({ inputs }) => at(inputs, 'versioningConfiguration.status') === 'Enabled',
  );

const closed: Holds = (bucket, all) => blocksAll(bucket, all) && grantsNobodyInPublic(bucket, all);

const HOLDS: Readonly<Record<string, Holds>> = {
  'S3.2': closed,
  'S3.3': closed,
  'S3.5': tlsOnly,
  'S3.6': grantsNoOtherAccount,
  'S3.8': blocksAll,
  'S3.9': logged,
  'S3.12': aclsOff,
  'S3.13': (bucket, all) => rulesOf(bucket, all).length > 0,
  CKV_AWS_18: logged,
  CKV_AWS_19: encryptedWith(['AES256', 'aws:kms', 'aws:kms:dsse']),
  CKV_AWS_20: withoutPublicAcl,
  CKV_AWS_21: versioned,
  CKV_AWS_53: blocks('blockPublicAcls'),
  CKV_AWS_54: blocks('blockPublicPolicy'),
  CKV_AWS_55: blocks('ignorePublicAcls'),
  CKV_AWS_56: blocks('restrictPublicBuckets'),
  CKV_AWS_57: withoutPublicAcl,
  CKV_AWS_70: grantsNobodyInPublic,
  CKV_AWS_93: locksNobodyOut,
  CKV_AWS_143: (bucket) => bucket.inputs.objectLockEnabled === true,
  CKV_AWS_144: (bucket, all) =>
    companions('aws:s3/bucketReplicationConfig:BucketReplicationConfig', bucket, all).length > 0,
  CKV_AWS_145: encryptedWith(['aws:kms', 'aws:kms:dsse']),
  CKV_AWS_300: abortsUploads,
};

/** Rules on the buckets in AWS; `S3.1` is the account's own. */
export const AWS_RULES: readonly Rule[] = [
  {
    id: 'S3.1',
    judges: ofType('aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock'),
    holds: ({ inputs }) => SWITCHES.every((setting) => inputs[setting] === true),
  },
  ...Object.entries(HOLDS).map(([id, holds]) => ({ id, judges: ofType(BUCKET), holds })),
];
