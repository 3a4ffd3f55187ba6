import { DirectoryStore } from '../adapters/directory/directory-store.ts';
import { UsageError } from '../core/errors.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { Warehouse } from '../core/ports/warehouse.ts';
import type { Scratch } from '../core/scratch/scratch.ts';
import { suggestion } from '../core/suggestion.ts';

/** What follows each scheme's colon, for messages. */
const STORE_SCHEMES = { file: '<path>', s3: '//<bucket>/<prefix>', gs: '//<bucket>/<prefix>' };
const WAREHOUSE_SCHEMES = {
  duckdb: '<path>',
  bigquery: '//<project>?raw=<dataset>&temp=<dataset>&ops=<dataset>&location=<location>',
};

/**
 * A cloud's SDK is loaded only when its scheme is used: a pod pays for what it speaks to.
 * @param what The setting, for messages.
 * @param options.mustExist Whether a directory that is not there is an error: a bucket always has to be.
 * @throws UsageError for a scheme that this version does not carry.
 */
export async function openStore(
  what: string,
  url: string,
  { signal, mustExist }: { readonly signal: AbortSignal; readonly mustExist: boolean },
): Promise<ObjectStore> {
  const { scheme, path } = splitUrl(what, url, STORE_SCHEMES);
  switch (scheme) {
    case 's3': {
      const { parseS3Url } = await import('../adapters/s3/s3-url.ts');
      const location = parseS3Url(what, url);
      const { S3Store } = await import('../adapters/s3/s3-store.ts');
      return new S3Store(location, { signal });
    }
    case 'gs': {
      const { parseGcsUrl } = await import('../adapters/gcs/gcs-url.ts');
      const location = parseGcsUrl(what, url);
      const { GcsStore } = await import('../adapters/gcs/gcs-store.ts');
      return new GcsStore(location, { signal });
    }
    default:
      return new DirectoryStore(path, { mustExist });
  }
}

/** The engine is loaded only when its scheme is used: a pod that classifies never pays for it. */
export async function openWarehouse(
  url: string,
  scratch: Scratch,
  options: { lockTimeoutMs: number; signal: AbortSignal },
): Promise<Warehouse> {
  const { scheme, path } = splitUrl('--warehouse', url, WAREHOUSE_SCHEMES);
  if (scheme === 'bigquery') {
    const { parseBigQueryUrl } = await import('../adapters/bigquery/bigquery-url.ts');
    const location = parseBigQueryUrl('--warehouse', url);
    const { BigQueryWarehouse } = await import('../adapters/bigquery/bigquery-warehouse.ts');
    return new BigQueryWarehouse(location, { signal: options.signal });
  }
  const { DuckDbWarehouse } = await import('../adapters/duckdb/duckdb-warehouse.ts');
  return new DuckDbWarehouse(path, scratch, options);
}

function splitUrl(
  what: string,
  url: string,
  forms: Readonly<Record<string, string>>,
): { scheme: string; path: string } {
  const schemes = Object.keys(forms);
  const [, scheme, rest] = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(url) ?? [];
  const path = rest?.startsWith('//') ? rest.slice(2) : rest;
  if (scheme !== undefined && schemes.includes(scheme) && path) {
    // A shell spells ~ out at a word's beginning alone: behind a scheme it would be a folder of that name.
    if (path === '~' || path.startsWith('~/'))
      throw new UsageError(`${what}: expected a path that is spelled out, found "${url}"`, {
        advice: `Write ${scheme}:"$HOME"${path.slice(1)}`,
      });
    return { scheme, path };
  }
  const known = scheme !== undefined && schemes.includes(scheme);
  const hint = known ? '' : scheme === undefined ? missingColon(url, schemes) : suggestion(scheme, schemes);
  throw new UsageError(
    `${what}: expected ${Object.entries(forms)
      .map(([known, form]) => `${known}:${form}`)
      .join(' or ')}, found "${url}"${hint}`,
  );
}

/** Of `s3//bucket`, and of a path alone. */
function missingColon(url: string, schemes: readonly string[]): string {
  const [, scheme = ''] = /^([a-z0-9]+)\/\//.exec(url) ?? [];
  if (schemes.includes(scheme)) return ` (${scheme} without its colon)`;
  return url === '' || url.includes(':') ? '' : ` (did you mean ${schemes[0]}:${url}?)`;
}

/** Records default to a folder of staging; what a URL of a cloud says behind `?` holds for both. */
export function recordsUrl(staging: string, records: string | undefined): string {
  if (records !== undefined) return records;
  const [, path = staging, parameters = ''] = /^((?:s3|gs):[^?]*)(\?.*)?$/s.exec(staging) ?? [];
  return `${path.replace(/\/+$/, '')}/_records${parameters}`;
}
