/**
 * Frees the memory of a zlib stream's output at once, where it is the last that the stream wrote into that buffer: it takes a new one
 * when one is full. V8 sees too little of such memory to hurry with it: tens of MiB would gather.
 * @param output Is empty from now on, and so is what came before it in the same buffer.
 */
export function giveBack({ buffer, byteOffset, length }: Buffer): void {
  if (byteOffset + length === buffer.byteLength && buffer instanceof ArrayBuffer) buffer.transfer(0);
}
