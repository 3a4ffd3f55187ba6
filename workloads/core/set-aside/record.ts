import type { DamageReason } from '../compression/damage.ts';

/** One thing wrong with a rejected row; `byteOffset` is in the uncompressed object. */
export interface RecordedMisfit {
  readonly reason: string;
  readonly field: string;
  readonly expected: string;
  readonly found: string;
  readonly byteOffset: number;
}

/** One entry of an index of set-aside bytes: where they came from, why, and where they lie in the bin (design 5.2). */
export interface SetAsideRecord {
  /** Stable across runs: the same bytes of the same object version have the same id. */
  readonly id: string;
  readonly object: string;
  readonly etag: string;
  /** 1-based line; null where the whole object was set aside. */
  readonly line: number | null;
  /** In the decompressed object. */
  readonly byteOffset: number;
  readonly length: number;
  /** In the uncompressed bin. */
  readonly binOffset: number;
  readonly type: string | null;
  readonly reason: string;
  readonly field: string | null;
  readonly expected: string | null;
  readonly found: string | null;
  /** Rejects only: all that is wrong with the row, the first of which is spelled out above. */
  readonly misfits?: readonly RecordedMisfit[];
  /** Rejects only: the first KiB of the row, for people who query the rejects table. */
  readonly head?: string;
}

/** The reasons for quarantine, as docs/operations.md lists them. */
export type QuarantineReason =
  | 'too_long'
  | 'not_utf8'
  | 'raw_nul'
  | 'not_object'
  | 'too_deep'
  | 'no_type'
  | 'type_not_string'
  | 'unknown_type'
  | `object_${DamageReason}`;
