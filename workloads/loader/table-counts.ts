import type { FolderHour } from '../core/hour.ts';
import { labelValue } from '../core/labels.ts';
import type { Row, WarehouseSession } from '../core/ports/warehouse.ts';
import { tableCounts, type HourRange } from '../core/sql/queries.ts';

/**
 * Tables that are counted by one query. BigQuery: "Maximum number of tables referenced per query: 1,000", and as many subqueries as
 * this are planned in no time.
 */
const TABLES_A_QUERY = 100;
/** Looks at tables that are under way at once: each is a round trip of tens of milliseconds to a service. */
const LOOKS_AT_ONCE = 10;

/** Rows by hour; an hour that is not there has none. */
export type HourCounts = ReadonlyMap<FolderHour, number>;

/** Rows of some hours that each table holds; a table that is not there holds none. */
export async function countRows(
  session: WarehouseSession,
  hours: HourRange,
  tables: readonly string[],
): Promise<ReadonlyMap<string, HourCounts>> {
  const counts = new Map(tables.map((table) => [table, new Map<FolderHour, number>()]));
  const there: string[] = [];
  for (const some of pieces(tables, LOOKS_AT_ONCE)) {
    const found = await Promise.all(some.map((table) => session.hasTable(table)));
    there.push(...some.filter((_, index) => found[index]));
  }
  for (const some of pieces(there, TABLES_A_QUERY))
    for (const { position, folder_hour: hour, row_count: count } of await countTogether(session, hours, some))
      counts.get(some[Number(position)]!)!.set(String(hour).slice(0, 13) as FolderHour, Number(count));
  return counts;
}

function countTogether(
  session: WarehouseSession,
  hours: HourRange,
  tables: readonly string[],
): Promise<Row[]> {
  const each = tables.map((table) => tableCounts(session.names, table, hours));
  return session.query({
    sql: each
      .map(({ sql }, index) => `SELECT ${index} AS position, folder_hour, row_count FROM (${sql}) AS counted`)
      .join('\nUNION ALL\n'),
    params: each[0]!.params,
    labels: rangeLabels(hours),
  });
}

/** Labels of a job that is about several hours. */
export function rangeLabels({ first, last }: HourRange): Readonly<Record<string, string>> {
  return { folder_hour: labelValue(first), ...(first === last ? {} : { last_hour: labelValue(last) }) };
}

function pieces<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
