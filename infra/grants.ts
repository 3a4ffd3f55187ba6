import type * as pulumi from '@pulumi/pulumi';
import type { Config } from './config.ts';
import type { Places } from './environments.ts';
import type { WorkloadAccount } from './gcp/workload-account.ts';
import { WorkloadGrants } from './gcp/workload-grants.ts';
import type { Workload } from './names.ts';

/** What each workload may do in Google Cloud; the list itself is gcp/grants.ts. */
export function grantAccess(
  config: Config,
  { staging, records, warehouse }: Places,
  { classifier, loader }: Readonly<Record<Workload, WorkloadAccount>>,
  opts: pulumi.ComponentResourceOptions,
): WorkloadGrants {
  return new WorkloadGrants(
    'grants',
    {
      project: config.gcp.project,
      roleId: (purpose) => config.names.customRole(purpose),
      members: { classifier: classifier.member, loader: loader.member },
      staging: staging.name,
      records: records.name,
      datasets: warehouse.datasets,
    },
    opts,
  );
}
