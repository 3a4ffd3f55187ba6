/** Position past the `null` that begins at `at`, or -1; its first letter was read. */
export function skipNull(bytes: Buffer, at: number): number {
  return bytes[at + 1] === 0x75 && bytes[at + 2] === 0x6c && bytes[at + 3] === 0x6c ? at + 4 : -1;
}

/** Position past the `true` or `false` that begins at `at`, or -1. */
export function skipBoolean(bytes: Buffer, at: number): number {
  const first = bytes[at];
  if (first === 0x74)
    return bytes[at + 1] === 0x72 && bytes[at + 2] === 0x75 && bytes[at + 3] === 0x65 ? at + 4 : -1;
  return first === 0x66 &&
    bytes[at + 1] === 0x61 &&
    bytes[at + 2] === 0x6c &&
    bytes[at + 3] === 0x73 &&
    bytes[at + 4] === 0x65
    ? at + 5
    : -1;
}
