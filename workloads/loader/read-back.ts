import { ConservationError } from '../core/errors.ts';
import type { FolderHour } from '../core/hour.ts';
import { ledgerRow, type LedgerRow } from '../core/ledger.ts';
import type { WarehouseSession } from '../core/ports/warehouse.ts';
import { ledgerOfType } from '../core/sql/queries.ts';
import { jobLabels } from './job-labels.ts';
import { readCommits } from './read-ledger.ts';
import type { TypeWork } from './type-work.ts';

/**
 * Success is said only once the ledger itself says it.
 * @throws ConservationError where it does not hold the row that a commit wrote.
 */
export async function readBack(session: WarehouseSession, work: TypeWork, written: LedgerRow): Promise<void> {
  const statement = ledgerOfType(session.names, work.manifest.hour, work.entry.type);
  const rows = await session.query({ ...statement, labels: jobLabels(work) });
  assertWritten(work.manifest.hour, rows.map(ledgerRow), written);
}

/**
 * The same of all types of an hour at once: a query a type is what an hour of many small types waits for, and pays for.
 * @returns What `assertWritten` asks; undefined where the ledger could not be read: then each type is asked for by itself.
 */
export async function readHourBack(
  session: WarehouseSession,
  hour: FolderHour,
): Promise<readonly LedgerRow[] | undefined> {
  return readCommits(session, hour).catch(() => undefined);
}

/** A later commit may stand beside the row by now: the ledger is only added to. @throws ConservationError */
export function assertWritten(hour: FolderHour, ledger: readonly LedgerRow[], written: LedgerRow): void {
  const { type, epoch, revision, rows } = written;
  const found = ledger.filter((row) => row.type === type && row.epoch === epoch && row.revision === revision);
  if (found.length === 1 && found[0]!.rows === rows && found[0]!.manifest === written.manifest) return;
  throw new ConservationError(
    `${type} ${hour}: committed epoch ${epoch} revision ${revision}, but the ledger says ${JSON.stringify(found)}`,
    { advice: 'Run again: the ledger decides what is there.', context: { hour, type } },
  );
}
