import type { FolderHour } from '../core/hour.ts';
import { latestByType, ledgerRow, type LedgerRow } from '../core/ledger.ts';
import type { WarehouseSession } from '../core/ports/warehouse.ts';
import { ledgerOfHour, ledgerOfType } from '../core/sql/queries.ts';
import { jobLabels } from './job-labels.ts';
import { rangeLabels } from './table-counts.ts';
import type { TypeWork } from './type-work.ts';

/** All commits of an hour. */
export async function readCommits(session: WarehouseSession, hour: FolderHour): Promise<LedgerRow[]> {
  const labels = rangeLabels({ first: hour, last: hour });
  return (await session.query({ ...ledgerOfHour(session.names, hour), labels })).map(ledgerRow);
}

/** The commit that counts for each type of an hour. */
export async function readLedger(
  session: WarehouseSession,
  hour: FolderHour,
): Promise<ReadonlyMap<string, LedgerRow>> {
  return latestByType(await readCommits(session, hour));
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
