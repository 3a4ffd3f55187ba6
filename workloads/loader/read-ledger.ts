import type { FolderHour } from '../core/hour.ts';
import { latestByType, ledgerRow, type LedgerRow } from '../core/ledger.ts';
import type { WarehouseSession } from '../core/ports/warehouse.ts';
import { ledgerOfHour, ledgerOfType } from '../core/sql/queries.ts';
import { jobLabels } from './job-labels.ts';
import type { TypeWork } from './type-work.ts';

/** The ledger's commits of an hour. */
export async function readLedger(
  session: WarehouseSession,
  hour: FolderHour,
): Promise<ReadonlyMap<string, LedgerRow>> {
  return latestByType((await session.query(ledgerOfHour(session.names, hour))).map(ledgerRow));
}

/** The commit that counts for one type of an hour: a thousand types must not read each other's rows at each commit. */
export async function readLedgerOf(
  session: WarehouseSession,
  work: TypeWork,
): Promise<LedgerRow | undefined> {
  const { manifest, entry } = work;
  const statement = ledgerOfType(session.names, manifest.hour, entry.type);
  const rows = await session.query({ ...statement, labels: jobLabels(work) });
  return latestByType(rows.map(ledgerRow)).get(entry.type);
}
