import type { Line } from '../../core/lines/line.ts';
import { Budget } from './budget.ts';
import { LineCheck, type RowDefect, type SkipReason } from './line-check.ts';
import { RowRecorder } from './record-row.ts';
import { TypeStats } from './type-stats.ts';

/** Types that a run tells apart: as many schema files as people can still review, and a bound for memory. */
const MAX_TYPES = 1_000;

/** Counts by reason; a reason that never came has no entry. */
export class Tally<Reason extends string> {
  readonly counts: Partial<Record<Reason, number>> = {};

  add(reason: Reason, count = 1): void {
    this.counts[reason] = (this.counts[reason] ?? 0) + count;
  }
}

/** What all lines of a run say, type by type. */
export class Statistics {
  readonly types = new Map<string, TypeStats>();
  readonly skipped = new Tally<SkipReason | 'too_many_types'>();
  /** Rows of known types that no schema accepts; for the notes of the type. */
  readonly defects = new Map<string, Tally<RowDefect>>();
  readonly #typeKey: string;
  readonly #budget = new Budget();
  readonly #check: LineCheck;
  readonly #recorder: RowRecorder;

  constructor(typeKey: string, maxDepth: number) {
    this.#typeKey = typeKey;
    this.#check = new LineCheck(typeKey);
    this.#recorder = new RowRecorder(maxDepth);
  }

  add(line: Line): void {
    const verdict = this.#check.check(line);
    if ('reason' in verdict) {
      this.skipped.add(verdict.reason);
      if ('type' in verdict) this.#noteDefect(verdict.type, verdict.reason);
      return;
    }
    const stats = this.#typeStats(verdict.type);
    if (stats === undefined) this.skipped.add('too_many_types');
    else this.#recorder.record(stats, line.view);
  }

  #typeStats(type: string): TypeStats | undefined {
    const known = this.types.get(type);
    if (known !== undefined || this.types.size >= MAX_TYPES) return known;
    const stats = new TypeStats(type, this.#typeKey, this.#budget);
    this.types.set(type, stats);
    return stats;
  }

  #noteDefect(type: string, reason: RowDefect): void {
    let tally = this.defects.get(type);
    if (tally === undefined) {
      if (this.defects.size >= MAX_TYPES) return;
      this.defects.set(type, (tally = new Tally()));
    }
    tally.add(reason);
  }
}
