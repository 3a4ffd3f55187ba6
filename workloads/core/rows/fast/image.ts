/** Bytes to begin with; more are made as they are asked for. */
const FIRST_BYTES = 4_096;
/** What the numbers of a kernel are aligned to, so that tables of 32-bit numbers can be written. */
const ALIGNMENT = 16;

/** Memory of a kernel as it is to be: what is put at an address here is copied to that address there. */
export class Image {
  #memory = new ArrayBuffer(FIRST_BYTES);
  #end: number;

  /** @param start The first address that may be used. */
  constructor(start: number) {
    this.#end = start;
  }

  /** Past all that was taken. */
  get end(): number {
    return this.#end;
  }

  /** From address 0 on; another one after the next `take`. */
  get memory(): ArrayBuffer {
    return this.#memory;
  }

  get view(): DataView {
    return new DataView(this.#memory);
  }

  /** The address of so many zeros. */
  take(size: number): number {
    const at = Math.ceil(this.#end / ALIGNMENT) * ALIGNMENT;
    this.#end = at + size;
    if (this.#end > this.#memory.byteLength) {
      const grown = new ArrayBuffer(2 * this.#end);
      new Uint8Array(grown).set(new Uint8Array(this.#memory));
      this.#memory = grown;
    }
    return at;
  }
}
