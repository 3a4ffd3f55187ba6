import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { FencedError, InterruptedError, messageOf, TransientError } from '../core/errors.ts';
import type { FolderHour } from '../core/hour.ts';
import { checkInterrupt } from '../core/interrupt.ts';
import { labelValue } from '../core/labels.ts';
import type { LedgerRow } from '../core/ledger.ts';
import { manifestDigest, type Manifest, type ManifestType, type SetAsideFiles } from '../core/manifest.ts';
import type { WarehouseSession } from '../core/ports/warehouse.ts';
import { commitStatements, type Commit } from '../core/sql/commit.ts';
import type { LoaderContext } from './context.ts';
import { decide, type Decision } from './decide.ts';
import { jobLabels } from './job-labels.ts';
import { ledgerEntry, rowOf } from './ledger-entry.ts';
import { loadRejects, loadTemps, type Filled } from './load-temps.ts';
import { assertOwnTable, isGone, withoutFence } from './own-table.ts';
import type { PreparedLoad } from './prepare-load.ts';
import { readBack } from './read-back.ts';
import { readLedgerOf } from './read-ledger.ts';
import type { TypeWork } from './type-work.ts';

/** Conflicts with another commit of the type are tried again this often; the fence lets only one through each time. */
const MAX_COMMITS = 5;
/** A pause before the next try is of a random length up to this times the tries, in milliseconds. */
const PAUSE_MS = 200;

/** A type whose ledger row is there. */
export interface Committed {
  readonly row: LedgerRow;
  /** Whether this run wrote it: then it is read back before success is said. A run that was faster has done so itself. */
  readonly isOurs: boolean;
}

/**
 * Loads and commits a prepared type.
 * @param before What the ledger said of the type when the session began, if anything.
 */
export async function commitLoad(
  context: LoaderContext,
  session: WarehouseSession,
  prepared: PreparedLoad,
  before: LedgerRow | undefined,
): Promise<Committed> {
  const { work, logType, checked, files } = prepared;
  await assertOwnTable(session, work);
  await session.prepareTable(logType);
  return commitDecided(context, session, work, { row: before }, async (decision, filled) => {
    if (decision.action !== 'load') return NOTHING_LOADED;
    const temps = await loadTemps(context, session, work, logType, prepared, filled);
    const rejectsTemp =
      files === null ? null : await loadRejects(context, session, work, logType, files, filled);
    return { temps, rejectsTemp, rejected: checked.rejected, files, isFenced: true };
  });
}

/** Commits a type that has no rows, or the rows of a former epoch: no load, but the same transaction. */
export async function commitWithoutLoad(
  context: LoaderContext,
  session: WarehouseSession,
  work: TypeWork,
): Promise<LedgerRow> {
  const isFenced = !(await isGone(session, work));
  if (isFenced) await assertOwnTable(session, work);
  // A type without rows must not fail an hour over its schema: its table is only made where there is none.
  const { logType, entry } = work;
  if (logType !== undefined && !(await session.hasTable(entry.table))) await session.prepareTable(logType);
  const committed = await commitDecided(context, session, work, undefined, (decision) => {
    if (decision.action === 'load')
      throw new TransientError(`${work.entry.type} ${work.manifest.hour}: the ledger changed meanwhile`);
    return Promise.resolve({ ...NOTHING_LOADED, isFenced });
  });
  if (committed.isOurs) await readBack(session, work, committed.row);
  return committed.row;
}

/** What a load leaves for the transaction. */
interface Loaded {
  readonly temps: readonly string[];
  readonly rejectsTemp: string | null;
  readonly rejected: number;
  readonly files: SetAsideFiles | null;
  /** False where the type's fence is gone with its table and its schema. */
  readonly isFenced: boolean;
}

type Load = (decision: Decision, filled: Filled) => Promise<Loaded>;

const NOTHING_LOADED: Loaded = { temps: [], rejectsTemp: null, rejected: 0, files: null, isFenced: true };

/**
 * Decides by the ledger, lets `load` fill TEMP tables, and commits. After any error the ledger decides: a commit whose answer was lost
 * is there, one that met another is begun again, and everything else has failed.
 * @param known What the ledger said some time ago. A load may be decided by it, for the fence holds that against the ledger as it is;
 *   what a carried type copies from its former row may not.
 */
async function commitDecided(
  context: LoaderContext,
  session: WarehouseSession,
  work: TypeWork,
  known: { readonly row: LedgerRow | undefined } | undefined,
  load: Load,
): Promise<Committed> {
  const { manifest, entry } = work;
  const isLoad = known !== undefined && decide(manifest, entry, known.row, context.reload).action === 'load';
  let before: LedgerRow | undefined;
  for (let attempt = 1; ; attempt++) {
    const committed = isLoad && attempt === 1 ? known.row : await readLedgerOf(session, work);
    if (attempt === 1) before = committed;
    // A reload is done once anybody committed behind what it met.
    const decision = decide(manifest, entry, committed, context.reload && isSame(committed, before));
    if (decision.action === 'none') return { row: decision.committed, isOurs: false };
    if (decision.action === 'refuse') throw refused(manifest, entry, decision.committed);
    try {
      return { row: await commitOnce(context, session, work, decision, load), isOurs: true };
    } catch (error) {
      // Whoever asked for the end does not wait for the ledger: the next run reads it.
      if (error instanceof InterruptedError) throw error;
      const row = await readLedgerOf(session, work).catch(() => undefined);
      if (row !== undefined && !isSame(row, committed) && isOf(row, manifest)) return { row, isOurs: false };
      const again = error instanceof FencedError || error instanceof TransientError;
      if (!again || attempt === MAX_COMMITS) throw error;
      await pause(attempt, context.signal);
    }
  }
}

async function commitOnce(
  context: LoaderContext,
  session: WarehouseSession,
  work: TypeWork,
  decision: Exclude<Decision, { action: 'none' | 'refuse' }>,
  load: Load,
): Promise<LedgerRow> {
  const { manifest, entry, logType } = work;
  const { temps, rejectsTemp, isFenced, ...loaded } = await loadOrDrop(session, decision, load);
  try {
    const commit: Commit = {
      entry: ledgerEntry(context.clock.now().toISOString(), work, decision, loaded),
      attempt: randomUUID(),
      logType,
      hasTable: await session.hasTable(entry.table),
      temps,
      rejectsTemp,
    };
    const statements = commitStatements(session.names, commit);
    const fenced = isFenced ? statements : withoutFence(session, entry.table, statements);
    const labels = jobLabels(work);
    await session.transaction(fenced.map((statement) => ({ ...statement, labels })));
    if (commit.hasTable) await label(context, session, entry.table, manifest.hour);
    return rowOf(commit.entry);
  } finally {
    for (const temp of [...temps, ...(rejectsTemp === null ? [] : [rejectsTemp])])
      await session.dropTemp(temp);
  }
}

/**
 * After an error that a retry helps the next try takes what its jobs have filled. After any other one every further run would take it,
 * also where its rows are not those that were accepted, until it expires.
 */
async function loadOrDrop(session: WarehouseSession, decision: Decision, load: Load): Promise<Loaded> {
  const temps: string[] = [];
  try {
    return await load(decision, (temp) => temps.push(temp));
  } catch (error) {
    // A TEMP that cannot be dropped expires; what is told is why the load failed.
    if (!(error instanceof TransientError))
      for (const temp of temps) await session.dropTemp(temp).catch(() => undefined);
    throw error;
  }
}

/** Two commits that met do not meet again. @throws InterruptedError at once where somebody asks for the end. */
async function pause(attempt: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.random() * PAUSE_MS * attempt, undefined, { signal }).catch(() => undefined);
  checkInterrupt(signal);
}

/** A hint for readers that poll, never truth: a label that cannot be set is told and leaves the commit as it is. */
async function label(
  { logger }: LoaderContext,
  session: WarehouseSession,
  table: string,
  hour: FolderHour,
): Promise<void> {
  await session.setLabel(table, 'last_folder_hour', labelValue(hour)).catch((error: unknown) => {
    logger.log('WARNING', `Table ${table}: the label last_folder_hour was not set: ${messageOf(error)}`, {
      hour,
      table,
    });
  });
}

function isSame(a: LedgerRow | undefined, b: LedgerRow | undefined): boolean {
  return a?.epoch === b?.epoch && a?.revision === b?.revision;
}

function isOf(row: LedgerRow, manifest: Manifest): boolean {
  return row.epoch === manifest.epoch && row.manifest === manifestDigest(manifest);
}

function refused({ hour, epoch }: Manifest, { type }: ManifestType, committed: LedgerRow): FencedError {
  const found = committed.epoch > epoch ? `only epoch ${epoch}` : `another epoch ${epoch}`;
  return new FencedError(
    `${type} ${hour}: the ledger has epoch ${committed.epoch}, the records have ${found}: not loaded`,
    {
      advice:
        'Manifests were removed, or --records points elsewhere. Restore them from the bucket’s versions. ' +
        'If they are lost for good, "logferry run HOUR --again" makes a further epoch of the source as it is now.',
      context: { hour, type },
    },
  );
}
