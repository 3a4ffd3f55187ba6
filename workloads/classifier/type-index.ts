/** The known types by the bytes of their names, so that a line's type is found without making a string of it. */
export class TypeIndex {
  readonly names: readonly string[];
  readonly #bytes: readonly Buffer[];
  /** Open addressing: a name's place plus one, or 0 where a slot is empty. */
  readonly #slots: Int32Array;
  readonly #mask: number;

  constructor(names: Iterable<string>) {
    this.names = [...names];
    this.#bytes = this.names.map((name) => Buffer.from(name));
    // At most half full, so that a search for an unknown name ends after a slot or two.
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(this.names.length * 2 + 1)));
    this.#mask = this.#slots.length - 1;
    this.#bytes.forEach((bytes, index) => {
      let slot = hashOf(bytes, 0, bytes.length) & this.#mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = index + 1;
    });
  }

  /** The place in `names` of the name that `bytes[start..end)` spells, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    let slot = hashOf(bytes, start, end) & this.#mask;
    for (;;) {
      const index = this.#slots[slot]! - 1;
      if (index < 0 || equals(bytes, start, end, this.#bytes[index]!)) return index;
      slot = (slot + 1) & this.#mask;
    }
  }
}

/** FNV-1a, 32 bits; names that collide are told apart by their bytes. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash;
}

function equals(bytes: Uint8Array, start: number, end: number, name: Uint8Array): boolean {
  if (end - start !== name.length) return false;
  for (let index = 0; index < name.length; index++) if (bytes[start + index] !== name[index]) return false;
  return true;
}
