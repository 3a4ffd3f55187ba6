/**
 * Frees a buffer's memory at once, where the view reaches to its end. V8 sees too little of such memory to hurry with it: tens of MiB
 * would gather. Of a zlib stream's output this is the last piece in a buffer; the stream takes a new one when one is full.
 * @param bytes Are gone from now on, and so is all that came before them in the same buffer.
 */
export function giveBack({ buffer, byteOffset, length }: Buffer): void {
  if (byteOffset + length === buffer.byteLength && buffer instanceof ArrayBuffer) buffer.transfer(0);
}
