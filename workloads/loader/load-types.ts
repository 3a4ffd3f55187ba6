import { InterruptedError, ScratchFullError } from '../core/errors.ts';
import type { FolderHour } from '../core/hour.ts';
import { checkInterrupt } from '../core/interrupt.ts';
import type { LedgerRow } from '../core/ledger.ts';
import type { WarehouseSession } from '../core/ports/warehouse.ts';
import { commitLoad } from './commit-type.ts';
import type { LoaderContext } from './context.ts';
import { describe, failed, type LoadedType } from './loaded-type.ts';
import { prepareLoad, type PreparedLoad } from './prepare-load.ts';
import { aheadLimits, NONE_AHEAD, PreparedLoads, type AheadLimits } from './prepared-loads.ts';
import { assertWritten, readBack, readHourBack } from './read-back.ts';
import { readLedger } from './read-ledger.ts';
import type { TypeWork } from './type-work.ts';

/**
 * Checks, loads and commits types. One that fails leaves the others alone, and so does one that scratch has no room for beside
 * others: it is taken alone behind them.
 * @param works Types that are not yet in the warehouse, all of one hour.
 * @param results Takes what became of each, beside what is known of the hour's others.
 * @throws InterruptedError; and what ended the whole where no type of the hour has come to an end of its own.
 */
export async function loadTypes(
  context: LoaderContext,
  hour: FolderHour,
  works: readonly TypeWork[],
  results: Map<string, LoadedType>,
): Promise<void> {
  const loads = new TypeLoads(context, hour, results);
  await loads.load(works, aheadLimits(context.scratch.limit));
  const without = works.length === 1 ? [] : works.filter((work) => loads.hadNoRoom(work));
  if (without.length > 0) await loads.load(without, NONE_AHEAD);
}

/** A type whose ledger row this run wrote. */
interface Written {
  readonly work: TypeWork;
  readonly row: LedgerRow;
}

class TypeLoads {
  readonly #results: Map<string, LoadedType>;
  readonly #context: LoaderContext;
  readonly #hour: FolderHour;
  /** Of the progress bar: a check and a load a type. */
  #steps = 0;
  #step = 0;
  /** Types that have come to an end here: loaded for sure, or failed for a reason of their own. */
  readonly #ended = new Set<string>();
  /** Committed, and not yet read back. */
  #written: Written[] = [];

  constructor(context: LoaderContext, hour: FolderHour, results: Map<string, LoadedType>) {
    this.#results = results;
    this.#context = context;
    this.#hour = hour;
  }

  hadNoRoom({ entry }: TypeWork): boolean {
    return this.#results.get(entry.type)?.error instanceof ScratchFullError;
  }

  /** Checks the types one after another, and loads each while the next ones are checked. The warehouse is opened behind the first check. */
  async load(works: readonly TypeWork[], limits: AheadLimits): Promise<void> {
    this.#steps += 2 * works.length;
    for (const { entry } of works) {
      this.#results.delete(entry.type);
      this.#ended.delete(entry.type);
    }
    const unchecked = works.values();
    const loads = new PreparedLoads(() => this.#prepareNext(unchecked), limits);
    const first = await loads.next();
    if (first === undefined) return;
    try {
      await this.#context.warehouse.session((session) => this.#loadAll(session, first, loads));
    } catch (error) {
      this.#endedBy(error, works);
    } finally {
      await loads.close();
      // Where the warehouse did not open, nobody has loaded it.
      first.taken?.discard();
    }
  }

  async #prepareNext(unchecked: Iterable<TypeWork>): Promise<PreparedLoad | undefined> {
    for (const work of unchecked) {
      this.#tell(`checking ${work.entry.type}`);
      try {
        return await prepareLoad(this.#context, work);
      } catch (error) {
        this.#failed(work, error);
      }
    }
    return undefined;
  }

  async #loadAll(session: WarehouseSession, first: PreparedLoad, loads: PreparedLoads): Promise<void> {
    const ledger = await readLedger(session, this.#hour);
    for (let each: PreparedLoad | undefined = first; each !== undefined; each = await loads.next())
      await this.#loadOne(session, each, ledger);
    await this.#readBack(session);
  }

  async #loadOne(
    session: WarehouseSession,
    prepared: PreparedLoad,
    ledger: ReadonlyMap<string, LedgerRow>,
  ): Promise<void> {
    const { work, taken } = prepared;
    const { type } = work.entry;
    try {
      this.#tell(`loading ${type}`);
      const { row, isOurs } = await commitLoad(this.#context, session, prepared, ledger.get(type));
      if (isOurs) this.#written.push({ work, row });
      this.#results.set(type, describe(work.entry, row));
    } catch (error) {
      this.#failed(work, error);
    } finally {
      taken?.discard();
    }
  }

  /** A type whose row is not there has failed, whatever the commit answered. */
  async #readBack(session: WarehouseSession): Promise<void> {
    if (this.#written.length === 0) return;
    const ledger = await readHourBack(session, this.#hour);
    for (const { work, row } of this.#written)
      try {
        if (ledger === undefined) await readBack(session, work, row);
        else assertWritten(this.#hour, ledger, row);
        this.#ended.add(work.entry.type);
      } catch (error) {
        this.#failed(work, error);
      }
    this.#written = [];
  }

  /** What ended all of it is what became of each type that had not come to an end; where none had, it is what became of the hour. */
  #endedBy(error: unknown, works: readonly TypeWork[]): void {
    for (const { work } of this.#written.splice(0)) this.#results.delete(work.entry.type);
    const isTold = this.#ended.size > 0 || this.#results.values().some(({ state }) => state === 'failed');
    if (!isTold || error instanceof InterruptedError) throw error;
    const open = works.filter(({ entry }) => !this.#results.has(entry.type));
    for (const work of open) this.#failed(work, error);
  }

  /** A type that failed leaves the others their chance; a signal leaves none. */
  #failed(work: TypeWork, error: unknown): void {
    if (error instanceof InterruptedError) throw error;
    this.#results.set(work.entry.type, failed(work, error));
    this.#ended.add(work.entry.type);
  }

  #tell(detail: string): void {
    checkInterrupt(this.#context.signal);
    this.#context.progress({
      phase: 'load',
      hour: this.#hour,
      done: this.#step++,
      total: this.#steps,
      detail,
    });
  }
}
