/** Position of the first byte from `at` on that is no space, tab or CR. A row holds no newline, so one behind it stops the reading. */
export function skipSpace(bytes: Buffer, at: number): number {
  at |= 0;
  for (;;) {
    const byte = bytes[at]!;
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return at;
    at++;
  }
}
