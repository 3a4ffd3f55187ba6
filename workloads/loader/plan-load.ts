import { MissingWarehouseError, NotReadyError } from '../core/errors.ts';
import type { FolderHour } from '../core/hour.ts';
import type { LedgerRow } from '../core/ledger.ts';
import type { Manifest } from '../core/manifest.ts';
import { latestManifest } from '../core/records.ts';
import type { LoaderContext } from './context.ts';
import { decide, type Decision } from './decide.ts';
import { readLedger } from './read-ledger.ts';

/** The newest manifest of an hour. @throws NotReadyError where the hour was never classified. */
export async function manifestOf(
  { records }: Pick<LoaderContext, 'records'>,
  hour: FolderHour,
): Promise<Manifest> {
  const manifest = await latestManifest(records, hour);
  if (manifest !== undefined) return manifest;
  throw new NotReadyError(`Hour ${hour}: expected a manifest in ${records.url}, found none`, {
    advice: 'Classify the hour first ("logferry classify" or "logferry run").',
    context: { hour },
  });
}

/** What a load would do with each type, without writing anything. */
export async function planLoad(
  context: LoaderContext,
  hour: FolderHour,
): Promise<{ manifest: Manifest; decisions: ReadonlyMap<string, Decision> }> {
  const manifest = await manifestOf(context, hour);
  const ledger = await context.warehouse
    .session((session) => readLedger(session, hour), { readOnly: true })
    .catch((error: unknown) => {
      if (error instanceof MissingWarehouseError) return new Map<string, LedgerRow>();
      throw error;
    });
  const decisions = new Map(
    manifest.types.map(
      (entry) => [entry.type, decide(manifest, entry, ledger.get(entry.type), context.reload)] as const,
    ),
  );
  return { manifest, decisions };
}
