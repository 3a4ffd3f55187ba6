import { DirectoryStore } from '../adapters/directory/directory-store.ts';
import { UsageError } from '../core/errors.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { Warehouse } from '../core/ports/warehouse.ts';
import type { Scratch } from '../core/scratch/scratch.ts';
import { suggestion } from './suggest.ts';

const STORE_SCHEMES = ['file'];
const WAREHOUSE_SCHEMES = ['duckdb'];
/** Part of the design, and not of this version. */
const LATER_SCHEMES = ['s3', 'gs', 'bigquery'];

/** @throws UsageError for a scheme that this version does not carry. */
export function openStore(what: string, url: string): ObjectStore {
  const { path } = splitUrl(what, url, STORE_SCHEMES);
  return new DirectoryStore(path);
}

/** The engine is loaded only when its scheme is used: a pod that classifies never pays for it. */
export async function openWarehouse(
  url: string,
  scratch: Scratch,
  options: { lockTimeoutMs: number; signal: AbortSignal },
): Promise<Warehouse> {
  const { path } = splitUrl('--warehouse', url, WAREHOUSE_SCHEMES);
  const { DuckDbWarehouse } = await import('../adapters/duckdb/duckdb-warehouse.ts');
  return new DuckDbWarehouse(path, scratch, options);
}

function splitUrl(what: string, url: string, schemes: readonly string[]): { scheme: string; path: string } {
  const [, scheme, rest] = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(url) ?? [];
  const path = rest?.startsWith('//') ? rest.slice(2) : rest;
  if (scheme !== undefined && schemes.includes(scheme) && path) return { scheme, path };
  const later = scheme !== undefined && LATER_SCHEMES.includes(scheme);
  const hint = later
    ? ', which this version does not carry yet'
    : scheme === undefined
      ? ''
      : suggestion(scheme, schemes);
  throw new UsageError(
    `${what}: expected ${schemes.map((known) => `${known}:<path>`).join(' or ')}, found "${url}"${hint}`,
  );
}

/** Records default to a folder of staging. */
export function recordsUrl(staging: string, records: string | undefined): string {
  return records ?? `${staging.replace(/\/+$/, '')}/_records`;
}
