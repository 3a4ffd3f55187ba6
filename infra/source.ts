import type * as pulumi from '@pulumi/pulumi';
import { AccessLogBucket } from './aws/access-log-bucket.ts';
import { SourceBucket } from './aws/source-bucket.ts';
import type { Config } from './config.ts';
import { labels } from './providers.ts';

/** The source bucket, and the bucket of its access logs where they are switched on. */
export function sourceBucket(config: Config, opts: pulumi.ComponentResourceOptions): SourceBucket {
  const { source, accountId } = config.aws;
  const shared = { protect: config.production, tags: labels(config) };
  const logs = source.accessLogs
    ? new AccessLogBucket(
        'source-logs',
        {
          ...shared,
          bucketName: config.names.sourceLogsBucket,
          sourceBucketName: source.bucket,
          accountId,
        },
        opts,
      )
    : undefined;
  return new SourceBucket(
    'source',
    {
      ...shared,
      bucketName: source.bucket,
      adopt: source.adopt,
      retentionDays: source.retentionDays,
      noncurrentDays: source.noncurrentDays,
      accessLogsBucketName: logs?.name,
      kmsKeyArn: source.kmsKeyArn,
    },
    opts,
  );
}
