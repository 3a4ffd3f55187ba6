/**
 * Frees a buffer's memory at once, where the view reaches to its end. V8 sees too little of such memory to hurry with it: tens of MiB
 * would gather. Of a zlib stream's output this is the last piece in a buffer; the stream takes a new one when one is full.
 * Small buffers stay: they may lie in the pool that all of Node shares.
 * @param bytes Are gone from now on, and so is all that came before them in the same buffer.
 */
export function giveBack(bytes: Uint8Array): void {
  if (bytes.byteOffset + bytes.length === bytes.buffer.byteLength) giveBackWhole(bytes);
}

/** Frees all memory that a view lies in, also what is behind it: whoever filled it has ended. Small buffers stay. */
export function giveBackWhole({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength > Buffer.poolSize) buffer.transfer(0);
}

/** Frees the memory of a view that is known to have it for itself, however small it is; what is gone already stays so. */
export function giveBackOwn({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength > 0) buffer.transfer(0);
}
