import { createHash } from 'node:crypto';

/** SHA-256 as 64 hexadecimal digits over the texts, each framed by its length so that ("ab","c") differs from ("a","bc"). */
export function sha256(...parts: readonly string[]): string {
  return sha256Of(parts);
}

/** The same over any number of texts: a hundred thousand would not fit into a call's arguments. */
export function sha256Of(parts: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('hex');
}

/** JSON with object keys in sorted order: equal values give equal bytes, whatever built them. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Byte order of UTF-8, which is how S3 and GCS list keys; JavaScript's own order differs above U+FFFF. */
export function compareUtf8(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}
