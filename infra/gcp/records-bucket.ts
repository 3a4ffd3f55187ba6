import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { closedBucket } from './closed-bucket.ts';

/** Seconds, Cloud Storage's own default and least: 7 days in which what somebody deleted can be brought back. */
const SOFT_DELETE_SECONDS = 604_800;

export interface RecordsBucketArgs {
  readonly project: pulumi.Input<string>;
  readonly bucketName: pulumi.Input<string>;
  /** A single region; another one makes the bucket anew. */
  readonly location: pulumi.Input<string>;
  /** Days that an overwritten or deleted object can still be brought back. */
  readonly noncurrentDays: number;
  /** The bucket cannot be destroyed; without it, destroy takes the objects along. */
  readonly protect: boolean;
  /** Cloud KMS key, in the bucket's location, that Cloud Storage's service agent may use. */
  readonly kmsKey?: pulumi.Input<string> | undefined;
  readonly labels: pulumi.Input<Record<string, string>>;
}

/**
 * Where manifests, quarantine and rejects are kept as long as the tables: an hour's manifest says which epoch counts, so that losing
 * it would let an older state pass for the current one. No object that is current ever expires.
 */
export class RecordsBucket extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;
  /** `gs://name`, as `--records` takes it. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: RecordsBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super('logferry:gcp:RecordsBucket', name, {}, opts);
    const bucket = new gcp.storage.Bucket(
      `${name}-bucket`,
      {
        ...closedBucket(args),
        versioning: { enabled: true },
        softDeletePolicy: { retentionDurationSeconds: SOFT_DELETE_SECONDS },
        lifecycleRules: [
          {
            action: { type: 'Delete' },
            condition: { daysSinceNoncurrentTime: args.noncurrentDays, withState: 'ARCHIVED' },
          },
        ],
      },
      { parent: this, protect: args.protect },
    );
    this.name = bucket.name;
    this.url = pulumi.interpolate`gs://${bucket.name}`;
    this.registerOutputs({ name: this.name, url: this.url });
  }
}
