import { isUtf8 } from 'node:buffer';

/**
 * Strict UTF-8 over pieces that may cut a character anywhere, without ever making text of them: the strings of a decoder would
 * take as much memory as the line.
 */
export class Utf8Check {
  /** The beginning of a character that the last piece cut, and how many bytes it will have. */
  #cut: number[] = [];
  #wanted = 0;
  #valid = true;

  push(piece: Uint8Array): void {
    let from = 0;
    while (this.#cut.length > 0 && from < piece.length && this.#valid) {
      this.#cut.push(piece[from++]!);
      if (this.#cut.length === this.#wanted) this.#finishCut();
    }
    if (!this.#valid) return;
    const end = from + wholeCharacters(piece.subarray(from));
    this.#valid = isUtf8(piece.subarray(from, end));
    if (end === piece.length) return;
    this.#cut = [...piece.subarray(end)];
    this.#wanted = lengthOf(this.#cut[0]!);
  }

  /** Whether all pieces together are UTF-8; nothing may be pushed any more. */
  end(): boolean {
    return this.#valid && this.#cut.length === 0;
  }

  #finishCut(): void {
    this.#valid = isUtf8(Uint8Array.from(this.#cut));
    this.#cut = [];
  }
}

/** Bytes of a character by its first one. */
function lengthOf(first: number): number {
  return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
}

/** How many bytes come before a character that the end cuts. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte >= 0xc0) return lengthOf(byte) > back ? bytes.length - back : bytes.length;
    if (byte < 0x80) break;
  }
  return bytes.length;
}
