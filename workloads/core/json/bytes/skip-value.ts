import { skipString } from './skip-string.ts';

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
/** Brackets differ from braces by this bit alone; no other byte outside of strings becomes one by it. */
const BRACE_BIT = 0x20;

/** Position past the JSON value that begins at `at`. Only for text that was proved to be JSON: nothing is checked again. */
export function skipValue(bytes: Buffer, words: DataView, at: number): number {
  let depth = 0;
  do {
    const byte = bytes[at]!;
    const brace = byte | BRACE_BIT;
    if (byte === QUOTE) at = skipString(bytes, words, at + 1) | 0;
    else if (brace === OPEN_BRACE) {
      depth++;
      at++;
    } else if (brace === CLOSE_BRACE) {
      depth--;
      at++;
    } else if (depth > 0) at++;
    else return skipWord(bytes, at);
  } while (depth > 0);
  return at;
}

/** Past a number, `true`, `false` or `null`. */
function skipWord(bytes: Buffer, at: number): number {
  for (;;) {
    const byte = bytes[at]!;
    if (byte === COMMA || byte <= SPACE || (byte | BRACE_BIT) === CLOSE_BRACE) return at;
    at++;
  }
}
