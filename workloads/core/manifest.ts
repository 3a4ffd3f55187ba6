import { canonicalJson, sha256, sha256Of } from './digest.ts';
import { parseDocument } from './document.ts';
import { ConservationError } from './errors.ts';
import type { FolderHour } from './hour.ts';

/** The format of this file; a reader refuses what it does not know. */
export const MANIFEST_VERSION = 1;

/** A source object as it was classified. Lines and bytes are of its decompressed content. */
export interface ManifestSource {
  readonly key: string;
  readonly etag: string;
  /** Bytes as stored in the source. */
  readonly size: number;
  readonly lines: number;
  readonly bytes: number;
  /** Why it was quarantined whole; it then counts no lines. */
  readonly damaged?: string;
}

/** One staged part. */
export interface StagedObject {
  readonly key: string;
  readonly rows: number;
  /** Uncompressed bytes, newlines included. */
  readonly bytes: number;
  /** Bytes as stored in staging. */
  readonly size: number;
  readonly crc32c: string;
  readonly sha256: string;
}

/** A type's share of the hour; types without rows are listed too, so that stale rows of a former epoch are removed. */
export interface ManifestType {
  readonly type: string;
  readonly table: string;
  readonly rows: number;
  readonly bytes: number;
  readonly objects: readonly StagedObject[];
}

/** What splitting objects found: all of an hour's, or those of one shard. */
export interface SplitFindings {
  readonly sources: readonly ManifestSource[];
  readonly blank: number;
  readonly staged: number;
  readonly quarantined: number;
  /** Quarantined lines by reason. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Lines whose type key came more than once; the last one counted. */
  readonly duplicateTypeKeys: number;
  readonly types: readonly ManifestType[];
}

/** Lines of all objects. */
export function linesOf({ sources }: Pick<SplitFindings, 'sources'>): number {
  return sources.reduce((sum, { lines }) => sum + lines, 0);
}

/** Nothing was replayed. */
export const NONE_REPLAYED = { count: 0, digest: '' } as const;

/** A pair of set-aside files in records. */
export interface SetAsideFiles {
  readonly bin: string;
  readonly index: string;
  /** Entries of the index. */
  readonly records: number;
}

/** The commit record of one epoch of one folder hour: what it names counts, and nothing else does. */
export interface Manifest extends SplitFindings {
  readonly version: typeof MANIFEST_VERSION;
  readonly hour: FolderHour;
  readonly epoch: number;
  readonly identity: string;
  readonly fingerprint: string;
  readonly typeKey: string;
  readonly lines: number;
  readonly damaged: boolean;
  readonly quarantine: SetAsideFiles | null;
  /** Quarantined records that a replay gave a type, in this epoch and those it was made from: how many, and a digest over their ids. */
  readonly replayed: { readonly count: number; readonly digest: string };
  /** How often the hour was split anew though nothing had changed, because staging had lost its parts (`--again`). */
  readonly again: number;
}

/** The bytes of a manifest: a function of its content only. */
export function serialiseManifest(manifest: Manifest): string {
  return `${canonicalJson(manifest)}\n`;
}

/** SHA-256 of the manifest's bytes. */
export function manifestDigest(manifest: Manifest): string {
  return sha256(serialiseManifest(manifest));
}

/** Equal digests mean the same staged bytes, so that an unchanged type is carried into a new epoch without a load. */
export function contentDigest(entry: ManifestType): string {
  return sha256Of(entry.objects.values().map((object) => `${object.rows} ${object.sha256}`));
}

/** @throws TerminalError where the bytes are no manifest of a version that this program knows. */
export function parseManifest(key: string, text: string): Manifest {
  return parseDocument<Manifest>('Manifest', key, text, MANIFEST_VERSION);
}

/** A type's entry; without objects the entry of a type that has no row. */
export function manifestType(type: string, table: string, objects: readonly StagedObject[]): ManifestType {
  return {
    type,
    table,
    rows: objects.reduce((sum, { rows }) => sum + rows, 0),
    bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0),
    objects,
  };
}

/** The figures that a manifest and a shard's record must both balance. */
export type Conserved = SplitFindings & Pick<Manifest, 'hour' | 'quarantine'>;

/**
 * Hour: lines = staged + quarantined + blank, and each total is the sum of its parts. Checked before every manifest is written.
 * @throws ConservationError that names the two figures.
 */
export function assertConserved(manifest: Manifest): void {
  const where = `Hour ${manifest.hour}, epoch ${manifest.epoch}`;
  assertEqual(manifest, where, 'lines = lines of all objects', manifest.lines, linesOf(manifest));
  assertBalanced(manifest, where);
}

/**
 * The same of an hour's share.
 * @param where Begins the message: whose figures these are.
 */
export function assertBalanced(found: Conserved, where: string): void {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const equal = (what: string, expected: number, is: number): void =>
    assertEqual(found, where, what, expected, is);
  const { staged, quarantined, blank, types, reasons, sources, quarantine } = found;
  equal('lines = staged + quarantined + blank', linesOf(found), staged + quarantined + blank);
  equal('staged = rows of all types', staged, sum(types.map(({ rows }) => rows)));
  equal('quarantined = lines of all reasons', quarantined, sum(Object.values(reasons)));
  for (const { type, rows, objects } of types)
    equal(`rows of ${type} = rows of its parts`, rows, sum(objects.map((object) => object.rows)));
  const damaged = sources.filter((source) => source.damaged !== undefined);
  equal(
    'quarantined + damaged objects = quarantine records',
    quarantined + damaged.length,
    quarantine?.records ?? 0,
  );
}

function assertEqual(
  { hour }: Pick<Manifest, 'hour'>,
  where: string,
  what: string,
  expected: number,
  found: number,
): void {
  if (expected === found) return;
  throw new ConservationError(`${where}: ${what}: ${expected} is not ${found}`, {
    advice: 'Nothing was committed. This is a defect of logferry: keep the source and report it.',
    context: { hour, expected, found },
  });
}
