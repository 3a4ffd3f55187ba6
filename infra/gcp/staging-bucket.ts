import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { closedBucket } from './closed-bucket.ts';

export interface StagingBucketArgs {
  readonly project: pulumi.Input<string>;
  readonly bucketName: pulumi.Input<string>;
  /** A single region, near the source; another one makes the bucket anew. */
  readonly location: pulumi.Input<string>;
  /** Days that rows lie there; replays and reloads work as long. */
  readonly retentionDays: number;
  /** The bucket cannot be destroyed; without it, destroy takes the objects along. */
  readonly protect: boolean;
  /** Cloud KMS key, in the bucket's location, that Cloud Storage's service agent may use. */
  readonly kmsKey?: pulumi.Input<string> | undefined;
  readonly labels: pulumi.Input<Record<string, string>>;
}

/** Where rows lie by type between classifier and loader. Everything in it can be made again from the source, so it just expires. */
export class StagingBucket extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;
  /** `gs://name`, as `--staging` takes it. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: StagingBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super('logferry:gcp:StagingBucket', name, {}, opts);
    const bucket = new gcp.storage.Bucket(
      `${name}-bucket`,
      {
        ...closedBucket(args),
        // Objects are never written twice: a version or a grace period would only be paid for after the rows expired.
        versioning: { enabled: false },
        softDeletePolicy: { retentionDurationSeconds: 0 },
        lifecycleRules: [{ action: { type: 'Delete' }, condition: { age: args.retentionDays } }],
      },
      { parent: this, protect: args.protect },
    );
    this.name = bucket.name;
    this.url = pulumi.interpolate`gs://${bucket.name}`;
    this.registerOutputs({ name: this.name, url: this.url });
  }
}
