import { VECTOR_BYTES } from '../../kernels/kernel.ts';

/** Bytes that are made at first: what a type of twenty fields takes. As many again are made each time that they do not do. */
const FIRST_BYTES = 4_096;

/** Memory of a kernel in the making: what is put at an address here is copied to that address there. */
export class Image {
  readonly #start: number;
  #end: number;
  #memory: ArrayBuffer;
  #view: DataView;

  /** @param start The first address that may be used. */
  constructor(start: number) {
    this.#start = start;
    this.#end = start;
    // Stryker disable next-line ArithmeticOperator: what is missing is made when it is asked for.
    this.#memory = new ArrayBuffer(start + FIRST_BYTES);
    this.#view = new DataView(this.#memory);
  }

  /** From address 0 on; another one after the next `take`. */
  get memory(): ArrayBuffer {
    return this.#memory;
  }

  /** Of the same. */
  get view(): DataView {
    return this.#view;
  }

  /** The address of so many zeros. */
  take(size: number): number {
    const at = Math.ceil(this.#end / VECTOR_BYTES) * VECTOR_BYTES;
    this.#end = at + size;
    // Stryker disable next-line ConditionalExpression,EqualityOperator: only memory and time are saved.
    if (this.#end > this.#memory.byteLength) {
      this.#memory = this.#memory.transfer(2 * this.#end);
      this.#view = new DataView(this.#memory);
    }
    return at;
  }

  /** A copy of what was taken, from the first address on. */
  finished(): Uint8Array {
    return new Uint8Array(this.#memory.slice(this.#start, this.#end));
  }
}
