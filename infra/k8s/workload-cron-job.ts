import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { cronJobSpec, type CronJobArgs } from './cron-job-spec.ts';

export interface WorkloadCronJobArgs extends CronJobArgs {
  readonly namespace: pulumi.Input<string>;
}

/** One CronJob of the road, every hour. */
export class WorkloadCronJob extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: WorkloadCronJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super('logferry:k8s:WorkloadCronJob', name, {}, opts);
    const { cronJobName, namespace, labels } = args;
    this.name = new k8s.batch.v1.CronJob(
      `${name}-cron-job`,
      { metadata: { name: cronJobName, namespace, labels: { ...labels } }, spec: cronJobSpec(args) },
      { parent: this },
    ).metadata.name;
    this.registerOutputs({ name: this.name });
  }
}
