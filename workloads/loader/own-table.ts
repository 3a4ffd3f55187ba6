import { TerminalError } from '../core/errors.ts';
import type { Statement, WarehouseSession } from '../core/ports/warehouse.ts';
import { controlTable } from '../core/sql/names.ts';
import { controlOwner } from '../core/sql/queries.ts';
import { jobLabels } from './job-labels.ts';
import type { TypeWork } from './type-work.ts';

/**
 * A table belongs to one type for good: rows are replaced by table and counted by type.
 * @throws TerminalError where the table's control row names another type.
 */
export async function assertOwnTable(session: WarehouseSession, work: TypeWork): Promise<void> {
  const { manifest, entry } = work;
  await session.prepareControl(entry.type, entry.table);
  const statement = { ...controlOwner(session.names, entry.table), labels: jobLabels(work) };
  const [owner] = await session.query(statement);
  if (owner?.log_type === entry.type) return;
  const belongs = `table ${entry.table} belongs to the type "${owner?.log_type ?? ''}"`;
  throw new TerminalError(`${entry.type} ${manifest.hour}: ${belongs}: not loaded`, {
    advice:
      'A new value of the type key needs a schema file of its own; keep a file’s name and its type together.',
    context: { hour: manifest.hour, type: entry.type },
  });
}

/**
 * Whether a type is gone from the warehouse: its schema file was removed, and "pulumi up" took its table and its fence away. There
 * are no rows to replace and nobody can bring any, so its hours end in the ledger without a fence.
 * @throws TerminalError where its rows are still there and only the fence is gone: nothing may touch them unfenced.
 */
export async function isGone(
  session: WarehouseSession,
  { manifest, entry, logType }: TypeWork,
): Promise<boolean> {
  if (logType !== undefined || (await session.hasControl(entry.table))) return false;
  if (!(await session.hasTable(entry.table))) return true;
  const { hour } = manifest;
  throw new TerminalError(
    `${entry.type} ${hour}: the type has no schema any more: expected the control table of ${entry.table} beside the table, found none`,
    {
      advice: `Put schemas/${entry.table}.json back and run "pulumi up", which makes the control table; or drop the table ${entry.table}, too.`,
      context: { hour, type: entry.type },
    },
  );
}

/** A commit's statements without those on the fence: what stays is the look at the ledger, and its row. */
export function withoutFence(
  { names }: Pick<WarehouseSession, 'names'>,
  table: string,
  statements: readonly Statement[],
): readonly Statement[] {
  const fence = names.ops(controlTable(table));
  return statements.filter(({ sql }) => !sql.includes(fence));
}
