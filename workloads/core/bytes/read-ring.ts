/**
 * Buffers that chunks go round in: one is with the reader, who may still look at the end of the one before, and one is read ahead. A
 * fresh one each time is garbage that V8 does not see as such: 20 MiB gathered.
 */
const BUFFERS = 3;

/**
 * Buffers of a reader that reads one object after another: a store may fill each again once the next but one is asked for, be that of
 * the next object. Buffers for each object would wait until V8 notices them: 256 objects took 20 MiB. They are the reader's and not the
 * store's, for only the reader knows when it is done with a chunk: a decompressor may still be at it when its object has ended.
 */
export class ReadRing {
  readonly #buffers: Buffer[] = [];
  #turn = 0;

  /** A buffer of at least so many bytes. Sizes are doubled, so that files which grow slowly leave few behind. */
  next(bytes: number): Buffer {
    const place = this.#turn++ % BUFFERS;
    const former = this.#buffers[place];
    if (former !== undefined && former.length >= bytes) return former;
    return (this.#buffers[place] = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(bytes))));
  }
}
