import type { ByteView } from '../bytes/byte-view.ts';
import { JsonDepthError, JsonSyntaxError, MAX_JSON_DEPTH, skipSpace } from '../json/scan.ts';
import type { LogType } from '../schema/log-type.ts';
import { derivedNeeds } from './derived-needs.ts';
import {
  excerpt,
  newCheckState,
  type CheckState,
  type Misfit,
  type UnknownMember,
  type ValueCheck,
} from './misfit.ts';
import { recordCheck } from './records.ts';

/** What is wrong with a row, and what of it no field lists. Valid until the next row is checked. */
export interface RowVerdict {
  /** Empty: BigQuery stores the row unchanged. */
  readonly misfits: readonly Misfit[];
  /** Members for the `unknown_fields` column (`unknownFields: keep`). */
  readonly unknown: readonly UnknownMember[];
}

/** The check that decides about every row and names what is wrong with it, wherever the row lies. */
export class ThoroughCheck {
  readonly #row: ValueCheck;
  #state: CheckState | undefined;

  constructor(logType: LogType) {
    this.#row = recordCheck(logType.fields, logType.unknownFields === 'keep', derivedNeeds(logType));
  }

  /** @param view A row: UTF-8, without its newline. */
  check(view: ByteView): RowVerdict {
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
