import type { Row } from './ports/warehouse.ts';

/** A committed load of one type's hour, as the ledger tells it. */
export interface LedgerRow {
  readonly type: string;
  readonly table: string;
  readonly epoch: number;
  readonly revision: number;
  readonly state: string;
  readonly schemaVersion: string;
  readonly staged: number;
  readonly rows: number;
  readonly rejected: number;
  readonly loadEpoch: number;
  readonly loadRevision: number;
  readonly content: string;
  readonly manifest: string;
  readonly rejectsBin: string | null;
}

/** A row of `ledgerOfHour`. */
export function ledgerRow(row: Row): LedgerRow {
  return {
    type: String(row.log_type),
    table: String(row.table_name),
    epoch: Number(row.epoch),
    revision: Number(row.revision),
    state: String(row.state),
    schemaVersion: String(row.schema_version),
    staged: Number(row.staged),
    rows: Number(row.row_count),
    rejected: Number(row.rejected),
    loadEpoch: Number(row.load_epoch),
    loadRevision: Number(row.load_revision),
    content: String(row.content),
    manifest: String(row.manifest),
    rejectsBin: row.rejects_bin === null || row.rejects_bin === undefined ? null : String(row.rejects_bin),
  };
}

/** The commit that counts for each type: the highest (epoch, revision). */
export function latestByType(rows: readonly LedgerRow[]): ReadonlyMap<string, LedgerRow> {
  const latest = new Map<string, LedgerRow>();
  for (const row of rows) {
    const former = latest.get(row.type);
    if (former === undefined || isNewer(row, former)) latest.set(row.type, row);
  }
  return latest;
}

function isNewer(a: LedgerRow, b: LedgerRow): boolean {
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.revision > b.revision);
}
