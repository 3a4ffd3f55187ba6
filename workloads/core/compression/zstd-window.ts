/**
 * Windows are kept whole while a frame is decoded: 8 MiB are what a pod of 128 MiB has room for, and what "it is recommended for
 * decoders to support at least" (RFC 8878, 3.1.1.1.2). Encoders stay within it up to level 19.
 */
export const MAX_WINDOW_LOG = 23;
export const MAX_WINDOW_BYTES = 2 ** MAX_WINDOW_LOG;

/** Of a frame: magic number, descriptor, window, dictionary's id, content's size (RFC 8878, 3.1.1.1). */
export const MAX_HEADER_BYTES = 4 + 1 + 1 + 4 + 8;

const MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** Bytes of the dictionary's id and of the content's size, by their flags (RFC 8878, 3.1.1.1.1). */
const DICTIONARY_BYTES = [0, 1, 2, 4] as const;
const CONTENT_BYTES = [1, 2, 4, 8] as const;
/** What a content's size in two bytes lacks (RFC 8878, 3.1.1.1.4). */
const SHORT_CONTENT_BASE = 256;

/**
 * The window that the last frame wants that begins in some bytes: where a decoder refuses one, the bytes around the end of what it
 * was given say how large it is.
 * @returns Bytes; undefined where no whole header of a frame is there.
 */
export function lastWindow(bytes: Buffer): number | undefined {
  const at = bytes.lastIndexOf(MAGIC);
  return at < 0 ? undefined : windowOf(bytes.subarray(at + MAGIC.length));
}

/** @param header Of a frame, behind its magic number. */
function windowOf(header: Buffer): number | undefined {
  const [descriptor, window] = header;
  if (descriptor === undefined || window === undefined) return undefined;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  if (!isSingleSegment) {
    // 3.1.1.1.2: five bits of exponent, three of mantissa.
    const base = 2 ** (10 + (window >> 3));
    return base + (base / 8) * (window & 7);
  }
  // 3.1.1.1.1.2: the content is its own window.
  const start = 1 + DICTIONARY_BYTES[(descriptor & 3) as 0 | 1 | 2 | 3];
  const length = CONTENT_BYTES[(descriptor >> 6) as 0 | 1 | 2 | 3];
  if (header.length < start + length) return undefined;
  const low = header.readUIntLE(start, Math.min(length, 4));
  if (length === 2) return low + SHORT_CONTENT_BASE;
  return length === 8 ? low + header.readUInt32LE(start + 4) * 2 ** 32 : low;
}
