import { messageOf } from '../core/errors.ts';
import type { WarehouseSession } from '../core/ports/warehouse.ts';
import { commitStatements } from '../core/sql/commit.ts';
import type { LoaderContext } from './context.ts';
import type { Decision } from './decide.ts';
import { ledgerEntry } from './ledger-entry.ts';
import type { TypeWork } from './type-work.ts';

/** What bringing one type of an hour into the warehouse would cost where reading is billed. */
export interface LoadCost {
  readonly type: string;
  /** Bytes as stored that load jobs would read: free of charge, but they count towards the quotas. */
  readonly loadBytes: number;
  /** Bytes that the commit would read and bill, about; undefined where the warehouse would not say. */
  readonly commitBytes: number | undefined;
}

/**
 * Costs of the types that something would be done for; empty where the warehouse bills nothing. The statements on tables that are
 * there are estimated by the warehouse itself, a delete by its partition included. TEMP tables are not there yet: what is read from
 * them is taken as the bytes of the rows' text.
 */
export async function estimateLoad(
  context: LoaderContext,
  session: WarehouseSession,
  works: readonly { readonly work: TypeWork; readonly decision: Decision }[],
): Promise<LoadCost[]> {
  const costs: LoadCost[] = [];
  for (const { work, decision } of works) {
    const { action } = decision;
    if (action === 'none' || action === 'refuse') continue;
    const { type } = work.entry;
    const objects = action === 'load' ? work.entry.objects : [];
    const loadBytes = objects.reduce((sum, { size }) => sum + size, 0);
    const tempBytes = objects.reduce((sum, { bytes }) => sum + bytes, 0);
    try {
      const known = await estimateCommit(context, session, work, decision);
      if (known === undefined) return [];
      costs.push({ type, loadBytes, commitBytes: known + tempBytes });
    } catch (error) {
      // The plan is told all the same; a table that is not there yet is what the load itself will say.
      const { hour } = work.manifest;
      context.logger.log(
        'NOTICE',
        `${type} ${hour}: the cost of its commit is not known: ${messageOf(error)}`,
        {
          hour,
          type,
        },
      );
      costs.push({ type, loadBytes, commitBytes: undefined });
    }
  }
  return costs;
}

async function estimateCommit(
  { clock }: LoaderContext,
  session: WarehouseSession,
  work: TypeWork,
  decision: Exclude<Decision, { action: 'none' | 'refuse' }>,
): Promise<number | undefined> {
  const nothing = { rejected: 0, files: null };
  const statements = commitStatements(session.names, {
    entry: ledgerEntry(clock.now().toISOString(), work, decision, nothing),
    attempt: 'estimate',
    logType: work.logType,
    hasTable: await session.hasTable(work.entry.table),
    temps: [],
    rejectsTemp: null,
  });
  return session.estimateBytes(statements);
}
