import type { FolderHour } from '../core/hour.ts';
import { latestByType, ledgerRow, type LedgerRow } from '../core/ledger.ts';
import type { WarehouseSession } from '../core/ports/warehouse.ts';
import { ledgerOfHour } from '../core/sql/queries.ts';

/** The ledger's commits of an hour. */
export async function readLedger(
  session: WarehouseSession,
  hour: FolderHour,
): Promise<ReadonlyMap<string, LedgerRow>> {
  return latestByType((await session.query(ledgerOfHour(session.names, hour))).map(ledgerRow));
}
