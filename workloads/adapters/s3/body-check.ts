import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Crc32c } from '../../core/bytes/crc32c.ts';

/** What S3 tells of the bytes of a whole object, in the headers of HEAD and GET. */
export interface Digests {
  readonly ChecksumCRC32C?: string | undefined;
  readonly ChecksumCRC32?: string | undefined;
  readonly ETag?: string | undefined;
  readonly ServerSideEncryption?: string | undefined;
}

/** A running digest, and what it must come to. */
export interface BodyCheck {
  readonly name: string;
  readonly expected: string;
  update(bytes: Buffer): void;
  digest(): string;
}

/**
 * How the bytes of a whole object can be checked, or undefined where only TLS vouches for them. CRC-64/NVME, which S3 adds
 * where a writer gave nothing, has no native code in Node; MD5 costs six times what a CRC does, and over TLS it would find
 * nothing that TLS had not found. The ETag is the MD5 of an object that was put in one piece and is not encrypted by a key.
 * @param tls Whether the connection is encrypted.
 */
export function bodyCheck(digests: Digests, tls: boolean): BodyCheck | undefined {
  const crc32c = wholeCrc32c(digests);
  if (crc32c !== undefined) return checkCrc32c(crc32c);
  if (isWhole(digests.ChecksumCRC32)) return checkCrc32(digests.ChecksumCRC32);
  const md5 = /^"?([0-9a-f]{32})"?$/.exec(digests.ETag ?? '')?.[1];
  return tls || md5 === undefined || digests.ServerSideEncryption !== undefined ? undefined : checkMd5(md5);
}

/** The CRC-32C of the object, if S3 has that of the whole; a composite of those of its parts ends in their count (`-3`). */
export function wholeCrc32c({ ChecksumCRC32C }: Digests): string | undefined {
  return isWhole(ChecksumCRC32C) ? ChecksumCRC32C : undefined;
}

/** Base64 of four bytes, and no more. */
function isWhole(checksum: string | undefined): checksum is string {
  return checksum !== undefined && /^[A-Za-z0-9+/]{6}==$/.test(checksum);
}

function checkCrc32c(expected: string): BodyCheck {
  const crc = new Crc32c();
  return { name: 'crc32c', expected, update: (bytes) => crc.update(bytes), digest: () => crc.digest() };
}

function checkCrc32(expected: string): BodyCheck {
  let value = 0;
  return {
    name: 'crc32',
    expected,
    update: (bytes) => {
      value = crc32(bytes, value);
    },
    digest: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes.toString('base64');
    },
  };
}

function checkMd5(expected: string): BodyCheck {
  const hash = createHash('md5');
  return { name: 'MD5', expected, update: (bytes) => hash.update(bytes), digest: () => hash.digest('hex') };
}
