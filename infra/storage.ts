import type * as pulumi from '@pulumi/pulumi';
import type { Config } from './config.ts';
import { RecordsBucket } from './gcp/records-bucket.ts';
import { StagingBucket } from './gcp/staging-bucket.ts';
import { labels } from './providers.ts';

/** The two buckets in Google Cloud, side by side: what expires, and what is kept as long as the tables. */
export function storageBuckets(
  config: Config,
  opts: pulumi.ComponentResourceOptions,
): { readonly staging: StagingBucket; readonly records: RecordsBucket } {
  const { project, staging, records } = config.gcp;
  const shared = {
    project,
    location: staging.location,
    kmsKey: staging.kmsKey,
    protect: config.production,
    labels: labels(config),
  };
  const { stagingBucket, recordsBucket } = config.names;
  return {
    staging: new StagingBucket(
      'staging',
      { ...shared, bucketName: stagingBucket, retentionDays: staging.retentionDays },
      opts,
    ),
    records: new RecordsBucket(
      'records',
      { ...shared, bucketName: recordsBucket, noncurrentDays: records.noncurrentDays },
      opts,
    ),
  };
}
