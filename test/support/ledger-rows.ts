import { hourTimestamp, type FolderHour } from '../../workloads/core/hour.ts';
import type { Stored } from './zetasql.ts';

/** A commit as tests of the ledger name it. */
export interface Committed {
  readonly hour: FolderHour;
  readonly type: string;
  readonly epoch: number;
  readonly revision?: number;
  readonly rows?: number;
  readonly rejected?: number;
  /** Epoch and revision of the load that a carried row stands for. */
  readonly carries?: readonly [number, number];
}

/** A commit's row in the ledger; `loaded_at` tells it from every other one. */
export function ledgerRow({
  hour,
  type,
  epoch,
  revision = 1,
  rows = 5,
  rejected = 0,
  carries,
}: Committed): Stored {
  const [loadEpoch, loadRevision] = carries ?? [epoch, revision];
  return {
    log_type: type,
    table_name: type,
    folder_hour: hourTimestamp(hour),
    epoch: String(epoch),
    revision: String(revision),
    state: carries ? 'carried' : rows === 0 ? 'empty' : 'loaded',
    schema_version: '0badcafe',
    staged: String(rows + rejected),
    row_count: String(rows),
    rejected: String(rejected),
    load_epoch: String(loadEpoch),
    load_revision: String(loadRevision),
    content: 'c'.repeat(64),
    manifest: 'd'.repeat(64),
    rejects_bin: rejected > 0 ? `rejects/${type}.bin.gz` : null,
    loaded_at: loadedAt(epoch, revision),
  };
}

export const loadedAt = (epoch: number, revision: number): string =>
  `2026-12-01T00:${String(epoch).padStart(2, '0')}:${String(revision).padStart(2, '0')}.125Z`;

export function hourRow(hour: FolderHour, epoch: number, quarantined: number): Stored {
  return {
    folder_hour: hourTimestamp(hour),
    epoch: String(epoch),
    line_count: '9',
    blank: '0',
    staged: String(9 - quarantined),
    quarantined: String(quarantined),
    damaged_objects: '0',
    loaded_at: loadedAt(epoch, 0),
  };
}

export function rejectRow({ hour, type, epoch, revision = 1 }: Committed, line: number): Stored {
  return {
    log_type: type,
    folder_hour: hourTimestamp(hour),
    epoch: String(epoch),
    revision: String(revision),
    id: `${type}-${String(line)}`,
    object: `${type}/part.ndjson.gz`,
    line: String(line),
    byte_offset: String(line * 100),
    reason: 'type',
    field: 'amount',
    expected: 'NUMERIC',
    found: '"many"',
    misfits: '[{"field":"amount","found":"\\"many\\""}]',
    head: null,
  };
}

/** Whether a commit takes the place of another one. */
export function supersedes(a: Committed, b: Committed): boolean {
  const newer = a.epoch > b.epoch || (a.epoch === b.epoch && (a.revision ?? 1) > (b.revision ?? 1));
  return a.hour === b.hour && a.type === b.type && newer;
}
