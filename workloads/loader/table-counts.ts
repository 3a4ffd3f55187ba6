import { InterruptedError } from '../core/errors.ts';
import { labelValue } from '../core/labels.ts';
import type { Manifest } from '../core/manifest.ts';
import type { Row, WarehouseSession } from '../core/ports/warehouse.ts';
import { tableCount } from '../core/sql/queries.ts';

/**
 * Tables that are counted by one query. BigQuery: "Maximum number of tables referenced per query: 1,000", and as many subqueries as
 * this are planned in no time.
 */
const TABLES_A_QUERY = 100;
/** Looks at tables that are under way at once: each is a round trip of tens of milliseconds to a service. */
const LOOKS_AT_ONCE = 10;

/** Rows of a manifest's hour that each table holds; a table that is not there holds none. */
export async function countRows(
  session: WarehouseSession,
  manifest: Pick<Manifest, 'hour' | 'epoch'>,
  tables: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const there: string[] = [];
  for (const some of pieces(tables, LOOKS_AT_ONCE)) {
    const found = await Promise.all(some.map((table) => session.hasTable(table)));
    some.forEach((table, index) => (found[index] === true ? there.push(table) : counts.set(table, 0)));
  }
  for (const some of pieces(there, TABLES_A_QUERY))
    for (const { position, row_count: count } of await countTogether(session, manifest, some))
      counts.set(some[Number(position)]!, Number(count));
  return counts;
}

/**
 * The same for a whole hour, so that hours with nothing to do cost a query and not one for each of their types. Where it fails
 * nothing is known: the types are then asked for one by one, and each tells its own error.
 */
export async function countHour(
  session: WarehouseSession,
  manifest: Manifest,
  tables: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  try {
    return await countRows(session, manifest, tables);
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    return new Map();
  }
}

function countTogether(
  session: WarehouseSession,
  { hour, epoch }: Pick<Manifest, 'hour' | 'epoch'>,
  tables: readonly string[],
): Promise<Row[]> {
  const each = tables.map((table) => tableCount(session.names, table, hour));
  return session.query({
    sql: each
      .map(({ sql }, index) => `SELECT ${index} AS position, (${sql}) AS row_count`)
      .join('\nUNION ALL\n'),
    params: each[0]!.params,
    labels: { folder_hour: labelValue(hour), epoch: String(epoch) },
  });
}

function pieces<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
