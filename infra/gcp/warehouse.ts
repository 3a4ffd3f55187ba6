import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { TableSpec } from '../schema-guard/deployed.ts';
import { bigqueryNames, type DatasetIds } from './bigquery-names.ts';
import { opsTables } from './ops-tables.ts';
import { TypeTable } from './type-table.ts';

const HOUR_MS = 3_600_000;

export interface WarehouseArgs {
  readonly project: string;
  /** A BigQuery location, such as `US`; the datasets are made anew, empty, for another one. */
  readonly location: pulumi.Input<string>;
  readonly datasetIds: DatasetIds;
  /** Hours after which a TEMP table that a killed run left behind is deleted; BigQuery: at least 1. */
  readonly tempExpirationHours: number;
  readonly types: readonly TableSpec[];
  /** Tables whose deployed partitions expire and whose schema no longer says so (schema-guard's `expirationEnds`). */
  readonly expirationEnds?: readonly string[];
  /** Nothing that holds data can be destroyed; without it, destroy takes the rows along. */
  readonly protect: boolean;
  /** Cloud KMS key, in the warehouse's location, that BigQuery's service agent may use. */
  readonly kmsKey?: pulumi.Input<string> | undefined;
  readonly labels: pulumi.Input<Record<string, string>>;
}

/** BigQuery as the loader and the analysts find it: three datasets, a table and a control table a type, ledgers and views. */
export class Warehouse extends pulumi.ComponentResource {
  /** The ids, known only once the datasets are there. */
  readonly datasets: Readonly<Record<keyof DatasetIds, pulumi.Output<string>>>;
  /** `project.dataset.table` by the value of the type key. */
  readonly tables: pulumi.Output<Record<string, string>>;
  /** `project.dataset.view`; readable only once all its tables are there. */
  readonly countView: pulumi.Output<string>;
  /** `project.dataset.view` */
  readonly rejectsView: pulumi.Output<string>;

  constructor(name: string, args: WarehouseArgs, opts?: pulumi.ComponentResourceOptions) {
    super('logferry:gcp:Warehouse', name, {}, opts);
    const { project, datasetIds, types, protect, kmsKey, labels } = args;
    const datasets = makeDatasets(name, args, this);
    this.datasets = datasets;
    const { raw, ops } = datasets;
    const common = { project, ops, protect, kmsKey, labels };
    const tables = Object.fromEntries(
      types.map((spec) => {
        const { table, type } = spec.logType;
        const expirationEnds = args.expirationEnds?.includes(table) ?? false;
        const made = new TypeTable(
          `${name}-${table}`,
          { ...common, raw, spec, expirationEnds },
          { parent: this },
        );
        return [type, made.fullName];
      }),
    );
    this.tables = pulumi.all(tables);
    const names = bigqueryNames(project, datasetIds);
    const views = opsTables(name, { ...common, names }, this);
    this.countView = fullName(views.get('counts')!);
    this.rejectsView = fullName(views.get('rejects')!);
    const { countView, rejectsView } = this;
    this.registerOutputs({ datasets, tables: this.tables, countView, rejectsView });
  }
}

function fullName({ project, datasetId, tableId }: gcp.bigquery.Table): pulumi.Output<string> {
  return pulumi.interpolate`${project}.${datasetId}.${tableId}`;
}

/** Hours of time travel (BigQuery: 48 to 168): the most where a mistaken DELETE must be undone, the least for what is thrown away. */
const TIME_TRAVEL = { kept: '168', thrownAway: '48' };

function makeDatasets(name: string, args: WarehouseArgs, parent: pulumi.Resource): Warehouse['datasets'] {
  const { project, location, datasetIds, labels, kmsKey, protect, tempExpirationHours } = args;
  const common = {
    project,
    location,
    labels,
    ...(kmsKey === undefined ? {} : { defaultEncryptionConfiguration: { kmsKeyName: kmsKey } }),
  };
  // Who gets at a dataset is not listed here: such a list is the whole truth to the provider and would take the loader's grant away.
  const kept = { ...common, maxTimeTravelHours: TIME_TRAVEL.kept, deleteContentsOnDestroy: !protect };
  const raw = new gcp.bigquery.Dataset(
    `${name}-raw`,
    {
      ...kept,
      datasetId: datasetIds.raw,
      description: 'Logs, one table a log type. Written by logferry alone.',
    },
    { parent, protect },
  );
  const loadTemp = new gcp.bigquery.Dataset(
    `${name}-load-temp`,
    {
      ...common,
      datasetId: datasetIds.loadTemp,
      description: 'Tables that load jobs fill and commits read; each expires by itself.',
      defaultTableExpirationMs: tempExpirationHours * HOUR_MS,
      maxTimeTravelHours: TIME_TRAVEL.thrownAway,
      // What is left in it is a killed run's, in every environment.
      deleteContentsOnDestroy: true,
    },
    { parent },
  );
  const ops = new gcp.bigquery.Dataset(
    `${name}-ops`,
    {
      ...kept,
      datasetId: datasetIds.ops,
      description: 'Load ledger, control tables, rejects, and the views over them.',
    },
    { parent, protect },
  );
  return { raw: raw.datasetId, loadTemp: loadTemp.datasetId, ops: ops.datasetId };
}
