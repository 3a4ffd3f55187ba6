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

/** `quarantine|rejects/YYYY/MM/DD/HH/<epoch>-<what>-<sha256 12>.bin.gz` and `.index.ndjson.gz` beside it. */
export function setAsideKey(
  area: 'quarantine' | 'rejects',
  hour: FolderHour,
  name: { epoch: number; what: string; sha256: string; suffix: 'bin.gz' | 'index.ndjson.gz' },
): string {
  return `${area}/${hourPath(hour)}/${name.epoch}-${name.what}-${name.sha256.slice(0, SHORT)}.${name.suffix}`;
}
