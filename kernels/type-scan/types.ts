// The type key and the types' names, by their bytes.
import { equals, find } from '../json/names';

let key: usize = 0;
let keyLength: usize = 0;
let slots: usize = 0;
let slotMask: u32 = 0;

/** @param keyAt Of the type key's bytes. @param slotsAt The types' names, as json/names.ts finds them. @param mask Theirs. */
export function knowTypes(keyAt: usize, keyBytes: usize, slotsAt: usize, mask: u32): void {
  key = keyAt;
  keyLength = keyBytes;
  slots = slotsAt;
  slotMask = mask;
}

@inline
export function isTypeKey(name: usize, length: usize): bool {
  return length == keyLength && equals(name, key, length);
}

/** The place of the type whose name these bytes are, or -1. */
@inline
export function placeOfType(name: usize, length: usize): i32 {
  return find(slots, slotMask, name, length);
}
