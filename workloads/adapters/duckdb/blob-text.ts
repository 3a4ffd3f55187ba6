import type { ByteView } from '../../core/bytes/byte-view.ts';
import type { ByteSink } from './byte-sink.ts';

/** One byte as JSON text: `\\xAA`. */
const ESCAPE_BYTES = 5;

/** Of base64 decoded at a time, a multiple of four digits: a value of any length passes through these three buffers. */
const DIGITS = Buffer.allocUnsafeSlow(16 * 1024);
const BYTES = Buffer.allocUnsafeSlow((DIGITS.length / 4) * 3);
const TEXT = Buffer.allocUnsafeSlow(BYTES.length * ESCAPE_BYTES);

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SLASH = 0x2f;
const HEX = Buffer.from('0123456789abcdef');

/** Writes a JSON string of base64 as DuckDB casts text to BLOB: by `\xAA` escapes, whose backslash JSON escapes in turn. */
export function writeBlobText(view: ByteView, start: number, end: number, sink: ByteSink): void {
  sink.byte(QUOTE);
  let filled = 0;
  for (let position = start + 1; position < end - 1; position++) {
    let byte = view.at(position);
    if (byte === BACKSLASH) {
      byte = view.at(++position);
      // The row check lets no other escape through; digits lost here would be other bytes.
      if (byte !== SLASH) throw new Error('a BYTES value has an escape that base64 has no use for');
    }
    DIGITS[filled++] = byte;
    if (filled < DIGITS.length) continue;
    sink.bytes(blobText(filled));
    filled = 0;
  }
  sink.bytes(blobText(filled));
  sink.byte(QUOTE);
}

/** The text of the first digits in `DIGITS`; it is good until the next call. */
function blobText(digits: number): Uint8Array {
  const length = BYTES.write(DIGITS.toString('latin1', 0, digits), 'base64');
  for (let index = 0, at = 0; index < length; index++) {
    const byte = BYTES[index]!;
    TEXT[at++] = BACKSLASH;
    TEXT[at++] = BACKSLASH;
    TEXT[at++] = 0x78;
    TEXT[at++] = HEX[byte >> 4]!;
    TEXT[at++] = HEX[byte & 15]!;
  }
  return TEXT.subarray(0, length * ESCAPE_BYTES);
}
