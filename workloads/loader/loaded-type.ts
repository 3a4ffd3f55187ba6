import { messageOf } from '../core/errors.ts';
import type { LedgerRow } from '../core/ledger.ts';
import type { Manifest, ManifestType } from '../core/manifest.ts';
import type { TypeWork } from './type-work.ts';

/** What became of one type of an hour. */
export interface LoadedType {
  readonly type: string;
  readonly staged: number;
  readonly rejected: number;
  /** Rows in the table. */
  readonly loaded: number;
  /** `waiting`: another lane's, or not asked for. */
  readonly state: 'loaded' | 'empty' | 'carried' | 'unchanged' | 'failed' | 'waiting';
  readonly error?: unknown;
  /** What an operator should know, such as a schema that changed since. */
  readonly note?: string;
}

/** A type as its ledger row tells it. */
export function describe({ type, rows: staged }: ManifestType, row: LedgerRow): LoadedType {
  const state = row.state === 'carried' ? 'carried' : row.state === 'empty' ? 'empty' : 'loaded';
  return { type, staged, rejected: row.rejected, loaded: row.rows, state };
}

/** A type that was not asked for: another lane's, or not named by `--types`. */
export function waiting(
  { type, rows: staged }: ManifestType,
  committed: LedgerRow | undefined,
  { epoch }: Manifest,
): LoadedType {
  if (committed?.epoch !== epoch) return { type, staged, rejected: 0, loaded: 0, state: 'waiting' };
  return { type, staged, rejected: committed.rejected, loaded: committed.rows, state: 'unchanged' };
}

export function failed({ entry }: TypeWork, error: unknown): LoadedType {
  return {
    type: entry.type,
    staged: entry.rows,
    rejected: 0,
    loaded: 0,
    state: 'failed',
    error,
    note: messageOf(error),
  };
}

/** staged = loaded + rejected; a type that nobody asked for proves and disproves nothing. */
export function isConserved({ staged, rejected, loaded, state }: LoadedType): boolean {
  return state === 'waiting' || (state !== 'failed' && staged === loaded + rejected);
}
