import type { ByteView } from '../bytes/byte-view.ts';
import type { LogType } from '../schema/log-type.ts';
import { FastCheck } from './fast/fast-check.ts';
import { ThoroughCheck, type RowVerdict } from './thorough-check.ts';

export type { RowVerdict } from './thorough-check.ts';

/**
 * The strict check of one type's rows: accepts the subset of rows that BigQuery stores unchanged (docs/schemas.md has the table
 * of forms and their sources), and names everything that is wrong with any other.
 */
export class RowCheck {
  readonly #fast: FastCheck;
  readonly #thorough: ThoroughCheck;
  readonly #proved: RowVerdict;

  constructor(logType: LogType) {
    this.#fast = new FastCheck(logType);
    this.#thorough = new ThoroughCheck(logType);
    this.#proved = { misfits: [], unknown: this.#fast.unknown };
  }

  /** @param view A row: UTF-8, without its newline. */
  check(view: ByteView): RowVerdict {
    const { bytes, start } = view;
    if (bytes !== undefined && this.#fast.proves(bytes, start, start + view.length)) return this.#proved;
    return this.#thorough.check(view);
  }
}
