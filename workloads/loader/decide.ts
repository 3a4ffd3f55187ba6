import type { LedgerRow } from '../core/ledger.ts';
import { contentDigest, type Manifest, type ManifestType } from '../core/manifest.ts';

/** What is to be done for one type of an hour. */
export type Decision =
  /** This epoch is committed. */
  | { readonly action: 'none'; readonly committed: LedgerRow }
  /** The rows are those of a former epoch: only the ledger moves on. */
  | { readonly action: 'carry'; readonly committed: LedgerRow; readonly revision: 1 }
  /** No rows: stale ones are removed by the same transaction, without a load. */
  | { readonly action: 'empty'; readonly revision: number }
  | { readonly action: 'load'; readonly revision: number }
  /** The ledger knows a higher epoch than the records do, or other rows under this one: somebody removed manifests. */
  | { readonly action: 'refuse'; readonly committed: LedgerRow };

/** @param committed The highest (epoch, revision) of this type and hour, if any. */
export function decide(
  manifest: Pick<Manifest, 'epoch'>,
  entry: ManifestType,
  committed: LedgerRow | undefined,
  reload: boolean,
): Decision {
  if (committed !== undefined && committed.epoch > manifest.epoch) return { action: 'refuse', committed };
  const sameEpoch = committed?.epoch === manifest.epoch;
  if (committed !== undefined) {
    const sameRows = committed.content === contentDigest(entry);
    // An epoch's staged rows never change: a reload of other rows would delete what the shrink guard protects.
    if (sameEpoch && !sameRows) return { action: 'refuse', committed };
    if (sameEpoch && !reload) return { action: 'none', committed };
    if (sameRows && !reload) return { action: 'carry', committed, revision: 1 };
  }
  const revision = committed !== undefined && sameEpoch ? committed.revision + 1 : 1;
  return { action: entry.rows === 0 ? 'empty' : 'load', revision };
}
