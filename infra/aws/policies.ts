import { bucketArn, issuerHostPath, kmsKeyRegion } from './arns.ts';

/** Operator, condition key, value: `{ StringEquals: { 'aws:SourceAccount': '123456789012' } }`. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** One statement of an IAM or bucket policy, spelled as AWS spells it. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  /** Only in policies of a resource or of trust: a role's own policy speaks of the role. */
  readonly Principal?: '*' | { readonly Federated: string } | { readonly Service: string };
  readonly Action: readonly string[];
  /** Not in a trust policy, which speaks of the role that it hangs on. */
  readonly Resource?: readonly string[];
  readonly Condition?: Conditions;
}

/** An IAM policy document; `Version` is the language's, and the older one knows no variables. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

function document(...statements: readonly PolicyStatement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

/**
 * A text that means itself where IAM reads patterns. Without this a prefix such as `logs-*` would open other people's folders
 * (IAM User Guide, "Specify wildcards as literal characters").
 */
function literal(text: string): string {
  return text.replaceAll(/[*?$]/g, (character) => `\${${character}}`);
}

/** Who may become a workload's role. */
export interface Trust {
  readonly oidcProviderArn: string;
  /** The `iss` claim of the cluster's tokens. */
  readonly issuer: string;
  /** The `aud` claim that the pod's projected token asks for. */
  readonly audience: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** The trust of a workload's role: one service account of one cluster, with a token made out to AWS, and nobody else. */
export function trustPolicy({
  oidcProviderArn,
  issuer,
  audience,
  namespace,
  serviceAccount,
}: Trust): PolicyDocument {
  const claims = issuerHostPath(issuer);
  return document({
    Sid: 'ServiceAccountOfTheCluster',
    Effect: 'Allow',
    Principal: { Federated: oidcProviderArn },
    Action: ['sts:AssumeRoleWithWebIdentity'],
    Condition: {
      StringEquals: {
        [`${claims}:aud`]: audience,
        [`${claims}:sub`]: `system:serviceaccount:${namespace}:${serviceAccount}`,
      },
    },
  });
}

/** What of the source the classifier reads. */
export interface SourceAccess {
  readonly bucketArn: string;
  /** Where folder hours begin, without a slash at either end; '' = at the bucket's root. */
  readonly prefix: string;
  /** The key that the bucket's objects are encrypted with, where that is not S3's own. */
  readonly kmsKeyArn?: string | undefined;
}

/**
 * All that the classifier may do in AWS: list and get below the prefix. With a prefix, a get of an object that is gone answers
 * 403, not 404: S3 admits that a key is missing only to those who may list the whole bucket.
 */
export function classifierSourcePolicy({ bucketArn: arn, prefix, kmsKeyArn }: SourceAccess): PolicyDocument {
  const below = prefix === '' ? '*' : `${literal(prefix)}/*`;
  const list: PolicyStatement = { Sid: 'List', Effect: 'Allow', Action: ['s3:ListBucket'], Resource: [arn] };
  return document(
    prefix === '' ? list : { ...list, Condition: { StringLike: { 's3:prefix': below } } },
    { Sid: 'Get', Effect: 'Allow', Action: ['s3:GetObject'], Resource: [`${arn}/${below}`] },
    ...(kmsKeyArn === undefined ? [] : [decryptThroughS3(kmsKeyArn)]),
  );
}

/** The key opens what S3 hands out, and nothing that is sent to KMS directly. A bucket's key is always of its own region. */
function decryptThroughS3(kmsKeyArn: string): PolicyStatement {
  return {
    Sid: 'Decrypt',
    Effect: 'Allow',
    Action: ['kms:Decrypt'],
    Resource: [kmsKeyArn],
    Condition: { StringEquals: { 'kms:ViaService': `s3.${kmsKeyRegion(kmsKeyArn)}.amazonaws.com` } },
  };
}

/**
 * Nobody, whatever else he is granted, reaches bucket or objects without TLS. No statement asks for a version: S3 itself has
 * refused all below TLS 1.2 since February 2024.
 */
function tlsOnly(arn: string): PolicyStatement {
  return {
    Sid: 'OnlyWithTls',
    Effect: 'Deny',
    Principal: '*',
    Action: ['s3:*'],
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}

/** The source bucket's policy. It grants nothing: access comes from the roles of this account. */
export function sourceBucketPolicy(bucketName: string): PolicyDocument {
  return document(tlsOnly(bucketArn(bucketName)));
}

/** Who may write access logs, of what, to where. */
export interface LogDelivery {
  readonly bucketName: string;
  /** What S3 puts before every log's key. */
  readonly prefix: string;
  readonly sourceBucketName: string;
  readonly accountId: string;
}

/** The access log bucket's policy: S3's log service may add logs of that one bucket; without the conditions, of anyone's. */
export function accessLogBucketPolicy({
  bucketName,
  prefix,
  sourceBucketName,
  accountId,
}: LogDelivery): PolicyDocument {
  const arn = bucketArn(bucketName);
  return document(tlsOnly(arn), {
    Sid: 'AccessLogsOfTheSource',
    Effect: 'Allow',
    Principal: { Service: 'logging.s3.amazonaws.com' },
    Action: ['s3:PutObject'],
    Resource: [`${arn}/${prefix}*`],
    Condition: {
      ArnLike: { 'aws:SourceArn': bucketArn(sourceBucketName) },
      StringEquals: { 'aws:SourceAccount': accountId },
    },
  });
}
