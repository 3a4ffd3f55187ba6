/** FNV-1a, 32 bits, of no bytes yet. Names that collide are told apart by their bytes. */
export const HASH_SEED = 0x811c9dc5 | 0;

/** The hash with one byte more. */
export function mixHash(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193);
}

/** Of a name; `kernels/json/names.ts` reckons the same. */
export function hashOfName(name: Uint8Array): number {
  return name.reduce(mixHash, HASH_SEED);
}
