import type { Names } from '../../workloads/core/sql/names.ts';

/** Ids of the three datasets, without the project. */
export interface DatasetIds {
  readonly raw: string;
  readonly loadTemp: string;
  readonly ops: string;
}

/** BigQuery's quoting: one pair of backticks around project, dataset and table (a project's name may hold dashes). */
export function bigqueryNames(project: string, datasets: DatasetIds): Names {
  const within = (dataset: string) => (table: string) => `\`${project}.${dataset}.${table}\``;
  return {
    raw: within(datasets.raw),
    temp: within(datasets.loadTemp),
    ops: within(datasets.ops),
    column: (name) => `\`${name}\``,
  };
}
