import { NotReadyError, TerminalError } from '../../core/errors.ts';
import { coverGaps, fieldsByName, type CoverGap } from '../../core/schema/cover.ts';
import type { Field } from '../../core/schema/log-type.ts';

const PULUMI = 'Tables belong to the Pulumi program: run "pulumi up", then load again. Nothing was loaded.';

/** A table, a view or a dataset that the Pulumi program makes is not there. */
export function missing(what: string): NotReadyError {
  return new NotReadyError(`${what}: expected it to be there, found none`, { advice: PULUMI });
}

/**
 * Holds a table's fields against those that rows need.
 * @param why Where the fields come from, for messages: `schemas/purchase.json`.
 * @throws NotReadyError where a change in place mends it; TerminalError where only another table would.
 */
export function assertCovers(
  what: string,
  table: readonly Field[],
  wanted: readonly Field[],
  why: string,
): void {
  const gaps = coverGaps(table, wanted);
  const breaking = gaps.filter((gap) => gap.kind === 'conflict' && !isRelaxed(gap, table, wanted));
  if (breaking.length > 0) {
    throw new TerminalError(
      `${what}: the schema changed in a way that breaks what is stored: ${spell(breaking)}`,
      {
        advice:
          'Keep the field as it was and add a new one, or give the changed shape a new type; "logferry schema diff" shows both.',
      },
    );
  }
  if (gaps.length === 0) return;
  throw new NotReadyError(`${what} lags behind ${why}: ${spell(gaps)}`, { advice: PULUMI });
}

/** REQUIRED in the table, and no more in the schema: a mode that is relaxed in place. */
function isRelaxed({ path }: CoverGap, table: readonly Field[], wanted: readonly Field[]): boolean {
  const there = fieldAt(table, path);
  const field = fieldAt(wanted, path);
  if (there?.mode !== 'REQUIRED') return false;
  return field === undefined || (field.mode === 'NULLABLE' && field.type === there.type);
}

function fieldAt(fields: readonly Field[], path: string): Field | undefined {
  const [name = '', ...rest] = path.split('.');
  const field = fieldsByName(fields).get(name);
  return rest.length === 0 ? field : fieldAt(field?.fields ?? [], rest.join('.'));
}

function spell(gaps: readonly CoverGap[]): string {
  return gaps.map(({ path, expected, found }) => `${path}: expected ${expected}, found ${found}`).join('; ');
}
