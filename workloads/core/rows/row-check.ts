import type { ByteView } from '../bytes/byte-view.ts';
import { JsonDepthError, JsonSyntaxError, MAX_JSON_DEPTH, skipSpace } from '../json/scan.ts';
import type { EpochUnit, LogType } from '../schema/log-type.ts';
import {
  excerpt,
  newCheckState,
  type CheckState,
  type Misfit,
  type UnknownMember,
  type ValueCheck,
} from './misfit.ts';
import { FastCheck } from './fast/fast-check.ts';
import { recordCheck } from './records.ts';
import type { DerivedNeed } from './scalars.ts';

/** What is wrong with a row, and what of it no field lists. Valid until the next row is checked. */
export interface RowVerdict {
  /** Empty: BigQuery stores the row unchanged. */
  readonly misfits: readonly Misfit[];
  /** Members for the `unknown_fields` column (`unknownFields: keep`). */
  readonly unknown: readonly UnknownMember[];
}

const NOTHING: RowVerdict = { misfits: [], unknown: [] };

/**
 * The strict check of one type's rows: accepts the subset of rows that BigQuery stores unchanged (docs/schemas.md has the table
 * of forms and their sources), and names everything that is wrong with any other.
 */
export class RowCheck {
  readonly #fast: FastCheck;
  readonly #row: ValueCheck;
  #state: CheckState | undefined;

  constructor(logType: LogType) {
    const needs = derivedNeeds(logType);
    this.#fast = new FastCheck(logType.fields, needs);
    this.#row = recordCheck(logType.fields, logType.unknownFields === 'keep', needs);
  }

  /** @param view A row: UTF-8, without its newline. */
  check(view: ByteView): RowVerdict {
    const { bytes, start } = view;
    if (bytes !== undefined && this.#fast.proves(bytes, start, start + view.length)) return NOTHING;
    return this.#name(view);
  }

  /** Names what is wrong with a row. */
  #name(view: ByteView): RowVerdict {
    const state = (this.#state ??= newCheckState(view));
    state.view = view;
    state.path.length = 0;
    state.misfits.length = 0;
    state.unknown.length = 0;
    state.unknownKeys = undefined;
    state.keys.held = 0;
    try {
      const end = skipSpace(view, this.#row(state, skipSpace(view, 0)));
      if (end !== view.length) throw new JsonSyntaxError(end, 'nothing after the object');
    } catch (error) {
      const misfit = wholeRowMisfit(view, error);
      if (misfit === undefined) throw error;
      // Misfits found in text that is no JSON would lead people astray.
      return { misfits: [misfit], unknown: [] };
    }
    return state;
  }
}

function wholeRowMisfit(view: ByteView, error: unknown): Misfit | undefined {
  if (error instanceof JsonSyntaxError) {
    const { position, expected } = error;
    const found = position >= view.length ? 'the end of the row' : excerpt(view, position, view.length);
    return { reason: 'syntax', field: '', expected: `JSON: ${expected}`, found, byteOffset: position };
  }
  if (error instanceof JsonDepthError) {
    const { position } = error;
    const expected = `at most ${MAX_JSON_DEPTH} levels of nesting`;
    return {
      reason: 'too_deep',
      field: '',
      expected,
      found: excerpt(view, position, view.length),
      byteOffset: position,
    };
  }
  return undefined;
}

/** Which fields feed derived columns, through however many of them, and so must stay within what a conversion can take. */
export function derivedNeeds(logType: LogType): Map<string, DerivedNeed> {
  const needs = new Map<string, DerivedNeed>();
  const origin = new Map<string, string>();
  for (const column of logType.columns) {
    const field = origin.get(column.from) ?? column.from;
    origin.set(column.name, field);
    if (column.unit !== undefined)
      needs.set(field, { ...needs.get(field), unit: narrower(needs.get(field)?.unit, column.unit) });
    else if (column.timeZone !== undefined) needs.set(field, { ...needs.get(field), zoned: true });
  }
  return needs;
}

/** A field read in two units must stay within the range of both: the longer unit's is the smaller one. */
function narrower(former: EpochUnit | undefined, unit: EpochUnit): EpochUnit {
  const order: readonly EpochUnit[] = ['s', 'ms', 'us'];
  return former !== undefined && order.indexOf(former) < order.indexOf(unit) ? former : unit;
}
