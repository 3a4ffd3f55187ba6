/**
 * Frees a buffer's memory at once, where the view reaches to its end. V8 sees too little of such memory to hurry with it: tens of MiB
 * would gather. Of a zlib stream's output this is the last piece in a buffer; the stream takes a new one when one is full.
 * Small buffers stay: they may lie in the pool that all of Node shares.
 * @param bytes Are gone from now on, and so is all that came before them in the same buffer.
 */
export function giveBack({ buffer, byteOffset, length }: Buffer): void {
  const isOwn = buffer instanceof ArrayBuffer && buffer.byteLength > Buffer.poolSize;
  if (isOwn && byteOffset + length === buffer.byteLength) buffer.transfer(0);
}
