import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { lifecycleRules, type Keeping } from './lifecycle.ts';
import type { PolicyDocument } from './policies.ts';

export interface PrivateBucketArgs {
  /** Also in the resource's name in Pulumi: another bucket is another resource, never this one replaced. */
  readonly bucketName: string;
  readonly keeping: Keeping;
  readonly policy: pulumi.Input<PolicyDocument>;
  /** Encrypts new objects; without it S3's own key does. */
  readonly kmsKeyArn?: pulumi.Input<string> | undefined;
  /** The bucket cannot be destroyed; without it, destroy takes the objects along. */
  readonly protect: boolean;
  readonly tags: pulumi.Input<Record<string, string>>;
}

/** A bucket that is ready once its policy is there. */
export interface PrivateBucket {
  readonly bucket: aws.s3.Bucket;
  readonly policy: aws.s3.BucketPolicy;
}

/**
 * A bucket as this program makes them all: closed to the public, owned by its account alone, versioned, encrypted, reached by TLS
 * only, tidied by age. Its guards are settings of the bucket and go with it: Pulumi never takes them off by themselves, so a destroy
 * that stops half-way and a bucket that is handed over stay guarded.
 */
export function privateBucket(name: string, args: PrivateBucketArgs, parent: pulumi.Resource): PrivateBucket {
  const bucket = new aws.s3.Bucket(
    bucketResourceName(name, args.bucketName),
    { bucket: args.bucketName, forceDestroy: !args.protect, tags: args.tags },
    { parent, protect: args.protect },
  );
  const options = { parent, retainOnDelete: true };
  const policy = accessOf(name, bucket, args.policy, options);
  contentsOf(name, bucket, args, { ...options, dependsOn: policy });
  return { bucket, policy };
}

/** What Pulumi calls a bucket; made or adopted, so that one turns into the other in place. */
export function bucketResourceName(name: string, bucketName: string): string {
  return `${name}-${bucketName}`;
}

/** Of each guard. */
interface Options {
  readonly parent: pulumi.Resource;
  readonly retainOnDelete: boolean;
  readonly dependsOn?: pulumi.Resource;
}

/**
 * Who gets at the bucket. One after the other: S3 answers 409 (OperationAborted) where two of them change at once, and the public
 * access block must judge the policy, not find it.
 */
function accessOf(
  name: string,
  { bucket }: aws.s3.Bucket,
  policy: pulumi.Input<PolicyDocument>,
  options: Options,
): aws.s3.BucketPolicy {
  const closed = new aws.s3.BucketPublicAccessBlock(
    `${name}-public-access-block`,
    {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    options,
  );
  const owned = new aws.s3.BucketOwnershipControls(
    `${name}-ownership`,
    { bucket, rule: { objectOwnership: 'BucketOwnerEnforced' } },
    { ...options, dependsOn: closed },
  );
  return new aws.s3.BucketPolicy(
    `${name}-policy`,
    { bucket, policy: pulumi.jsonStringify(policy) },
    { ...options, dependsOn: owned },
  );
}

/** How the bucket keeps its objects. The lifecycle speaks of versions, so it waits for them; all of it waits for access, for S3 takes one at a time. */
function contentsOf(
  name: string,
  { bucket }: aws.s3.Bucket,
  { keeping, kmsKeyArn }: PrivateBucketArgs,
  options: Options,
): void {
  const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    { bucket, rules: [encryptionRule(kmsKeyArn)] },
    options,
  );
  const versioning = new aws.s3.BucketVersioning(
    `${name}-versioning`,
    { bucket, versioningConfiguration: { status: 'Enabled' } },
    { ...options, dependsOn: encryption },
  );
  new aws.s3.BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    { bucket, rules: lifecycleRules(keeping) },
    { ...options, dependsOn: versioning },
  );
}

/**
 * With a key of KMS, a bucket key saves the call for every object. Objects under a key that only their writer has (SSE-C) could
 * not be read by the classifier, and are how buckets are held to ransom; S3 blocks them in new buckets since March 2026, and
 * saying so keeps the preview empty.
 */
function encryptionRule(
  kmsKeyArn: pulumi.Input<string> | undefined,
): aws.types.input.s3.BucketServerSideEncryptionConfigurationRule {
  return {
    applyServerSideEncryptionByDefault:
      kmsKeyArn === undefined
        ? { sseAlgorithm: 'AES256' }
        : { sseAlgorithm: 'aws:kms', kmsMasterKeyId: kmsKeyArn },
    bucketKeyEnabled: kmsKeyArn !== undefined,
    blockedEncryptionTypes: ['SSE-C'],
  };
}
