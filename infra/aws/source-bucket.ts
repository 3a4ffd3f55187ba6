import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { ACCESS_LOG_PREFIX } from './access-log-bucket.ts';
import { bucketArn } from './arns.ts';
import { sourceBucketPolicy } from './policies.ts';
import { bucketResourceName, privateBucket } from './private-bucket.ts';

export interface SourceBucketArgs {
  readonly bucketName: string;
  /** Take the bucket as it is: it is read, never changed and never deleted, and what follows here is left to its owner. */
  readonly adopt: boolean;
  /** Days that an object is kept; 0 = for ever. */
  readonly retentionDays: number;
  /** Days that an overwritten or deleted object can be taken back; at least 1. */
  readonly noncurrentDays: number;
  /** Where S3 logs each request, an `AccessLogBucket`'s name; absent = nowhere. */
  readonly accessLogsBucketName?: pulumi.Input<string> | undefined;
  /** A KMS key of the bucket's region instead of S3's own key. */
  readonly kmsKeyArn?: pulumi.Input<string> | undefined;
  /** The bucket cannot be destroyed; without it, destroy takes the objects along. */
  readonly protect: boolean;
  readonly tags: pulumi.Input<Record<string, string>>;
}

/** The S3 bucket in which logs arrive, made here or taken over from someone else. */
export class SourceBucket extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;
  /** Known in the first preview, so that a reviewer sees whole policies. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: SourceBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super('logferry:aws:SourceBucket', name, {}, opts);
    this.name = args.adopt ? this.adopted(name, args) : this.made(name, args);
    this.arn = pulumi.output(bucketArn(args.bucketName));
    this.registerOutputs({ name: this.name, arn: this.arn });
  }

  /**
   * Under the name that it had if this stack made it: Pulumi then lets go of the bucket and leaves it as it is. Under another name it
   * would delete it.
   */
  private adopted(name: string, { bucketName }: SourceBucketArgs): pulumi.Output<string> {
    return aws.s3.Bucket.get(bucketResourceName(name, bucketName), bucketName, {}, { parent: this }).id;
  }

  private made(name: string, args: SourceBucketArgs): pulumi.Output<string> {
    const { bucketName, retentionDays, noncurrentDays, accessLogsBucketName } = args;
    const { bucket, policy } = privateBucket(
      name,
      {
        bucketName,
        keeping: { retentionDays, noncurrentDays },
        policy: sourceBucketPolicy(bucketName),
        kmsKeyArn: args.kmsKeyArn,
        protect: args.protect,
        tags: args.tags,
      },
      this,
    );
    if (accessLogsBucketName !== undefined)
      new aws.s3.BucketLogging(
        `${name}-logging`,
        {
          bucket: bucket.bucket,
          targetBucket: accessLogsBucketName,
          targetPrefix: ACCESS_LOG_PREFIX,
          // By day of the request: what Athena partitions by, and what an investigation asks for.
          targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: 'EventTime' } },
        },
        { parent: this, dependsOn: policy },
      );
    return bucket.bucket;
  }
}
