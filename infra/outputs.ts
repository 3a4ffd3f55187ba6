import * as pulumi from '@pulumi/pulumi';
import type { SourceBucket } from './aws/source-bucket.ts';
import type { WorkloadRole } from './aws/workload-role.ts';
import type { Config } from './config.ts';
import { transferEstimate, type TransferEstimate } from './cost.ts';
import type { Places } from './environments.ts';
import type { WorkloadAccount } from './gcp/workload-account.ts';
import type { SchemaGeneration } from './k8s/schema-generations.ts';
import { sourceUrl } from './k8s/workload-settings.ts';
import { lookerStudioUrl } from './looker-studio.ts';
import type { Workload } from './names.ts';
import type { DeployedSchemas } from './schema-guard/deployed.ts';
import type { workloads } from './workloads.ts';

/** A bucket as other programs and people need it. */
export interface BucketOutput {
  readonly name: string;
  /** `s3://name/prefix` or `gs://name`, as `--source`, `--staging` and `--records` take it. */
  readonly url: string;
}

/**
 * What a stack gives to others; read it with a StackReference (examples/consumer does). Names and meanings stay; what is added comes
 * at the end.
 */
export interface StackOutputs {
  /** For analysts and marts: the table of each log type, `project.dataset.table`, by the value of the type key. */
  readonly tables: Readonly<Record<string, string>>;
  /** For dashboards: rows, rejects and quarantined lines of each type and hour, `project.dataset.view`. */
  readonly countView: string;
  /** For data engineers: the rows that broke their schema, with field, expected and found. */
  readonly rejectsView: string;
  /** For access grants: ids of the datasets. */
  readonly datasets: { readonly raw: string; readonly loadTemp: string; readonly ops: string };
  /** For jobs that query: BigQuery runs a query where its tables are. */
  readonly warehouseLocation: string;
  /** For producers: where logs are put, `YYYY/MM/DD/HH/` folders below the URL. */
  readonly sourceBucket: BucketOutput & { readonly arn: string; readonly region: string };
  /** For replays from a laptop: rows by type until they expire. */
  readonly stagingBucket: BucketOutput;
  /** For auditors: manifests, quarantine and rejects. */
  readonly recordsBucket: BucketOutput;
  /** For bucket and key policies elsewhere: the AWS role of each workload that has one. */
  readonly roles: { readonly classifier: string };
  /** For grants elsewhere: the Google service account of each workload, by email. */
  readonly serviceAccounts: { readonly classifier: string; readonly loader: string };
  /** For operators: where the CronJobs are. */
  readonly namespace: string;
  /** For operators: `kubectl create job --from=cronjob/<name>` starts one by hand. */
  readonly cronJobs: readonly string[];
  /** For people: opens a new report wired to the count view. */
  readonly lookerStudioUrl: string;
  /** For whoever pays: what carrying the configured volume out of Seoul costs a month; null where no volume is configured. */
  readonly transferEstimate: TransferEstimate | null;
  /** For the next run of this program: the tables as they are, so that it can refuse to break them. */
  readonly deployedSchemas: DeployedSchemas;
  /** For the next run of this program: the schema files that running Jobs may still mount. */
  readonly schemaGenerations: readonly SchemaGeneration[];
}

/** A value, or an object of values, that may not be known yet. */
type Pending<T> =
  pulumi.Input<T> | (T extends object ? { readonly [Key in keyof T]: pulumi.Input<T[Key]> } : never);

/** The same while the program runs: each may not be known yet. */
export type ProgramOutputs = { readonly [Name in keyof StackOutputs]: Pending<StackOutputs[Name]> };

/** What the program made, and what it leaves for its next run. */
export interface Made extends Places {
  readonly config: Config;
  readonly source: SourceBucket;
  readonly role: WorkloadRole;
  readonly accounts: Readonly<Record<Workload, WorkloadAccount>>;
  readonly running: ReturnType<typeof workloads>;
  readonly deployed: DeployedSchemas;
  readonly generations: readonly SchemaGeneration[];
}

/** The stack's outputs out of what was made. */
export function programOutputs(made: Made): ProgramOutputs {
  const { config, source, staging, records, warehouse, accounts, running } = made;
  return {
    tables: pulumi.all(warehouse.tables),
    countView: warehouse.countView,
    rejectsView: warehouse.rejectsView,
    datasets: warehouse.datasets,
    warehouseLocation: config.gcp.warehouse.location,
    sourceBucket: {
      name: source.name,
      url: sourceUrl(source.name, config.aws.source.prefix),
      arn: source.arn,
      region: config.aws.region,
    },
    stagingBucket: { name: staging.name, url: staging.url },
    recordsBucket: { name: records.name, url: records.url },
    roles: { classifier: made.role.arn },
    serviceAccounts: { classifier: accounts.classifier.email, loader: accounts.loader.email },
    namespace: running.namespace,
    cronJobs: pulumi.all([...running.cronJobs]),
    lookerStudioUrl: lookerStudioUrl({
      project: config.gcp.project,
      dataset: config.names.dataset('ops'),
      table: 'counts',
      title: `logferry ${config.environment}: counts`,
    }),
    transferEstimate: transferEstimate(config),
    deployedSchemas: made.deployed,
    schemaGenerations: made.generations,
  };
}
