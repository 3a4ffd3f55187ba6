import { hourTimestamp } from '../core/hour.ts';
import { contentDigest, manifestDigest, type SetAsideFiles } from '../core/manifest.ts';
import type { LedgerRow } from '../core/ledger.ts';
import type { LedgerEntry } from '../core/sql/commit.ts';
import type { Decision } from './decide.ts';
import type { TypeWork } from './type-work.ts';

/** What a decision, once carried out, is written down as. @param loadedAt ISO instant. */
export function ledgerEntry(
  loadedAt: string,
  { manifest, entry, logType }: TypeWork,
  decision: Exclude<Decision, { action: 'none' | 'refuse' }>,
  { rejected, files }: { readonly rejected: number; readonly files: SetAsideFiles | null },
): LedgerEntry {
  const base = {
    logType: entry.type,
    table: entry.table,
    folderHour: hourTimestamp(manifest.hour),
    epoch: manifest.epoch,
    content: contentDigest(entry),
    manifest: manifestDigest(manifest),
    loadedAt,
  };
  if (decision.action === 'carry') {
    const {
      schemaVersion,
      staged,
      rows,
      rejected: former,
      loadEpoch,
      loadRevision,
      rejectsBin,
    } = decision.committed;
    const load = { schemaVersion, staged, rows, rejected: former, loadEpoch, loadRevision, rejectsBin };
    return { ...base, ...load, revision: decision.revision, state: 'carried' };
  }
  const { revision } = decision;
  return {
    ...base,
    revision,
    state: decision.action === 'empty' ? 'empty' : 'loaded',
    schemaVersion: logType?.version ?? 'none',
    staged: entry.rows,
    rows: entry.rows - rejected,
    rejected,
    loadEpoch: manifest.epoch,
    loadRevision: revision,
    rejectsBin: files?.bin ?? null,
  };
}

/** The row that the ledger gives back of an entry. */
export function rowOf(entry: LedgerEntry): LedgerRow {
  const { table, epoch, revision, state, schemaVersion, staged, rows, rejected } = entry;
  const { loadEpoch, loadRevision, content, manifest, rejectsBin } = entry;
  const figures = { epoch, revision, state, schemaVersion, staged, rows, rejected, loadEpoch, loadRevision };
  return { type: entry.logType, table, ...figures, content, manifest, rejectsBin };
}
