import { constants, crc32, deflateRawSync } from 'node:zlib';

/** The level of the gzip command and of Firehose's writers. */
const SOURCE_LEVEL = 6;

/** Magic, deflate, no flags, no time, no hint, system Unix (RFC 1952, 2.3). */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
/** An empty last block (RFC 1951, 3.2.6). */
const END = Buffer.from([0x03, 0x00]);

/**
 * One gzip member that holds the same bytes many times, deflated once: a full flush ends on a byte and refers to nothing before
 * itself, so that the compressed bytes can stand behind one another.
 */
export class GzipRepeat {
  readonly #bytes: Buffer;
  readonly #deflated: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#deflated = deflateRawSync(bytes, { level: SOURCE_LEVEL, finishFlush: constants.Z_FULL_FLUSH });
  }

  *pieces(times: number): Generator<Buffer> {
    yield HEADER;
    let checksum = 0;
    for (let time = 0; time < times; time++) {
      checksum = crc32(this.#bytes, checksum);
      yield this.#deflated;
    }
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(checksum);
    trailer.writeUInt32LE((this.#bytes.length * times) % 2 ** 32, 4);
    yield END;
    yield trailer;
  }
}
