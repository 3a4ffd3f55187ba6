import { ConservationError, InterruptedError, NotReadyError } from '../core/errors.ts';
import type { FolderHour } from '../core/hour.ts';
import { checkInterrupt } from '../core/interrupt.ts';
import type { LedgerRow } from '../core/ledger.ts';
import type { Manifest } from '../core/manifest.ts';
import type { WarehouseSession } from '../core/ports/warehouse.ts';
import { insertHourLedger } from '../core/sql/queries.ts';
import { commitWithoutLoad } from './commit-type.ts';
import type { LoaderContext } from './context.ts';
import { decide, type Decision } from './decide.ts';
import { HourWindow } from './hour-window.ts';
import { loadTypes } from './load-types.ts';
import { describe, failed, isConserved, waiting, type LoadedType } from './loaded-type.ts';
import { manifestOf } from './plan-load.ts';
import { readLedgerOf } from './read-ledger.ts';
import { countRows } from './table-counts.ts';
import type { TypeWork } from './type-work.ts';

export interface LoadedHour {
  readonly manifest: Manifest;
  readonly types: readonly LoadedType[];
  /** staged = loaded + rejected = rows in the table + rejects, of every type. */
  readonly conserved: boolean;
}

/**
 * Brings every type of the hour up to its newest manifest. A type that fails leaves the others alone. Safe to kill anywhere and
 * to run twice at once: only each type's transaction counts.
 */
export async function loadHour(context: LoaderContext, hour: FolderHour): Promise<LoadedHour> {
  const manifest = await manifestOf(context, hour);
  const results = new Map<string, LoadedType>();
  const toLoad: TypeWork[] = [];
  const window = context.window ?? new HourWindow([hour], manifest.types.length);
  await context.warehouse.session(async (session) => {
    await session.prepareOps();
    const ledger = await window.ledger(session, hour);
    // It is written before any commit of the epoch: where there is one, it is there, and a job is saved at each hour of each run.
    if (!ledger.values().some(({ epoch }) => epoch === manifest.epoch))
      await session.transaction([
        insertHourLedger(session.names, manifest, context.clock.now().toISOString()),
      ]);
    const settled: Settled[] = [];
    for (const entry of manifest.types) {
      const work = { manifest, entry, logType: context.schemas.get(entry.type) };
      const committed = ledger.get(entry.type);
      if (!isWanted(context, work)) {
        results.set(entry.type, waiting(entry, committed, manifest));
        continue;
      }
      const { action } = decide(manifest, entry, committed, context.reload);
      if (action === 'load') toLoad.push(work);
      else settled.push({ work, committed, action });
    }
    const counts = await window.counts(session, hour, settled.filter(stays).map(tableOf));
    for (const each of settled) {
      checkInterrupt(context.signal);
      const { work } = each;
      results.set(work.entry.type, await attempt(work, () => settle(context, session, each, counts)));
    }
  });
  await loadTypes(context, hour, toLoad, results);
  const types = manifest.types.map(({ type }) => results.get(type)!);
  return { manifest, types, conserved: types.every(isConserved) };
}

function isWanted({ lane, only }: LoaderContext, { entry, logType }: TypeWork): boolean {
  const inLane = lane === 'all' || (logType?.lane ?? 'standard') === lane;
  return inLane && (only.length === 0 || only.includes(entry.type));
}

/** A type that needs no load: committed already, carried, or empty. */
interface Settled {
  readonly work: TypeWork;
  readonly committed: LedgerRow | undefined;
  readonly action: Decision['action'];
}

/** Whether a type's rows stay as they are, so that they must be what the ledger says. */
const stays = ({ action }: Settled): boolean => action === 'none' || action === 'carry';
const tableOf = ({ work }: Settled): string => work.entry.table;

async function settle(
  context: LoaderContext,
  session: WarehouseSession,
  settled: Settled,
  counts: ReadonlyMap<string, number>,
): Promise<LoadedType> {
  const { work, committed, action } = settled;
  const { entry, logType } = work;
  if (stays(settled) && committed !== undefined) await assertStillThere(session, work, committed, counts);
  const row =
    action === 'none' && committed !== undefined
      ? committed
      : await commitWithoutLoad(context, session, work);
  const result = describe(entry, row);
  const { schemaVersion } = row;
  const changed = logType !== undefined && row.rows + row.rejected > 0 && schemaVersion !== logType.version;
  const note = `loaded with schema ${schemaVersion}, which is ${logType?.version ?? ''} now: "load --reload" brings it up`;
  return { ...result, ...(action === 'none' ? { state: 'unchanged' } : {}), ...(changed ? { note } : {}) };
}

/** On every run, also one that has nothing to do: the table still holds what the ledger says. */
async function assertStillThere(
  session: WarehouseSession,
  work: TypeWork,
  committed: LedgerRow,
  counts: ReadonlyMap<string, number>,
): Promise<void> {
  const { hour } = work.manifest;
  const { type, table } = work.entry;
  if (counts.get(table) === committed.rows) return;
  // The window may be minutes old, or may not have been read; and a load of another run may have ended since.
  const count = (await countRows(session, { first: hour, last: hour }, [table])).get(table)!.get(hour) ?? 0;
  if (count === committed.rows) return;
  const newest = await readLedgerOf(session, work);
  if (newest?.epoch !== committed.epoch || newest.revision !== committed.revision)
    throw new NotReadyError(`${type} ${hour}: expected this run alone, found a commit of another one`, {
      advice: 'Nothing is wrong with it: run again.',
      context: { hour, type },
    });
  throw new ConservationError(
    `${type} ${hour}: the ledger says ${committed.rows} rows, the table ${table} holds ${count}`,
    {
      advice: `Rows were changed from outside. "logferry load ${hour} --reload" replaces the hour from staging.`,
      context: { hour, type, expected: committed.rows, found: count },
    },
  );
}

async function attempt(work: TypeWork, act: () => Promise<LoadedType>): Promise<LoadedType> {
  try {
    return await act();
  } catch (error) {
    return failedUnlessInterrupted(work, error);
  }
}

/** A type that failed leaves the others their chance; a signal leaves none. */
function failedUnlessInterrupted(work: TypeWork, error: unknown): LoadedType {
  if (error instanceof InterruptedError) throw error;
  return failed(work, error);
}
