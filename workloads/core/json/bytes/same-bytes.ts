/**
 * Whether `length` bytes are the same at `at` and at `otherAt`: at least 4, none of them behind the end of either memory. By words, the
 * last of which may overlap the one before.
 */
export function sameBytes(
  words: DataView,
  at: number,
  others: DataView,
  otherAt: number,
  length: number,
): boolean {
  const last = length - 4;
  for (let offset = 0; offset < last; offset += 4)
    if (words.getInt32(at + offset, true) !== others.getInt32(otherAt + offset, true)) return false;
  return words.getInt32(at + last, true) === others.getInt32(otherAt + last, true);
}
