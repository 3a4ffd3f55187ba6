import { hourPath, type FolderHour } from './hour.ts';

/** Digits of a fingerprint or digest in an object's name: 48 bits tell the attempts and parts of one hour apart. */
const SHORT = 12;

/** `<table>/YYYY/MM/DD/HH/<fingerprint12>-<shard>-<part>-<sha256 12>.ndjson[.gz]`: no epoch in it, never overwritten. */
export function partKey(
  table: string,
  hour: FolderHour,
  part: { fingerprint: string; shard: string; index: number; sha256: string; gzip: boolean },
): string {
  const name = [part.fingerprint.slice(0, SHORT), part.shard, part.index, part.sha256.slice(0, SHORT)].join(
    '-',
  );
  return `${table}/${hourPath(hour)}/${name}.ndjson${part.gzip ? '.gz' : ''}`;
}

/** Where the loader puts the rows of a part that it may load, when it may not load all of them as they are. */
export function loadCopyKey(
  partObject: string,
  version: string,
  file: { sha256: string; gzip: boolean },
): string {
  const base = partObject.replace(/\.ndjson(\.gz)?$/, '');
  return `_load/${base}-${version}-${file.sha256.slice(0, SHORT)}.ndjson${file.gzip ? '.gz' : ''}`;
}

export function manifestPrefix(hour: FolderHour): string {
  return `manifests/${hourPath(hour)}/`;
}

export function manifestKey(hour: FolderHour, epoch: number): string {
  return `${manifestPrefix(hour)}${epoch}.json`;
}

/** The epoch that a key below `manifests/` names, or undefined where it is none of ours. */
export function epochOfKey(key: string): number | undefined {
  const digits = /\/([1-9][0-9]*)\.json$/.exec(key)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * `plans/YYYY/MM/DD/HH/<epoch>-<basis12>-<slot>.json`: how an hour is spread over shards. Not by fingerprint: two pods that listed
 * the hour differently must meet at one name to agree on one plan.
 */
export function shardPlanKey(
  hour: FolderHour,
  { epoch, basis, slot }: { epoch: number; basis: string; slot: number },
): string {
  return `plans/${hourPath(hour)}/${epoch}-${basis.slice(0, SHORT)}-${slot}.json`;
}

/** Below it are the records of a plan's shards. @param plan Digest of the plan. */
export function shardRecordPrefix(hour: FolderHour, plan: string): string {
  return `shards/${hourPath(hour)}/${plan.slice(0, SHORT)}/`;
}

/** `shards/YYYY/MM/DD/HH/<plan12>/<index>.json`. */
export function shardRecordKey(hour: FolderHour, plan: string, index: number): string {
  return `${shardRecordPrefix(hour, plan)}${index}.json`;
}

/** The index that a key below a `shardRecordPrefix` names, or undefined where it is none of ours. */
export function shardOfKey(key: string): number | undefined {
  const digits = /\/(0|[1-9][0-9]*)\.json$/.exec(key)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * Where set-aside bytes lie: `quarantine` and `rejects` in records; `_shards` in staging, where one shard's quarantine waits to become
 * part of the hour's.
 */
export type SetAsideArea = 'quarantine' | 'rejects' | '_shards';

/** `<area>/YYYY/MM/DD/HH/<epoch>-<what>-<sha256 12>.bin.gz` and `.index.ndjson.gz` beside it. */
export function setAsideKey(
  area: SetAsideArea,
  hour: FolderHour,
  name: { epoch: number; what: string; sha256: string; suffix: 'bin.gz' | 'index.ndjson.gz' },
): string {
  return `${area}/${hourPath(hour)}/${name.epoch}-${name.what}-${name.sha256.slice(0, SHORT)}.${name.suffix}`;
}
