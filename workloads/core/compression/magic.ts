/** What is decompressed; anything else is read as it is. */
export type CompressedKind = 'gzip' | 'zstd';

/** RFC 1952, 2.3.1; RFC 8878, 3.1.1 and 3.1.2: parallel and seekable compressors write skippable frames between the others. */
const MAGICS: Readonly<Record<CompressedKind, readonly Uint8Array[]>> = {
  gzip: [Uint8Array.of(0x1f, 0x8b)],
  zstd: [
    Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd),
    ...Array.from({ length: 16 }, (_, n) => Uint8Array.of(0x50 + n, 0x2a, 0x4d, 0x18)),
  ],
};

/** Bytes that tell every kind. */
export const HEAD_BYTES = 4;

/** Told by the first bytes, never by the name (design 5.1). */
export function detectCompression(head: Uint8Array): CompressedKind | 'plain' {
  for (const kind of ['gzip', 'zstd'] as const)
    if (MAGICS[kind].some((magic) => startsWith(head, magic))) return kind;
  return 'plain';
}

/** Whether bytes are the beginning of a magic number and no more. */
export function isCutMagic(bytes: Uint8Array, kind: CompressedKind): boolean {
  return MAGICS[kind].some((magic) => bytes.length < magic.length && startsWith(magic, bytes));
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return bytes.length >= start.length && start.every((byte, index) => byte === bytes[index]);
}
