// Names that are found by their bytes.

@inline
export function equals(a: usize, b: usize, length: usize): bool {
  for (let index: usize = 0; index < length; index++)
    if (load<u8>(a + index) != load<u8>(b + index)) return false;
  return true;
}

/**
 * The place of the name that these bytes are, or -1.
 * @param slots Open addressing by FNV-1a, four 32-bit numbers a slot: where the name's bytes are (0 = an empty slot), how many, the name's
 * place, and nothing. @param mask The number of slots, a power of two, less one.
 */
export function find(slots: usize, mask: u32, name: usize, length: usize): i32 {
  let hash: u32 = 0x811c9dc5;
  for (let index: usize = 0; index < length; index++) hash = (hash ^ load<u8>(name + index)) * 0x01000193;
  let slot = hash & mask;
  while (true) {
    const at = slots + (<usize>slot << 4);
    const bytes = load<u32>(at);
    if (bytes == 0) return -1;
    if (load<u32>(at, 4) == <u32>length && equals(bytes, name, length)) return load<i32>(at, 8);
    slot = (slot + 1) & mask;
  }
}
