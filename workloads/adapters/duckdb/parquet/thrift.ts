/** Type codes of a field in a struct, and of a list's elements (Thrift compact protocol). */
const TYPE = { true: 1, false: 2, i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const;

/** Of a list whose size does not fit the header's own four bits. */
const LONG_LIST = 15;

/** Bytes that a struct has room for at first: most are a page's header or a column's part of a footer. */
const FIRST_BYTES = 128;

/** One struct of Thrift's compact protocol, in which Parquet's headers and footers are written. Fields come in rising order. */
export class ThriftStruct {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;
  #last = 0;

  i32(id: number, value: number): this {
    return this.#field(id, TYPE.i32).#varint(value * 2);
  }

  i64(id: number, value: number): this {
    return this.#field(id, TYPE.i64).#varint(value * 2);
  }

  bool(id: number, value: boolean): this {
    return this.#field(id, value ? TYPE.true : TYPE.false);
  }

  text(id: number, value: string): this {
    return this.#field(id, TYPE.binary).#text(value);
  }

  struct(id: number, value: ThriftStruct): this {
    return this.#field(id, TYPE.struct).raw(value.end());
  }

  i32List(id: number, values: readonly number[]): this {
    this.#list(id, TYPE.i32, values.length);
    for (const value of values) this.#varint(value * 2);
    return this;
  }

  textList(id: number, values: readonly string[]): this {
    this.#list(id, TYPE.binary, values.length);
    for (const value of values) this.#text(value);
    return this;
  }

  /** @param ended Structs, each as its `end()` gave it. */
  structList(id: number, ended: readonly Uint8Array[]): this {
    this.#list(id, TYPE.struct, ended.length);
    for (const bytes of ended) this.raw(bytes);
    return this;
  }

  /** Bytes as they are: fields that were written before, or an ended struct. */
  raw(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  /** Fields that `raw` brings in, up to `last`: what follows counts from there. */
  begun(fields: Uint8Array, last: number): this {
    this.raw(fields);
    this.#last = last;
    return this;
  }

  /** The fields so far, for `begun`. */
  fields(): Uint8Array {
    return Uint8Array.from(this.#bytes.subarray(0, this.#length));
  }

  /** The whole struct. */
  end(): Uint8Array {
    this.#byte(0);
    // A copy: a footer's parts are held until their file ends, and should hold no more than themselves.
    return this.fields();
  }

  #field(id: number, type: number): this {
    this.#byte(((id - this.#last) << 4) | type);
    this.#last = id;
    return this;
  }

  #list(id: number, type: number, size: number): void {
    this.#field(id, TYPE.list);
    if (size < LONG_LIST) this.#byte((size << 4) | type);
    else {
      this.#byte((LONG_LIST << 4) | type);
      this.#varint(size);
    }
  }

  #text(value: string): this {
    const bytes = Buffer.from(value);
    return this.#varint(bytes.length).raw(bytes);
  }

  /** Seven bits a byte, the lowest first; sizes and offsets stay below 2^53, so a double counts them. */
  #varint(value: number): this {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#byte((rest % 0x80) | 0x80);
    this.#byte(rest);
    return this;
  }

  #byte(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
