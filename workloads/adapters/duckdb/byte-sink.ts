/** Written out whenever it is full. */
const BUFFER_BYTES = 256 * 1024;

/** Small writes gathered into large ones; remembers the longest line, which DuckDB's JSON reader must be told. */
export class ByteSink {
  readonly #write: (bytes: Uint8Array) => void;
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #filled = 0;
  #lineBytes = 0;
  /** Bytes of the longest line, its newline included. */
  longestLine = 0;
  /** Bytes of everything. */
  total = 0;

  constructor(write: (bytes: Uint8Array) => void) {
    this.#write = write;
  }

  byte(value: number): void {
    if (this.#filled === BUFFER_BYTES) this.flush();
    this.#buffer[this.#filled++] = value;
    this.#count(1);
    if (value === 0x0a) {
      this.longestLine = Math.max(this.longestLine, this.#lineBytes);
      this.#lineBytes = 0;
    }
  }

  /** @param bytes Without a newline. */
  bytes(bytes: Uint8Array): void {
    if (this.#filled + bytes.length > BUFFER_BYTES) this.flush();
    this.#count(bytes.length);
    if (bytes.length > BUFFER_BYTES) {
      this.#write(bytes);
      return;
    }
    this.#buffer.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  flush(): void {
    this.#write(this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }

  #count(bytes: number): void {
    this.#lineBytes += bytes;
    this.total += bytes;
  }
}
