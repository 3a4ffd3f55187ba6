import type { storage } from '@pulumi/gcp';
import type * as pulumi from '@pulumi/pulumi';

/** What both buckets have in common. */
export interface ClosedBucketArgs {
  readonly project: pulumi.Input<string>;
  readonly bucketName: pulumi.Input<string>;
  readonly location: pulumi.Input<string>;
  readonly protect: boolean;
  readonly kmsKey?: pulumi.Input<string> | undefined;
  readonly labels: pulumi.Input<Record<string, string>>;
}

/** A bucket that IAM alone opens, and to nobody in public. Uniform access is also what grants with a condition need. */
export function closedBucket(args: ClosedBucketArgs): storage.BucketArgs {
  return {
    project: args.project,
    name: args.bucketName,
    location: args.location,
    storageClass: 'STANDARD',
    uniformBucketLevelAccess: true,
    publicAccessPrevention: 'enforced',
    forceDestroy: !args.protect,
    labels: args.labels,
    ...(args.kmsKey === undefined ? {} : { encryption: { defaultKmsKeyName: args.kmsKey } }),
  };
}
