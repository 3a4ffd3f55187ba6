import { TerminalError } from '../core/errors.ts';
import type { FolderHour } from '../core/hour.ts';
import type { ManifestType, SetAsideFiles } from '../core/manifest.ts';
import type { TakenRows } from '../core/ports/warehouse.ts';
import { loadedFields, type LogType } from '../core/schema/log-type.ts';
import { SpoolPool } from '../core/scratch/spool-pool.ts';
import { SetAsideWriter } from '../core/set-aside/writer.ts';
import { checkType, type CheckedType } from './check-type.ts';
import type { LoaderContext } from './context.ts';
import { loadObjectOf } from './load-copy.ts';
import type { LoadObject } from './plan-jobs.ts';
import type { TypeWork } from './type-work.ts';

/** A type's rows, checked and ready to load; nothing is in the warehouse yet. */
export interface PreparedLoad {
  readonly work: TypeWork;
  readonly logType: LogType;
  readonly checked: CheckedType;
  /** The published rejects. */
  readonly files: SetAsideFiles | null;
  /** What the rows are loaded from; none where the warehouse took them. */
  readonly objects: readonly LoadObject[];
  /** The rows, where the warehouse took them while they were checked. Whoever has loaded them discards them. */
  readonly taken: TakenRows | undefined;
}

/** Checks a type's rows, sets aside what does not fit, and writes load copies. The warehouse is not asked, and may be at work on another type. */
export async function prepareLoad(context: LoaderContext, work: TypeWork): Promise<PreparedLoad> {
  const { manifest, entry, logType } = work;
  const { hour } = manifest;
  if (logType === undefined) throw noSchema(hour, entry);
  const rejects = new SetAsideWriter(new SpoolPool(context.scratch));
  const taken = context.warehouse.takeRows?.(loadedFields(logType));
  try {
    const checked = await checkType(context, hour, entry, logType, rejects, taken);
    taken?.end();
    const files = await rejects.publish(context.records, 'rejects', hour, {
      epoch: manifest.epoch,
      what: entry.table,
    });
    assertTolerable(context, hour, logType, checked, files);
    const objects = taken === undefined ? await objectsToLoad(context, hour, logType, checked) : [];
    return { work, logType, checked, files, objects, taken };
  } catch (error) {
    taken?.discard();
    throw error;
  } finally {
    rejects.discard();
  }
}

async function objectsToLoad(
  context: LoaderContext,
  hour: FolderHour,
  logType: LogType,
  { parts }: CheckedType,
): Promise<LoadObject[]> {
  const objects: LoadObject[] = [];
  for (const part of parts) {
    const object = await loadObjectOf(context, hour, logType, part);
    if (object !== undefined) objects.push(object);
  }
  return objects;
}

function noSchema(hour: FolderHour, { type, rows }: ManifestType): TerminalError {
  return new TerminalError(`${type} ${hour}: expected a schema for its ${rows} staged rows, found none`, {
    advice: `Put the schema file back, or run "logferry classify ${hour} --allow-shrink", and its lines go to the quarantine.`,
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
