import { firstStop, stringStops, WORD_BYTES } from './stops.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const LETTER_U = 0x75;

/** Values of hexadecimal digits; -1 for every other byte. */
const HEX = Int8Array.from({ length: 256 }, (_, byte) =>
  '0123456789abcdefABCDEF'.includes(String.fromCharCode(byte)) ? parseInt(String.fromCharCode(byte), 16) : -1,
);

/** 1 for the bytes that may follow a backslash, `u` aside. */
const ESCAPES = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number('"\\/bfnrt'.includes(String.fromCharCode(byte))),
);

/**
 * Position past the closing quote of the string whose content begins at `at`; -1 where a control character, a broken escape or half
 * of a surrogate pair comes first. Four bytes at a time: `words` is a view of the same memory as `bytes`.
 */
export function skipString(bytes: Buffer, words: DataView, at: number): number {
  at |= 0;
  const last = (bytes.length - WORD_BYTES) | 0;
  for (;;) {
    let stops = 0;
    while (at <= last) {
      stops = stringStops(words.getInt32(at, true));
      if (stops !== 0) break;
      at += WORD_BYTES;
    }
    if (stops !== 0) at += firstStop(stops);
    const byte = bytes[at]!;
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) {
      at = skipEscape(bytes, at) | 0;
      if (at < 0) return -1;
    } else if (byte >= SPACE) at++;
    else return -1;
  }
}

/** Position past the escape, or pair of escapes, that begins with the backslash at `at`; -1 where it is none. */
function skipEscape(bytes: Buffer, at: number): number {
  const kind = bytes[at + 1]!;
  if (kind !== LETTER_U) return ESCAPES[kind] === 1 ? at + 2 : -1;
  const unit = hexUnit(bytes, at + 2);
  if (unit < 0) return -1;
  if (unit < 0xd800 || unit > 0xdfff) return at + 6;
  if (unit > 0xdbff || bytes[at + 6] !== BACKSLASH || bytes[at + 7] !== LETTER_U) return -1;
  const low = hexUnit(bytes, at + 8);
  return low >= 0xdc00 && low <= 0xdfff ? at + 12 : -1;
}

/** The UTF-16 unit that four hexadecimal digits spell; negative where they are none. */
function hexUnit(bytes: Buffer, at: number): number {
  return (
    (HEX[bytes[at]!]! << 12) |
    (HEX[bytes[at + 1]!]! << 8) |
    (HEX[bytes[at + 2]!]! << 4) |
    HEX[bytes[at + 3]!]!
  );
}
