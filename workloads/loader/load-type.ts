import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sha256 } from '../core/digest.ts';
import { ConservationError, FencedError, TerminalError, TransientError } from '../core/errors.ts';
import { compactHour, hourTimestamp, type FolderHour } from '../core/hour.ts';
import { latestByType, ledgerRow, type LedgerRow } from '../core/ledger.ts';
import {
  contentDigest,
  manifestDigest,
  type Manifest,
  type ManifestType,
  type SetAsideFiles,
} from '../core/manifest.ts';
import type { WarehouseSession } from '../core/ports/warehouse.ts';
import { loadedFields, type LogType } from '../core/schema/log-type.ts';
import { SpoolPool } from '../core/scratch/spool.ts';
import { SetAsideWriter } from '../core/set-aside/writer.ts';
import { commitStatements, type Commit, type LedgerEntry } from '../core/sql/commit.ts';
import { REJECTS_INDEX } from '../core/sql/ops-tables.ts';
import { ledgerOfHour, tempCount } from '../core/sql/queries.ts';
import { checkType, type CheckedType } from './check-type.ts';
import type { LoaderContext } from './context.ts';
import { decide, type Decision } from './decide.ts';
import { loadObjectOf } from './load-copy.ts';
import { planJobs, type LoadObject } from './plan-jobs.ts';

/** Conflicts with another commit of the type are tried again this often; the fence lets only one through each time. */
const MAX_COMMITS = 5;

/** One type of one hour, about to be brought into the warehouse. */
export interface TypeWork {
  readonly manifest: Manifest;
  readonly entry: ManifestType;
  readonly logType: LogType | undefined;
}

/** The ledger's commits of an hour. */
export async function readLedger(
  session: WarehouseSession,
  hour: FolderHour,
): Promise<ReadonlyMap<string, LedgerRow>> {
  return latestByType((await session.query(ledgerOfHour(session.names, hour))).map(ledgerRow));
}

/** A type's rows, checked and ready to load; nothing is in the warehouse yet. */
export interface PreparedLoad {
  readonly work: TypeWork;
  readonly logType: LogType;
  readonly checked: CheckedType;
  /** The published rejects. */
  readonly files: SetAsideFiles | null;
  readonly objects: readonly LoadObject[];
}

/** Checks a type's rows, sets aside what does not fit, and writes load copies: all of it while the warehouse is closed. */
export async function prepareLoad(context: LoaderContext, work: TypeWork): Promise<PreparedLoad> {
  const { manifest, entry, logType } = work;
  const { hour } = manifest;
  if (logType === undefined) throw noSchema(hour, entry);
  const rejects = new SetAsideWriter(new SpoolPool(context.scratch));
  try {
    const checked = await checkType(context, hour, entry, logType, rejects);
    const files = await rejects.publish(context.records, 'rejects', hour, {
      epoch: manifest.epoch,
      what: entry.table,
    });
    assertTolerable(context, hour, logType, checked, files);
    const objects: LoadObject[] = [];
    for (const part of checked.parts) {
      const object = await loadObjectOf(context, hour, logType, part);
      if (object !== undefined) objects.push(object);
    }
    return { work, logType, checked, files, objects };
  } finally {
    rejects.discard();
  }
}

/** Loads and commits a prepared type. @returns The ledger row that says so, ours or that of a run that was faster. */
export async function commitLoad(
  context: LoaderContext,
  session: WarehouseSession,
  prepared: PreparedLoad,
): Promise<LedgerRow> {
  const { work, logType, checked, files, objects } = prepared;
  await session.prepareTable(logType);
  return commitDecided(context, session, work, async (decision) => {
    if (decision.action !== 'load') return { temps: [], rejectsTemp: null, checked, files };
    const temps = await loadTemps(context, session, work, logType, objects);
    const rejectsTemp = files === null ? null : await loadRejects(context, session, work, logType, files);
    return { temps, rejectsTemp, checked, files };
  });
}

/** Commits a type that has no rows, or the rows of a former epoch: no load, but the same transaction. */
export async function commitWithoutLoad(
  context: LoaderContext,
  session: WarehouseSession,
  work: TypeWork,
): Promise<LedgerRow> {
  if (work.logType === undefined) await session.prepareControl(work.entry.type, work.entry.table);
  else await session.prepareTable(work.logType);
  return commitDecided(context, session, work, (decision) => {
    if (decision.action === 'load')
      throw new TransientError(`${work.entry.type} ${work.manifest.hour}: the ledger changed meanwhile`);
    return Promise.resolve({ temps: [], rejectsTemp: null, checked: undefined, files: null });
  });
}

function noSchema(hour: FolderHour, { type, rows }: ManifestType): TerminalError {
  return new TerminalError(`${type} ${hour}: expected a schema for its ${rows} staged rows, found none`, {
    advice: 'Put the schema file back, or classify the hour again so that its lines go to the quarantine.',
    context: { hour, type },
  });
}

/** @throws TerminalError where the type's `onMisfit` does not allow what was found; rows that are not JSON are always set aside. */
function assertTolerable(
  { onMisfit, records }: LoaderContext,
  hour: FolderHour,
  logType: LogType,
  { staged, misfits }: CheckedType,
  files: SetAsideFiles | null,
): void {
  const policy = onMisfit ?? logType.onMisfit;
  const limit = policy.action === 'fail' ? 0 : policy.limit;
  // Neither 0.7 / 100 nor 7 / 1000 is exactly 0.7 %: equal shares must be told as equal.
  if (misfits === 0 || misfits / staged <= limit + Number.EPSILON) return;
  const share = ((misfits / staged) * 100).toFixed(1);
  throw new TerminalError(
    `${logType.type} ${hour}: expected at most ${Number((limit * 100).toPrecision(12))} % misfits, found ${misfits} of ${staged} rows (${share} %): not loaded`,
    {
      advice:
        `Every misfit is in ${records.url}/${files?.index ?? ''}. Mend schemas/${logType.table}.json and load again, ` +
        'or set the rows aside for this run with --on-misfit setAside.',
      context: { hour, type: logType.type, misfits, staged },
    },
  );
}

async function loadTemps(
  { staging }: LoaderContext,
  session: WarehouseSession,
  { manifest, entry }: TypeWork,
  logType: LogType,
  objects: readonly LoadObject[],
): Promise<string[]> {
  const temps: string[] = [];
  for (const [index, job] of planJobs(objects).entries()) {
    const temp = tempName(manifest, entry, logType, String(index));
    const fields = loadedFields(logType);
    const expected = job.reduce((sum, { rows }) => sum + rows, 0);
    const loaded = await session.load({
      ...jobOf(manifest, entry, logType, temp),
      temp,
      fields,
      store: staging,
      objects: job,
    });
    await assertTempRows(session, manifest.hour, entry.type, temp, expected, loaded);
    temps.push(temp);
  }
  return temps;
}

async function loadRejects(
  { records }: LoaderContext,
  session: WarehouseSession,
  { manifest, entry }: TypeWork,
  logType: LogType,
  files: SetAsideFiles,
): Promise<string> {
  const temp = tempName(manifest, entry, logType, 'rejects');
  const objects = [{ key: files.index, rows: files.records }];
  const job = jobOf(manifest, entry, logType, temp);
  const loaded = await session.load({ ...job, temp, fields: REJECTS_INDEX, store: records, objects });
  await assertTempRows(session, manifest.hour, entry.type, temp, files.records, loaded);
  return temp;
}

function tempName(
  { hour, epoch }: Manifest,
  { table }: ManifestType,
  { version }: LogType,
  suffix: string,
): string {
  return `${table}_TEMP_${compactHour(hour)}_${epoch}_${version}_${suffix}`;
}

function jobOf(manifest: Manifest, { type }: ManifestType, { version }: LogType, temp: string) {
  return {
    jobId: sha256(type, manifest.hour, manifestDigest(manifest), version, temp),
    labels: { log_type: type, folder_hour: manifest.hour, epoch: String(manifest.epoch) },
  };
}

/** TEMP = staged - rejects, by the job's word and by the engine's own count. */
async function assertTempRows(
  session: WarehouseSession,
  hour: FolderHour,
  type: string,
  temp: string,
  expected: number,
  loaded: number,
): Promise<void> {
  const [row] = await session.query(tempCount(session.names, temp));
  if (loaded === expected && row?.row_count === expected) return;
  throw new ConservationError(
    `${type} ${hour}: TEMP ${temp}: expected ${expected} rows, found ${loaded} (job), ${String(row?.row_count)} (count)`,
    {
      advice:
        'Nothing was committed. Load again; if it happens again this is a defect: keep staging and report it.',
      context: { hour, type, expected, found: loaded },
    },
  );
}

/** What a load leaves for the transaction. */
interface Loaded {
  readonly temps: readonly string[];
  readonly rejectsTemp: string | null;
  readonly checked: CheckedType | undefined;
  readonly files: SetAsideFiles | null;
}

/**
 * Decides by the ledger as it is now, lets `load` fill TEMP tables, and commits. After any error the ledger decides: a commit
 * whose answer was lost is there, one that met another is begun again, and everything else has failed.
 */
async function commitDecided(
  context: LoaderContext,
  session: WarehouseSession,
  work: TypeWork,
  load: (decision: Decision) => Promise<Loaded>,
): Promise<LedgerRow> {
  const { manifest, entry } = work;
  let before: LedgerRow | undefined;
  for (let attempt = 1; ; attempt++) {
    const committed = (await readLedger(session, manifest.hour)).get(entry.type);
    if (attempt === 1) before = committed;
    // A reload is done once anybody committed behind what it met.
    const decision = decide(manifest, entry, committed, context.reload && isSame(committed, before));
    if (decision.action === 'none') return decision.committed;
    if (decision.action === 'refuse') throw refused(manifest, entry, decision.committed);
    try {
      return await commitOnce(context, session, work, decision, load);
    } catch (error) {
      const there = await readLedger(session, manifest.hour).catch(() => undefined);
      const row = there?.get(entry.type);
      if (row !== undefined && !isSame(row, committed) && isOf(row, manifest)) return row;
      const again = error instanceof FencedError || error instanceof TransientError;
      if (!again || attempt === MAX_COMMITS) throw error;
      await sleep(Math.random() * 200 * attempt);
    }
  }
}

async function commitOnce(
  context: LoaderContext,
  session: WarehouseSession,
  work: TypeWork,
  decision: Decision,
  load: (decision: Decision) => Promise<Loaded>,
): Promise<LedgerRow> {
  const { manifest, entry, logType } = work;
  const { temps, rejectsTemp, ...loaded } = await load(decision);
  try {
    const commit: Commit = {
      entry: ledgerEntry(context, work, decision, loaded),
      attempt: randomUUID(),
      logType,
      hasTable: await session.hasTable(entry.table),
      temps,
      rejectsTemp,
    };
    await session.transaction(commitStatements(session.names, commit));
    const written = await readBack(session, commit.entry);
    if (commit.hasTable) await session.setLabel(entry.table, 'last_folder_hour', manifest.hour);
    return written;
  } finally {
    for (const temp of [...temps, ...(rejectsTemp === null ? [] : [rejectsTemp])])
      await session.dropTemp(temp);
  }
}

function isSame(a: LedgerRow | undefined, b: LedgerRow | undefined): boolean {
  return a?.epoch === b?.epoch && a?.revision === b?.revision;
}

function isOf(row: LedgerRow, manifest: Manifest): boolean {
  return row.epoch === manifest.epoch && row.manifest === manifestDigest(manifest);
}

/** Success is said only once the ledger itself says it. */
async function readBack(session: WarehouseSession, entry: LedgerEntry): Promise<LedgerRow> {
  const hour = entry.folderHour.slice(0, 13) as FolderHour;
  const row = (await readLedger(session, hour)).get(entry.logType);
  if (row?.epoch === entry.epoch && row.revision === entry.revision && row.rows === entry.rows) return row;
  throw new ConservationError(
    `${entry.logType} ${hour}: committed epoch ${entry.epoch} revision ${entry.revision}, but the ledger says ${JSON.stringify(row)}`,
    { advice: 'Run again: the ledger decides what is there.', context: { hour, type: entry.logType } },
  );
}

function refused({ hour, epoch }: Manifest, { type }: ManifestType, committed: LedgerRow): FencedError {
  const found = committed.epoch > epoch ? `only epoch ${epoch}` : `another epoch ${epoch}`;
  return new FencedError(
    `${type} ${hour}: the ledger has epoch ${committed.epoch}, the records have ${found}: not loaded`,
    {
      advice:
        'Manifests were removed, or --records points elsewhere. Restore them from the bucket’s versions.',
      context: { hour, type },
    },
  );
}

function ledgerEntry(
  context: LoaderContext,
  { manifest, entry, logType }: TypeWork,
  decision: Decision,
  loaded: Pick<Loaded, 'checked' | 'files'>,
): LedgerEntry {
  const base = {
    logType: entry.type,
    table: entry.table,
    folderHour: hourTimestamp(manifest.hour),
    epoch: manifest.epoch,
    content: contentDigest(entry),
    manifest: manifestDigest(manifest),
    loadedAt: context.clock.now().toISOString(),
  };
  if (decision.action === 'carry') {
    const { schemaVersion, staged, rows, rejected, loadEpoch, loadRevision, rejectsBin } = decision.committed;
    return {
      ...base,
      revision: 1,
      state: 'carried',
      schemaVersion,
      staged,
      rows,
      rejected,
      loadEpoch,
      loadRevision,
      rejectsBin,
    };
  }
  const revision = decision.action === 'load' || decision.action === 'empty' ? decision.revision : 1;
  const rejected = loaded.checked?.rejected ?? 0;
  return {
    ...base,
    revision,
    state: decision.action === 'empty' ? 'empty' : 'loaded',
    schemaVersion: logType?.version ?? 'none',
    staged: entry.rows,
    rows: entry.rows - rejected,
    rejected,
    loadEpoch: manifest.epoch,
    loadRevision: revision,
    rejectsBin: loaded.files?.bin ?? null,
  };
}
