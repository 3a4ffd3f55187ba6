import * as pulumi from '@pulumi/pulumi';
import { accessLogBucketPolicy } from './policies.ts';
import { privateBucket } from './private-bucket.ts';

/** What S3 puts before the key of each access log; the bucket's policy lets it write nowhere else. */
export const ACCESS_LOG_PREFIX = 's3-access/';

/** Days. PCI DSS 4.0, 10.5.1: audit logs are kept at least twelve months. */
const RETENTION_DAYS = 365;

/** Days in which a deleted log can be taken back. */
const NONCURRENT_DAYS = 30;

export interface AccessLogBucketArgs {
  readonly bucketName: string;
  /** The only bucket whose access logs may come in; of the same region and account (S3). */
  readonly sourceBucketName: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** The bucket cannot be destroyed; without it, destroy takes the logs along. */
  readonly protect: boolean;
  readonly tags: pulumi.Input<Record<string, string>>;
}

/**
 * Where S3 writes down who asked the source bucket for what. Encrypted with S3's own key, for S3 delivers to no other, and not
 * logged itself: each log would be an access that makes the next.
 */
export class AccessLogBucket extends pulumi.ComponentResource {
  /** Known once S3 may write: it refuses to log to a bucket that does not let it. */
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: AccessLogBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super('logferry:aws:AccessLogBucket', name, {}, opts);
    const { bucketName, sourceBucketName, accountId, protect, tags } = args;
    const { policy } = privateBucket(
      name,
      {
        bucketName,
        keeping: { retentionDays: RETENTION_DAYS, noncurrentDays: NONCURRENT_DAYS },
        policy: accessLogBucketPolicy({ bucketName, sourceBucketName, accountId, prefix: ACCESS_LOG_PREFIX }),
        protect,
        tags,
      },
      this,
    );
    this.name = policy.bucket;
    this.registerOutputs({ name: this.name });
  }
}
