import { InterruptedError } from '../core/errors.ts';
import type { FolderHour } from '../core/hour.ts';
import { latestByType, ledgerRow, type LedgerRow } from '../core/ledger.ts';
import type { Row, WarehouseSession } from '../core/ports/warehouse.ts';
import { ledgerOfHours, type HourRange } from '../core/sql/queries.ts';
import { countRows, rangeLabels, type HourCounts } from './table-counts.ts';

/**
 * Hours that are asked about together are as many as have this many rows in the ledger, about 4 MiB in memory; and at most two days.
 * BigQuery bills at least 10 MB for each table that a query names: asking hour by hour makes the proof of a lookback of 48 hours
 * forty-eight times as dear.
 */
const ROWS_AT_ONCE = 10_000;
const MOST_HOURS = 48;

/**
 * What the warehouse says of the hours of one run, read a window at a time. It may be minutes old when an hour's turn comes: what is
 * decided by it is decided again by the fence, and a count that does not fit is taken anew before anybody is alarmed.
 */
export class HourWindow {
  readonly #hours: readonly FolderHour[];
  readonly #together: number;
  #range: HourRange | undefined;
  #ledger: ReadonlyMap<FolderHour, LedgerRow[]> = new Map();
  readonly #counts = new Map<string, HourCounts>();

  /**
   * @param hours Of the run, in their order, without gaps.
   * @param types How many types an hour has, about.
   */
  constructor(hours: readonly FolderHour[], types: number) {
    this.#hours = hours;
    this.#together = Math.min(MOST_HOURS, Math.max(1, Math.floor(ROWS_AT_ONCE / Math.max(1, types))));
  }

  /** The commit that counts for each type of an hour. */
  async ledger(session: WarehouseSession, hour: FolderHour): Promise<ReadonlyMap<string, LedgerRow>> {
    const range = this.#rangeOf(hour);
    if (this.#range?.first !== range.first) {
      const statement = ledgerOfHours(session.names, range);
      this.#ledger = byHour(await session.query({ ...statement, labels: rangeLabels(range) }));
      this.#counts.clear();
      this.#range = range;
    }
    return latestByType(this.#ledger.get(hour) ?? []);
  }

  /**
   * Rows of an hour that each table holds. Where it fails nothing is known: the types are then asked for one by one, and each tells
   * its own error.
   */
  async counts(
    session: WarehouseSession,
    hour: FolderHour,
    tables: readonly string[],
  ): Promise<ReadonlyMap<string, number>> {
    const unknown = tables.filter((table) => !this.#counts.has(table));
    try {
      for (const [table, counts] of await countRows(session, this.#rangeOf(hour), unknown))
        this.#counts.set(table, counts);
    } catch (error) {
      if (error instanceof InterruptedError) throw error;
    }
    const known = tables.filter((table) => this.#counts.has(table));
    return new Map(known.map((table) => [table, this.#counts.get(table)!.get(hour) ?? 0]));
  }

  #rangeOf(hour: FolderHour): HourRange {
    const index = this.#hours.indexOf(hour);
    if (index < 0) return { first: hour, last: hour };
    const from = index - (index % this.#together);
    const some = this.#hours.slice(from, from + this.#together);
    return { first: some[0]!, last: some.at(-1)! };
  }
}

function byHour(rows: readonly Row[]): ReadonlyMap<FolderHour, LedgerRow[]> {
  const hours = new Map<FolderHour, LedgerRow[]>();
  for (const row of rows) {
    const hour = String(row.folder_hour).slice(0, 13) as FolderHour;
    const former = hours.get(hour);
    if (former === undefined) hours.set(hour, [ledgerRow(row)]);
    else former.push(ledgerRow(row));
  }
  return hours;
}
