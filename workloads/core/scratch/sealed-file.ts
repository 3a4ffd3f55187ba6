import { createHash } from 'node:crypto';
import { Crc32c } from '../bytes/crc32c.ts';
import type { LocalFile } from '../ports/object-store.ts';
import type { Scratch } from './scratch.ts';

/** A finished file with everything that its name and the manifest say of it. */
export interface SealedFile extends LocalFile {
  /** SHA-256 of the file's bytes, hexadecimal. */
  readonly sha256: string;
}

/** A scratch file in the making whose digests grow with it: nothing needs to be read again to know what was written. */
export class SealedFileWriter {
  readonly #scratch: Scratch;
  readonly #file: ReturnType<Scratch['open']>;
  readonly #sha = createHash('sha256');
  readonly #crc = new Crc32c();
  #size = 0;

  constructor(scratch: Scratch, label: string) {
    this.#scratch = scratch;
    this.#file = scratch.open(label);
  }

  write(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#file.write(bytes);
    this.#size += bytes.length;
    this.#sha.update(bytes);
    this.#crc.update(bytes);
  }

  /** Nothing more is written. */
  finish(): SealedFile {
    const sealed = this.#file.stamp();
    this.#file.close();
    return {
      path: this.#file.path,
      size: this.#size,
      crc32c: this.#crc.digest(),
      sha256: this.#sha.digest('hex'),
      sealed,
    };
  }

  /** Removes what was written. */
  discard(): void {
    this.#file.close();
    this.#scratch.release(this.#file.path, this.#size);
  }
}
