import { crc32c } from '@node-rs/crc32';

/** A running CRC-32C, spelled as GCS reports it: base64 of the big-endian value. */
export class Crc32c {
  #value = 0;

  update(bytes: Buffer): void {
    this.#value = crc32c(bytes, this.#value);
  }

  digest(): string {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(this.#value >>> 0);
    return bytes.toString('base64');
  }
}
