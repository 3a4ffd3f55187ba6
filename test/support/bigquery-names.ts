import { loadedFields, tableFields, type Field, type LogType } from '../../workloads/core/schema/log-type.ts';
import { controlTable, type Names } from '../../workloads/core/sql/names.ts';
import { CONTROL, OPS_TABLES, REJECTS_INDEX } from '../../workloads/core/sql/ops-tables.ts';

const full = (dataset: string) => (table: string) => `\`my-project.${dataset}.${table}\``;

/** Names as BigQuery wants them: one pair of backticks around project, dataset and table. */
export const bigqueryNames: Names = {
  raw: full('raw'),
  temp: full('load_temp'),
  ops: full('ops'),
  column: (name) => `\`${name}\``,
};

/** Tables by the name that statements use for them. */
export type Tables = ReadonlyMap<string, readonly Field[]>;

/** The ops dataset. */
export function opsTables(): Map<string, readonly Field[]> {
  return new Map(Object.entries(OPS_TABLES).map(([table, fields]) => [bigqueryNames.ops(table), fields]));
}

/** Every table that a commit of this type touches, made from the very field lists that the product makes them from. */
export function tablesOf(logType: LogType, temps: readonly string[], rejectsTemp: string | null): Tables {
  const tables = opsTables();
  tables.set(bigqueryNames.ops(controlTable(logType.table)), CONTROL);
  tables.set(bigqueryNames.raw(logType.table), tableFields(logType));
  for (const temp of temps) tables.set(bigqueryNames.temp(temp), loadedFields(logType));
  if (rejectsTemp !== null) tables.set(bigqueryNames.temp(rejectsTemp), REJECTS_INDEX);
  return tables;
}
