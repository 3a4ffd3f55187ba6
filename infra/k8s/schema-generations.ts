import { gunzipSync, gzipSync } from 'node:zlib';
import { canonicalJson } from '../../workloads/core/digest.ts';
import { filesDigest, type SchemaFiles } from './schema-chunks.ts';

/**
 * One state of the schema folder, as the stack keeps it among its outputs. A pod that is retried mounts the ConfigMaps of the
 * firing it belongs to, so those of former states stay for a while; the program can only keep what it declares anew each time.
 */
export interface SchemaGeneration {
  /** Twelve hexadecimal digits over names and contents. */
  readonly hash: string;
  /** Base64 of gzip of a JSON object: content by file name. */
  readonly gz: string;
}

/**
 * How many states stay declared, the newest included. A Job lasts below an hour, so it would take three schema changes within
 * that hour to take a running one's files away; and then the next firing needs none of them.
 */
export const GENERATIONS_KEPT = 3;

/**
 * What a run keeps, newest first: the files as they are, and the states before them. Equal files give an equal list; a state that
 * comes back moves to the front. What cannot be read is left out: the preview shows that its ConfigMaps go.
 */
export function nextGenerations(
  previous: readonly SchemaGeneration[],
  files: SchemaFiles,
): readonly SchemaGeneration[] {
  const hash = filesDigest(files);
  const readable = previous.filter((generation) => filesOf(generation) !== undefined);
  // The packed bytes of one content may differ between zlib's versions: those that are stored stay.
  const current = readable.find((generation) => generation.hash === hash) ?? { hash, gz: pack(files) };
  const others = readable.filter(
    (generation, index) =>
      generation.hash !== hash && readable.findIndex((other) => other.hash === generation.hash) === index,
  );
  return [current, ...others].slice(0, GENERATIONS_KEPT);
}

/** The files of a generation, or undefined where it is not what its hash says. */
export function filesOf({ hash, gz }: SchemaGeneration): SchemaFiles | undefined {
  try {
    const files: unknown = JSON.parse(gunzipSync(Buffer.from(gz, 'base64')).toString('utf8'));
    return isFiles(files) && filesDigest(files) === hash ? files : undefined;
  } catch {
    return undefined;
  }
}

function pack(files: SchemaFiles): string {
  return gzipSync(canonicalJson(files), { level: 9 }).toString('base64');
}

function isFiles(value: unknown): value is SchemaFiles {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((content) => typeof content === 'string')
  );
}
