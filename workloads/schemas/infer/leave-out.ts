import type { Line } from '../../core/lines/line.ts';
import type { LineHandler } from '../../core/lines/splitter.ts';
import { RowCheck } from '../../core/rows/row-check.ts';
import { parseLogType } from '../../core/schema/parse.ts';
import { LineCheck } from './line-check.ts';

/** A type whose rows contradict each other, and its proposed schema. */
export interface Contradiction {
  readonly type: string;
  readonly table: string;
  readonly document: object;
}

/**
 * A number that only FLOAT holds, at a place where another row has text: the proposal (JSON) cannot accept both rows, and no
 * other could. The rows it leaves out are found by the row check itself, in a further reading; that is rare.
 */
export class LeftOut {
  /** Rows left out, by type. */
  readonly rows = new Map<string, number>();
  readonly #lineCheck: LineCheck;
  readonly #rowChecks: ReadonlyMap<string, RowCheck>;

  constructor(typeKey: string, contradictions: readonly Contradiction[]) {
    this.#lineCheck = new LineCheck(typeKey);
    this.#rowChecks = new Map(
      contradictions.map(({ type, table, document }) => {
        const parsed = parseLogType(`${table}.json`, JSON.stringify(document));
        if ('problems' in parsed)
          throw new TypeError(`inferred an invalid schema for ${type}: ${JSON.stringify(parsed.problems)}`);
        return [type, new RowCheck(parsed.logType)];
      }),
    );
  }

  readonly handler: LineHandler = (line: Line) => {
    const verdict = this.#lineCheck.check(line);
    if ('reason' in verdict) return;
    const check = this.#rowChecks.get(verdict.type);
    if (check === undefined || check.check(line.view).misfits.length === 0) return;
    this.rows.set(verdict.type, (this.rows.get(verdict.type) ?? 0) + 1);
  };
}
