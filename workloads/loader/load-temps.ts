import { sha256 } from '../core/digest.ts';
import { ConservationError } from '../core/errors.ts';
import { compactHour } from '../core/hour.ts';
import { manifestDigest, type SetAsideFiles } from '../core/manifest.ts';
import type { LoadJob, WarehouseSession } from '../core/ports/warehouse.ts';
import { loadedFields, type LogType } from '../core/schema/log-type.ts';
import { REJECTS_INDEX } from '../core/sql/ops-tables.ts';
import { tempCount } from '../core/sql/queries.ts';
import type { LoaderContext } from './context.ts';
import { jobLabels } from './job-labels.ts';
import type { PreparedLoad } from './prepare-load.ts';
import { planJobs, type LoadObject } from './plan-jobs.ts';
import type { TypeWork } from './type-work.ts';

/** Told of each TEMP table that was filled, before it is looked at. */
export type Filled = (temp: string) => void;

/** Fills the TEMP tables of a type's rows. @returns Their names. @throws ConservationError where one holds another number. */
export async function loadTemps(
  { staging }: LoaderContext,
  session: WarehouseSession,
  work: TypeWork,
  logType: LogType,
  { objects, taken, checked }: Pick<PreparedLoad, 'objects' | 'taken' | 'checked'>,
  filled: Filled,
): Promise<string[]> {
  const temps: string[] = [];
  const expectedOf = (job: readonly LoadObject[]): number =>
    taken === undefined ? job.reduce((sum, { rows }) => sum + rows, 0) : checked.staged - checked.rejected;
  const jobs = taken === undefined ? planJobs(objects) : taken.rows === 0 ? [] : [[]];
  const counted = taken === undefined ? 'job and engine' : 'job';
  for (const [index, job] of jobs.entries()) {
    const temp = tempName(work, logType, String(index));
    const expected = expectedOf(job);
    const loaded = await session.load({
      ...jobOf(work, logType, temp),
      temp,
      into: work.entry.table,
      fields: loadedFields(logType),
      store: staging,
      objects: job,
      ...(taken === undefined ? {} : { taken }),
    });
    filled(temp);
    await assertTempRows(session, work, temp, expected, loaded, counted);
    temps.push(temp);
  }
  return temps;
}

/** Fills the TEMP table of a type's rejects from their index in records. */
export async function loadRejects(
  { records }: LoaderContext,
  session: WarehouseSession,
  work: TypeWork,
  logType: LogType,
  files: SetAsideFiles,
  filled: Filled,
): Promise<string> {
  const temp = tempName(work, logType, 'rejects');
  const objects = [{ key: files.index, rows: files.records }];
  const job = jobOf(work, logType, temp);
  const loaded = await session.load({ ...job, temp, fields: REJECTS_INDEX, store: records, objects });
  filled(temp);
  await assertTempRows(session, work, temp, files.records, loaded, 'job and engine');
  return temp;
}

function tempName({ manifest, entry }: TypeWork, { version }: LogType, suffix: string): string {
  return `${entry.table}_TEMP_${compactHour(manifest.hour)}_${manifest.epoch}_${version}_${suffix}`;
}

/** The same work has the same job id, so that a lost answer can be asked for again. */
function jobOf(work: TypeWork, { version }: LogType, temp: string): Pick<LoadJob, 'jobId' | 'labels'> {
  const { manifest, entry } = work;
  return {
    jobId: sha256(entry.type, manifest.hour, manifestDigest(manifest), version, temp),
    labels: jobLabels(work),
  };
}

/**
 * TEMP = staged - rejects, by the job's word and by the engine's own count. Of rows that were taken here the engine's count would be
 * what their writer said in the files; the engine counts what it stored of them in the commit, which holds no other row of the hour.
 */
async function assertTempRows(
  session: WarehouseSession,
  work: TypeWork,
  temp: string,
  expected: number,
  loaded: number,
  counted: 'job' | 'job and engine',
): Promise<void> {
  const { hour } = work.manifest;
  const { type } = work.entry;
  if (loaded === expected && counted === 'job') return;
  const [row] = await session.query({ ...tempCount(session.names, temp), labels: jobLabels(work) });
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
