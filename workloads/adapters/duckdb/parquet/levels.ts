import { giveBackOwn } from '../../../core/bytes/give-back.ts';

/** Below this many equal levels in a row they are packed bit by bit, eight at a time. */
const GROUP = 8;
/** What one large chunk needed is not kept for smaller ones: a row group's places in one column take a MiB (RowFileLimits). */
const KEPT_BYTES = 1024 * 1024;

/** Bits that a level of at most `max` takes. */
export function bitWidth(max: number): number {
  return 32 - Math.clz32(max);
}

/**
 * Encodes the levels of one chunk after the other into the same memory: V8 would let some MiB gather if each chunk had its own, and
 * row groups have hundreds.
 */
export class LevelEncoder {
  #out: Buffer = Buffer.allocUnsafeSlow(0);

  /**
   * Definition or repetition levels as Parquet's RLE and bit-packing hybrid, behind their length in four bytes.
   * @returns Good until the next ones are encoded.
   */
  encode(levels: Uint8Array, count: number, max: number): Uint8Array {
    const width = bitWidth(max);
    // A packed group of eight takes `width` bytes and its header at most five; a run takes six.
    const out = this.#room(4 + (Math.ceil(count / GROUP) + 1) * (width + 6));
    let filled = 4;
    for (let at = 0; at < count;) {
      const end = runEnd(levels, at, count);
      if (end - at >= GROUP || end === count) {
        filled = writeVarint(out, filled, (end - at) * 2);
        out[filled++] = levels[at]!;
        at = end;
        continue;
      }
      const from = at;
      do at += GROUP;
      while (at < count && runEnd(levels, at, count) - at < GROUP);
      const groups = (at - from) / GROUP;
      filled = writeVarint(out, filled, groups * 2 + 1);
      filled = packBits(levels, from, Math.min(at, count), width, out, filled, groups * width);
    }
    out.writeUInt32LE(filled - 4, 0);
    return out.subarray(0, filled);
  }

  /** Gives its memory back. */
  drop(): void {
    giveBackOwn(this.#out);
    this.#out = Buffer.allocUnsafeSlow(0);
  }

  #room(bytes: number): Buffer {
    const room = this.#out.length;
    if (room >= bytes && room <= Math.max(KEPT_BYTES, bytes)) return this.#out;
    giveBackOwn(this.#out);
    this.#out = Buffer.allocUnsafeSlow(Math.max(bytes, Math.min(room * 2, KEPT_BYTES)));
    return this.#out;
  }
}

/** @returns Where the levels become other ones. Nothing is reckoned behind the loop: V8 leaves code that it made within one there. */
function runEnd(levels: Uint8Array, at: number, count: number): number {
  const level = levels[at]!;
  for (let end = at + 1; end < count; end++) if (levels[end] !== level) return end;
  return count;
}

/** Values of `width` bits, the lowest bit first; what is behind the last one in `length` bytes is 0. @returns The end in `out`. */
export function packBits(
  values: Uint8Array,
  from: number,
  to: number,
  width: number,
  out: Uint8Array,
  at: number,
  length: number,
): number {
  out.fill(0, at, at + length);
  let bit = 0;
  for (let index = from; index < to; index++) {
    const shifted = values[index]! << (bit & 7);
    const byte = at + (bit >> 3);
    out[byte]! |= shifted;
    if (shifted > 0xff) out[byte + 1]! |= shifted >> 8;
    bit += width;
  }
  return at + length;
}

function writeVarint(out: Uint8Array, at: number, value: number): number {
  let rest = value;
  let filled = at;
  for (; rest >= 0x80; rest >>>= 7) out[filled++] = (rest & 0x7f) | 0x80;
  out[filled++] = rest;
  return filled;
}
