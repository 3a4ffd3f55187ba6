import type { Names } from '../../core/sql/names.ts';
import type { BigQueryLocation } from './bigquery-url.ts';

/** BigQuery's quoting: one pair of backticks around project, dataset and table (a project's name may hold dashes). */
export function bigqueryNames({ project, raw, temp, ops }: BigQueryLocation): Names {
  const within = (dataset: string) => (table: string) => `\`${project}.${dataset}.${table}\``;
  return { raw: within(raw), temp: within(temp), ops: within(ops), column: (name) => `\`${name}\`` };
}
