const QUOTE = 0x22;
const SLASH = 0x2f;
const EQUALS = 0x3d;
const BACKSLASH = 0x5c;

/** Values of base64's digits (RFC 4648, section 4); -1 for every other byte. */
const DIGITS = Int8Array.from({ length: 256 }, (_, byte) =>
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.indexOf(String.fromCharCode(byte)),
);

/** Position past a BYTES value at `at`, or -1: canonical base64, in which `\/` stands for `/`. */
export function skipBase64(bytes: Buffer, at: number): number {
  if (bytes[at] !== QUOTE) return -1;
  let digits = 0;
  let last = 0;
  at++;
  for (;;) {
    const value = DIGITS[bytes[at]!]!;
    if (value >= 0) {
      last = value;
      at++;
    } else if (bytes[at] === BACKSLASH && bytes[at + 1] === SLASH) {
      last = DIGITS[SLASH]!;
      at += 2;
    } else break;
    digits++;
  }
  return skipPadding(bytes, at, digits & 3, last);
}

/** @param open Digits of the group of four that has begun. @param last Its last digit: bits behind the last whole byte must be 0. */
function skipPadding(bytes: Buffer, at: number, open: number, last: number): number {
  const padding = open === 2 && (last & 15) === 0 ? 2 : open === 3 && (last & 3) === 0 ? 1 : 0;
  if (open !== 0 && padding === 0) return -1;
  for (let count = 0; count < padding; count++) if (bytes[at + count] !== EQUALS) return -1;
  return bytes[at + padding] === QUOTE ? at + padding + 1 : -1;
}
