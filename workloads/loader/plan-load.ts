import { MissingWarehouseError, NotReadyError } from '../core/errors.ts';
import type { FolderHour } from '../core/hour.ts';
import type { LedgerRow } from '../core/ledger.ts';
import type { Manifest } from '../core/manifest.ts';
import type { WarehouseSession } from '../core/ports/warehouse.ts';
import { latestManifest } from '../core/records.ts';
import type { LoaderContext } from './context.ts';
import { decide, type Decision } from './decide.ts';
import { estimateLoad, type LoadCost } from './estimate-load.ts';
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

/** What a load would do. */
export interface LoadPlan {
  readonly manifest: Manifest;
  readonly decisions: ReadonlyMap<string, Decision>;
  /** Of the types that something would be done for; empty where the warehouse bills nothing. */
  readonly costs: readonly LoadCost[];
}

/** What a load would do with each type and what that would cost, without writing anything. */
export async function planLoad(context: LoaderContext, hour: FolderHour): Promise<LoadPlan> {
  const manifest = await manifestOf(context, hour);
  const plan = await context.warehouse
    .session((session) => planIn(context, session, manifest), { readOnly: true })
    .catch((error: unknown): LoadPlan => {
      if (!(error instanceof MissingWarehouseError)) throw error;
      return { manifest, decisions: decisionsOf(context, manifest, new Map()), costs: [] };
    });
  tellCosts(context, plan);
  return plan;
}

async function planIn(
  context: LoaderContext,
  session: WarehouseSession,
  manifest: Manifest,
): Promise<LoadPlan> {
  const decisions = decisionsOf(context, manifest, await readLedger(session, manifest.hour));
  const works = manifest.types.map((entry) => ({
    work: { manifest, entry, logType: context.schemas.get(entry.type) },
    decision: decisions.get(entry.type)!,
  }));
  return { manifest, decisions, costs: await estimateLoad(context, session, works) };
}

function decisionsOf(
  { reload }: LoaderContext,
  manifest: Manifest,
  ledger: ReadonlyMap<string, LedgerRow>,
): ReadonlyMap<string, Decision> {
  return new Map(
    manifest.types.map((entry) => [entry.type, decide(manifest, entry, ledger.get(entry.type), reload)]),
  );
}

/** One line an hour, in which machines find each type's share. */
function tellCosts({ logger }: LoaderContext, { manifest: { hour }, costs }: LoadPlan): void {
  if (costs.length === 0) return;
  const loadBytes = costs.reduce((sum, cost) => sum + cost.loadBytes, 0);
  const commitBytes = costs.reduce((sum, cost) => sum + (cost.commitBytes ?? 0), 0);
  const unknown = costs.filter((cost) => cost.commitBytes === undefined).length;
  const rest = unknown === 0 ? '' : `, and those of ${unknown} types, whose cost is not known`;
  const spell = (bytes: number): string => bytes.toLocaleString('en-US');
  logger.log(
    'INFO',
    `Hour ${hour}: load jobs would read ${spell(loadBytes)} bytes for nothing, commits about ${spell(commitBytes)} bytes that are billed${rest}`,
    { hour, loadBytes, commitBytes, costs },
  );
}
