import type * as pulumi from '@pulumi/pulumi';
import type { Config } from './config.ts';
import { Warehouse } from './gcp/warehouse.ts';
import { labels } from './providers.ts';
import { expirationEnds, type DeployedSchemas, type TableSpec } from './schema-guard/deployed.ts';

/** BigQuery: the datasets, and in them what the schemas and the ops SQL of the workloads describe. */
export function warehouseOf(
  config: Config,
  types: readonly TableSpec[],
  deployed: DeployedSchemas | undefined,
  opts: pulumi.ComponentResourceOptions,
): Warehouse {
  const { project, warehouse } = config.gcp;
  const { dataset } = config.names;
  return new Warehouse(
    'warehouse',
    {
      project,
      location: warehouse.location,
      datasetIds: { raw: dataset('raw'), loadTemp: dataset('load_temp'), ops: dataset('ops') },
      tempExpirationHours: warehouse.tempExpirationHours,
      types,
      expirationEnds: expirationEnds(deployed, types),
      protect: config.production,
      kmsKey: warehouse.kmsKey,
      labels: labels(config),
    },
    opts,
  );
}
