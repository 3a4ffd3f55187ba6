import { ByteView } from '../bytes/byte-view.ts';

/**
 * One line as it is handed out: content without its terminator, one trailing CR and, at the very start of an object, a BOM.
 * The same object is used for every line: whoever keeps something of it must copy.
 */
export class Line {
  /** 1 is the object's first line; blank lines count. */
  number = 0;
  /** Bytes of the decompressed object before the content. */
  offset = 0;
  /** The content. */
  readonly view = new ByteView();
  /** UTF-8 without a NUL was already proved for the whole block that the line lies in. */
  proven = false;

  get length(): number {
    return this.view.length;
  }
}
