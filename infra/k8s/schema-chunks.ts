import { canonicalJson, sha256 } from '../../workloads/core/digest.ts';
import { Refusal } from '../refusal.ts';

/** Content by file name. */
export type SchemaFiles = Readonly<Record<string, string>>;

/** The files of one ConfigMap. */
export interface SchemaChunk {
  /** Of the content alone: equal files have one name, wherever and whenever they are deployed. */
  readonly name: string;
  readonly files: SchemaFiles;
}

/** Kubernetes: a ConfigMap's values have at most 1 MiB together (1,048,576 bytes). */
const LIMIT_BYTES = 2 ** 20;

/** Room for the object's own fields: etcd takes requests of 1.5 MiB, names and managed fields included. */
const CHUNK_BYTES = LIMIT_BYTES - 64 * 2 ** 10;

/** Bytes that a file takes besides its name and content: the marks around both, in the data and in the managed fields. */
const ENTRY_BYTES = 32;

/** Hexadecimal digits: 48 bits tell any number of generations apart. */
const DIGEST_LENGTH = 12;

/**
 * Spreads schema files over as few ConfigMaps as their order by name allows.
 * @throws Refusal where a file is too large for any
 */
export function schemaChunks(files: SchemaFiles): readonly SchemaChunk[] {
  assertFilesFit(files);
  const chunks: { entries: [string, string][]; bytes: number }[] = [];
  for (const [file, content] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const bytes = entryBytes(file, content);
    const last = chunks.at(-1);
    if (last === undefined || last.bytes + bytes > CHUNK_BYTES)
      chunks.push({ entries: [[file, content]], bytes });
    else {
      last.entries.push([file, content]);
      last.bytes += bytes;
    }
  }
  return chunks.map(({ entries }) => {
    const content = Object.fromEntries(entries);
    return { name: `schemas-${filesDigest(content)}`, files: content };
  });
}

/** Twelve hexadecimal digits over names and contents, in whatever order they come. */
export function filesDigest(files: SchemaFiles): string {
  return sha256(canonicalJson(files)).slice(0, DIGEST_LENGTH);
}

/** A name is stored twice: as the key, and among the managed fields. */
function entryBytes(file: string, content: string): number {
  return Buffer.byteLength(content) + 2 * Buffer.byteLength(file) + ENTRY_BYTES;
}

/** @throws Refusal that lists every file which no ConfigMap can hold */
export function assertFilesFit(files: SchemaFiles): void {
  const problems = Object.entries(files)
    .filter(([file, content]) => entryBytes(file, content) > CHUNK_BYTES)
    .map(([file, content]) => tooLarge(file, content));
  if (problems.length > 0) throw new Refusal(problems.join('\n'));
}

function tooLarge(file: string, content: string): string {
  return (
    `Schemas: ${file}: expected at most ${CHUNK_BYTES - entryBytes(file, '')} bytes (a Kubernetes ConfigMap holds 1 MiB), ` +
    `found ${Buffer.byteLength(content)}; shorten its descriptions, make nested records one JSON field, or split the log type.`
  );
}
