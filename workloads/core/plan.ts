import { canonicalJson, compareUtf8, sha256, sha256Of } from './digest.ts';
import type { ObjectInfo } from './ports/object-store.ts';

/** The snapshot of an hour's source objects that one classification works from, sorted by key in byte order. */
export type Plan = readonly ObjectInfo[];

/** Sorted, each key once: a listing may repeat a key across pages when objects come and go meanwhile. */
export function makePlan(objects: Iterable<ObjectInfo>): Plan {
  const byKey = new Map<string, ObjectInfo>();
  for (const { key, etag, size } of objects) byKey.set(key, { key, etag, size });
  return [...byKey.values()].sort((a, b) => compareUtf8(a.key, b.key));
}

/** SHA-256 over the sorted plan. */
export function fingerprintOf(plan: Plan): string {
  return sha256Of(plan.values().map(({ key, etag, size }) => canonicalJson([key, etag, size])));
}

/** What makes two epochs of an hour the same work: equal identity = nothing to do. */
export interface Identity {
  readonly fingerprint: string;
  readonly typeKey: string;
  /** Sorted. */
  readonly typeNames: readonly string[];
  /** Digest over the ids of the quarantined records that were replayed into this epoch; empty for none. */
  readonly replayed: string;
  /** How often the hour was split anew though nothing had changed (`--again`). */
  readonly again: number;
}

export function identityOf({ fingerprint, typeKey, typeNames, replayed, again }: Identity): string {
  return sha256(fingerprint, typeKey, canonicalJson([...typeNames].sort()), replayed, String(again));
}

/** An object that the last committed plan had and the new one lacks or has smaller. */
export interface Shrinkage {
  readonly key: string;
  readonly before: number;
  /** Bytes now; undefined where the object is gone. */
  readonly now: number | undefined;
}

/** What was lost since the last committed plan: never followed without `--allow-shrink` (design 4.6). */
export function shrinkageOf(before: Plan, now: Plan): Shrinkage[] {
  const sizes = new Map(now.map(({ key, size }) => [key, size]));
  return before.flatMap(({ key, size }) => {
    const current = sizes.get(key);
    return current === undefined || current < size ? [{ key, before: size, now: current }] : [];
  });
}
