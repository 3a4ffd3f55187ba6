import type * as pulumi from '@pulumi/pulumi';
import type { Config } from './config.ts';
import type { RecordsBucket } from './gcp/records-bucket.ts';
import type { StagingBucket } from './gcp/staging-bucket.ts';
import type { Warehouse } from './gcp/warehouse.ts';
import {
  classifierEnvironment,
  loaderEnvironment,
  sourceUrl,
  warehouseUrl,
  type Environment,
  type RoadSettings,
} from './k8s/workload-settings.ts';
import type { Workload } from './names.ts';

/** The places that the workloads carry rows between. */
export interface Places {
  readonly source: { readonly name: pulumi.Input<string> };
  readonly staging: StagingBucket;
  readonly records: RecordsBucket;
  readonly warehouse: Warehouse;
}

/** What each workload is told, by environment variable: the same settings that the command line takes. */
export function environments(
  config: Config,
  { source, staging, records, warehouse }: Places,
): Readonly<Record<Workload, Environment>> {
  const { scratch, ...settings } = config.workloads;
  const road: RoadSettings = {
    ...settings,
    staging: staging.url,
    records: records.url,
    scratchBytes: scratch.bytes,
  };
  const { project, warehouse: there } = config.gcp;
  return {
    classifier: classifierEnvironment(road, {
      ...settings,
      source: sourceUrl(source.name, config.aws.source.prefix),
    }),
    loader: loaderEnvironment(road, {
      warehouse: warehouseUrl({ project, location: there.location, ...warehouse.datasets }),
      onMisfit: settings.onMisfit,
    }),
  };
}
