import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { labelValue } from '../../workloads/core/labels.ts';
import { controlTable } from '../../workloads/core/sql/names.ts';
import { CONTROL } from '../../workloads/core/sql/ops-tables.ts';
import type { TableSpec } from '../schema-guard/deployed.ts';
import { tableOptions } from './table-options.ts';
import { clusterings, tableSchemaJson, timePartitioning } from './table-schema.ts';

export interface TypeTableArgs {
  readonly project: pulumi.Input<string>;
  /** Dataset of the type's table. */
  readonly raw: pulumi.Input<string>;
  /** Dataset of its control table. */
  readonly ops: pulumi.Input<string>;
  readonly spec: TableSpec;
  /** The deployed table's partitions expire and the schema no longer says so. */
  readonly expirationEnds: boolean;
  /** Neither table can be destroyed. */
  readonly protect: boolean;
  /** Cloud KMS key of new tables; without it Google's own keys encrypt. */
  readonly kmsKey?: pulumi.Input<string> | undefined;
  readonly labels: pulumi.Input<Record<string, string>>;
}

/** What a log type has in BigQuery: its table, and the control table that its commits pass through one at a time. */
export class TypeTable extends pulumi.ComponentResource {
  /** `project.dataset.table` */
  readonly fullName: pulumi.Output<string>;

  constructor(name: string, args: TypeTableArgs, opts?: pulumi.ComponentResourceOptions) {
    super('logferry:gcp:TypeTable', name, {}, opts);
    const { logType, fields } = args.spec;
    const { description, partition } = logType;
    const clustering = clusterings(logType, fields);
    const common = commonInputs(args);
    const table = new gcp.bigquery.Table(
      `${name}-table`,
      {
        ...common,
        datasetId: args.raw,
        tableId: logType.table,
        ...(description === undefined ? {} : { description }),
        schema: tableSchemaJson(fields),
        timePartitioning: timePartitioning(logType, args.expirationEnds),
        // Here and not within timePartitioning, where the provider has it deprecated. Changed in place.
        requirePartitionFilter: partition.requireFilter,
        ...(clustering.length === 0 ? {} : { clusterings: clustering }),
      },
      tableOptions(this, args.protect),
    );
    new gcp.bigquery.Table(
      `${name}-control`,
      {
        ...common,
        datasetId: args.ops,
        tableId: controlTable(logType.table),
        description: `The fence of the commits of ${logType.table}: one row, seeded by the loader.`,
        schema: tableSchemaJson(CONTROL),
      },
      tableOptions(this, args.protect),
    );
    this.fullName = pulumi.interpolate`${table.project}.${table.datasetId}.${table.tableId}`;
    this.registerOutputs({ fullName: this.fullName });
  }
}

/**
 * The provider manages the labels that are listed here and no others, so that a preview never takes the loader's `last_folder_hour`
 * for a change. But its update puts the whole table with the labels of its last read: a column added without a refresh may set that
 * label back until the next load. It is a hint, never truth.
 */
function commonInputs({ spec, labels, ...args }: TypeTableArgs) {
  const own = { log_type: labelValue(spec.logType.type), lane: spec.logType.lane };
  return {
    project: args.project,
    labels: pulumi.output(labels).apply((given) => ({ ...given, ...own })),
    // The provider's own default is true, also where an environment is meant to be thrown away.
    deletionProtection: args.protect,
    ...(args.kmsKey === undefined ? {} : { encryptionConfiguration: { kmsKeyName: args.kmsKey } }),
  };
}
