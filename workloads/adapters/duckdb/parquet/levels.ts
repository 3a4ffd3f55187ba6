/** Below this many equal levels in a row they are packed bit by bit, eight at a time. */
const GROUP = 8;

/** Bits that a level of at most `max` takes. */
export function bitWidth(max: number): number {
  return 32 - Math.clz32(max);
}

/** Definition or repetition levels as Parquet's RLE and bit-packing hybrid, behind their length in four bytes. */
export function encodeLevels(levels: Uint8Array, count: number, max: number): Uint8Array {
  const width = bitWidth(max);
  // A packed group of eight takes `width` bytes and its header at most five; a run takes six.
  const out = Buffer.allocUnsafe(4 + (Math.ceil(count / GROUP) + 1) * (width + 6));
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
