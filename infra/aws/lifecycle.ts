import type * as aws from '@pulumi/aws';

/** Days after which S3 drops the parts of an upload that never ended; nothing shows them, and they are paid for. */
const UNFINISHED_UPLOAD_DAYS = 7;

/** How long a bucket keeps what, in whole days. */
export interface Keeping {
  /** Of an object since it was written; 0 = for ever. */
  readonly retentionDays: number;
  /** Of a version since it was overwritten or deleted: the time to notice and take it back. At least 1 (S3). */
  readonly noncurrentDays: number;
}

/**
 * The lifecycle of a versioned bucket, all of it. An object that expires becomes a noncurrent version first, so its bytes go
 * `retentionDays + noncurrentDays` after they came; then the marker that is left goes too.
 */
export function lifecycleRules({
  retentionDays,
  noncurrentDays,
}: Keeping): aws.types.input.s3.BucketLifecycleConfigurationRule[] {
  const tidy = {
    id: 'tidy',
    status: 'Enabled',
    filter: {},
    abortIncompleteMultipartUpload: { daysAfterInitiation: UNFINISHED_UPLOAD_DAYS },
    noncurrentVersionExpiration: { noncurrentDays },
    // S3 takes this and `days` only in two rules.
    expiration: { expiredObjectDeleteMarker: true },
  };
  if (retentionDays === 0) return [tidy];
  return [{ id: 'expire', status: 'Enabled', filter: {}, expiration: { days: retentionDays } }, tidy];
}
