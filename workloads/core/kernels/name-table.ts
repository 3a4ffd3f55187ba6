import { hashOfName } from './name-hash.ts';

/** Bytes of a slot: where a name's bytes are (0 = an empty slot), how many, the name's place, and nothing; 32 bits each. */
const SLOT_BYTES = 16;

/**
 * Lays names out where a kernel finds them by their bytes (`kernels/json/names.ts`), so that nobody makes a string of what stands in a
 * line: slots in open addressing, and the names behind them.
 */
export class NameTable {
  readonly #names: readonly Buffer[];
  readonly slots: number;

  constructor(names: readonly string[]) {
    this.#names = names.map((name) => Buffer.from(name));
    // At most half full, so that a search for an unknown name ends after a slot or two.
    this.slots = 2 ** Math.ceil(Math.log2(names.length * 2 + 1));
  }

  /** Bytes that it takes. */
  get size(): number {
    return this.#names.reduce((sum, { length }) => sum + length, this.slots * SLOT_BYTES);
  }

  /** @param at A multiple of 4 behind which `size` zeros are. */
  write(memory: ArrayBuffer, at: number): void {
    const slots = new Uint32Array(memory, at, (this.slots * SLOT_BYTES) / Uint32Array.BYTES_PER_ELEMENT);
    const bytes = new Uint8Array(memory);
    let end = at + this.slots * SLOT_BYTES;
    this.#names.forEach((name, place) => {
      bytes.set(name, end);
      let slot = hashOfName(name) & (this.slots - 1);
      while (slots[slot * 4] !== 0) slot = (slot + 1) & (this.slots - 1);
      slots.set([end, name.length, place], slot * 4);
      end += name.length;
    });
  }
}
