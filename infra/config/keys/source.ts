import { matches, type KeyDefinition } from '../definition.ts';
import { s3BucketName } from '../name-rules.ts';
import { AWS_REGIONS } from '../places.ts';

const PREFIX = 'a key prefix such as logs/app: no / at either end, none doubled, at most 512 characters';
const REGION = 'an AWS region outside China and GovCloud such as ap-northeast-2';
const KMS_KEY = 'arn:aws:kms:<region>:<account>:key/<id>; an alias does not work in IAM';

/** Where logs arrive. Ages in days. */
export const sourceKeys = {
  awsAccountId: {
    type: 'string',
    description:
      'The AWS account of the source bucket. Any other account’s credentials are refused, so that a wrong profile harms nothing.',
    example: '111111111111',
    expected: 'the 12 digits of an AWS account',
    check: matches(/^\d{12}$/, 'the 12 digits of an AWS account'),
    way: 'aws sts get-caller-identity shows it; pulumi config set awsAccountId <12 digits>',
  },
  awsRegion: {
    type: 'string',
    default: 'ap-northeast-2',
    description: 'Region of the source bucket.',
    example: 'ap-northeast-2',
    expected: REGION,
    near: AWS_REGIONS,
    check: (text) => (AWS_REGIONS.includes(text) ? undefined : REGION),
  },
  sourceBucket: {
    type: 'string',
    default: '',
    description: 'Name of the source bucket; empty = <namePrefix>-<stack>-source-<awsAccountId>.',
    example: 'my-logs',
    expected: 'an S3 bucket name',
    check: s3BucketName,
  },
  adoptSourceBucket: {
    type: 'boolean',
    default: false,
    description:
      'Take the existing bucket named by sourceBucket: it is read, never changed and never deleted, and its rules stay its owner’s.',
  },
  sourcePrefix: {
    type: 'string',
    default: '',
    description: 'Where in the bucket YYYY/MM/DD/HH/ folders begin; empty = at its root.',
    example: 'logs/app',
    expected: PREFIX,
    check: matches(/^(?=.{1,512}$)[^/\s*?$]+(\/[^/\s*?$]+)*$/, PREFIX),
  },
  sourceRetentionDays: {
    type: 'integer',
    default: 30,
    min: 0,
    max: 3650,
    unit: 'days',
    description:
      'How long the source keeps an object; 0 = for ever. For an adopted bucket: what its own lifecycle does, for the checks.',
  },
  sourceNoncurrentDays: {
    type: 'integer',
    default: 7,
    min: 1,
    max: 3650,
    unit: 'days',
    description: 'How long an overwritten or deleted source object can be taken back.',
  },
  sourceAccessLogs: {
    type: 'boolean',
    default: false,
    description: 'Log every request to the source bucket into a bucket of its own.',
  },
  sourceKmsKeyArn: {
    type: 'string',
    default: '',
    description:
      'KMS key of the source bucket, in its region, instead of S3’s own (SSE-S3). The classifier may decrypt with it. For an adopted bucket: the key that it has.',
    example: 'arn:aws:kms:ap-northeast-2:111111111111:key/00000000-0000-0000-0000-000000000000',
    expected: KMS_KEY,
    check: matches(/^arn:aws:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/, KMS_KEY),
    way: 'aws kms describe-key --key-id <alias or id> shows its ARN',
  },
} as const satisfies Record<string, KeyDefinition>;
