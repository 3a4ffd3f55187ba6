/** Position of the first byte from `at` on that is no decimal digit. */
@inline
export function skipDigits(at: usize): usize {
  while (true) {
    const others = i8x16.bitmask(i8x16.gt_u(i8x16.sub(v128.load(at), i8x16.splat(0x30)), i8x16.splat(9)));
    if (others != 0) return at + <usize>ctz(others);
    at += 16;
  }
}
