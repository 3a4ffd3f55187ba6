import type { Card, LineKind } from './deck.ts';

/** Exact counts. lines = sum of rows + broken + untyped + unknownType + blank. */
export interface SampleCounts {
  readonly lines: number;
  readonly blank: number;
  /** By log type: every line that is staged under it, misfits included. Types that do not occur are missing. */
  readonly rows: Readonly<Record<string, number>>;
  readonly planted: {
    /** Cut short, not one JSON object, or not UTF-8. */
    readonly broken: number;
    /** JSON objects without a text under `log_type` at the top level. */
    readonly untyped: number;
    /** Of a type that has no schema. */
    readonly unknownType: number;
    /** By log type: rows that break their schema. Types without any are missing. */
    readonly misfits: Readonly<Record<string, number>>;
  };
}

/** The counts are known before anything is written: they are what the deck was dealt. */
export function countCards(cards: readonly Card[]): SampleCounts {
  const sum = (...kinds: readonly LineKind[]): number =>
    cards.reduce((total, { kind, count }) => (kinds.includes(kind) ? total + count : total), 0);
  const rows: Record<string, number> = {};
  const misfits: Record<string, number> = {};
  for (const { kind, type, count } of cards) {
    if (kind === 'row' || kind === 'misfit') rows[type] = (rows[type] ?? 0) + count;
    if (kind === 'misfit') misfits[type] = count;
  }
  return {
    lines: sum('row', 'misfit', 'broken', 'untyped', 'unknownType', 'blank'),
    blank: sum('blank'),
    rows,
    planted: { broken: sum('broken'), untyped: sum('untyped'), unknownType: sum('unknownType'), misfits },
  };
}
