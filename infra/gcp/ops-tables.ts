import * as gcp from '@pulumi/gcp';
import type * as pulumi from '@pulumi/pulumi';
import { OPS_TABLES } from '../../workloads/core/sql/ops-tables.ts';
import type { Names } from '../../workloads/core/sql/names.ts';
import { OPS_VIEWS } from '../../workloads/core/sql/views.ts';
import { tableOptions } from './table-options.ts';
import { tableSchemaJson } from './table-schema.ts';

export interface OpsTablesArgs {
  readonly project: pulumi.Input<string>;
  /** The dataset. */
  readonly ops: pulumi.Input<string>;
  /** The datasets' names as the views spell them. */
  readonly names: Names;
  readonly protect: boolean;
  readonly kmsKey?: pulumi.Input<string> | undefined;
  readonly labels: pulumi.Input<Record<string, string>>;
}

interface Layout {
  readonly description: string;
  readonly timePartitioning?: gcp.types.input.bigquery.TableTimePartitioning;
  readonly clusterings?: string[];
}

/**
 * Every commit asks the ledger for one hour of one type some four times. With 1,000 types the ledger grows by 8.8 million rows a year
 * (some 3.5 GB), and 24,000 commits a day would scan all of it each time; in a day's partition they scan BigQuery's least charge of
 * 10 MB. A day, not an hour: 10,000 partitions a table are 27 years of days and 416 days of hours. No filter is required: the views
 * read everything. DML does not count towards BigQuery's 30,000 partition modifications a day.
 */
const BY_FOLDER_DAY: Pick<Layout, 'timePartitioning' | 'clusterings'> = {
  timePartitioning: { type: 'DAY', field: 'folder_hour' },
  clusterings: ['log_type'],
};

/** How the shared ops tables lie. The hour ledger gets 8,760 rows a year, less than the least that a query is charged for. */
const LAYOUTS: Readonly<Record<string, Layout>> = {
  ledger: {
    description: 'One row for each (log type, folder hour, epoch, revision) that committed. Append-only.',
    ...BY_FOLDER_DAY,
  },
  hour_ledger: { description: 'What each classified hour held as a whole. Append-only.' },
  all_rejects: {
    description:
      'Rows that broke their schema, of all loads; the view rejects shows the current ones. Append-only.',
    ...BY_FOLDER_DAY,
  },
};

const VIEW_DESCRIPTIONS: Readonly<Record<string, string>> = {
  counts: 'Rows, rejects and quarantined lines of each type and folder hour, as the tables are now.',
  rejects: 'Rows that broke their schema, of what is loaded now.',
};

/** Ledgers, rejects and the views over them, of the very field lists and SQL that the workloads use. @returns The views by name. */
export function opsTables(
  name: string,
  args: OpsTablesArgs,
  parent: pulumi.Resource,
): ReadonlyMap<string, gcp.bigquery.Table> {
  const { project, ops, names, protect, kmsKey, labels } = args;
  const common = { project, datasetId: ops, labels, deletionProtection: protect };
  const tables = Object.entries(OPS_TABLES).map(
    ([table, fields]) =>
      new gcp.bigquery.Table(
        resourceName(name, table),
        {
          ...common,
          tableId: table,
          ...LAYOUTS[table],
          schema: tableSchemaJson(fields),
          ...(kmsKey === undefined ? {} : { encryptionConfiguration: { kmsKeyName: kmsKey } }),
        },
        tableOptions(parent, protect),
      ),
  );
  // BigQuery checks a view's query when it is made. A view gets no schema: BigQuery derives one, and a given one never matches its modes.
  const views = Object.entries(OPS_VIEWS).map(([view, sql]) => {
    const query = sql(names);
    const inputs = { ...common, tableId: view, description: VIEW_DESCRIPTIONS[view] ?? view };
    const resource = new gcp.bigquery.Table(
      resourceName(name, view),
      { ...inputs, view: { query, useLegacySql: false } },
      { parent, protect, dependsOn: tables },
    );
    return [view, resource] as const;
  });
  return new Map(views);
}

function resourceName(name: string, table: string): string {
  return `${name}-${table.replaceAll('_', '-')}`;
}
