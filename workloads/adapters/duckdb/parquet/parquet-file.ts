import type { Column } from './column.ts';
import { LevelEncoder, packBits } from './levels.ts';
import type { FileColumn, FileSchema } from './schema.ts';
import { ThriftStruct } from './thrift.ts';

const MAGIC = Buffer.from('PAR1');
/** PageHeader.type, and the encodings of its values and levels. */
const DATA_PAGE = 0;
const PLAIN = 0;
const RLE = 3;

/**
 * One Parquet file of uncompressed, plainly encoded columns: what DuckDB reads with the least work. Nothing in it is guessed or cast;
 * its types are the table's own.
 */
export class ParquetFile {
  readonly #schema: FileSchema;
  readonly #write: (bytes: Uint8Array) => void;
  readonly #groups: Uint8Array[] = [];
  readonly #repetitions = new LevelEncoder();
  readonly #definitions = new LevelEncoder();
  #rows = 0;
  #offset = 0;

  constructor(schema: FileSchema, write: (bytes: Uint8Array) => void) {
    this.#schema = schema;
    this.#write = write;
    this.#put(MAGIC);
  }

  get groups(): number {
    return this.#groups.length;
  }

  /** Writes what the columns hold as one row group, and empties them. */
  writeGroup(rows: number): void {
    const start = this.#offset;
    const chunks = this.#schema.columns.map((column) => this.#writeChunk(column));
    this.#rows += rows;
    this.#groups.push(
      new ThriftStruct()
        .structList(1, chunks)
        .i64(2, this.#offset - start)
        .i64(3, rows)
        .end(),
    );
  }

  /** The footer; the file is whole afterwards. */
  end(): void {
    const footer = new ThriftStruct()
      .i32(1, 2)
      .structList(2, this.#schema.elements)
      .i64(3, this.#rows)
      .structList(4, this.#groups)
      .end();
    this.#repetitions.drop();
    this.#definitions.drop();
    this.#put(footer);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(footer.length);
    this.#put(length);
    this.#put(MAGIC);
  }

  /** A column's values as one page. @returns The ColumnChunk of the footer. */
  #writeChunk({ column, chunkHead }: FileColumn): Uint8Array {
    const start = this.#offset;
    const { entries, maxDefinition, maxRepetition } = column;
    const repetitions =
      maxRepetition === 0 ? undefined : this.#repetitions.encode(column.repetitions, entries, maxRepetition);
    const definitions = this.#definitions.encode(column.definitions, entries, maxDefinition);
    const values = valuesOf(column);
    const size = (repetitions?.length ?? 0) + definitions.length + values.length;
    this.#put(pageHeader(entries, size));
    if (repetitions !== undefined) this.#put(repetitions);
    this.#put(definitions);
    this.#put(values);
    column.clear();
    const bytes = this.#offset - start;
    const data = new ThriftStruct()
      .begun(chunkHead, 4)
      .i64(5, entries)
      .i64(6, bytes)
      .i64(7, bytes)
      .i64(9, start);
    return new ThriftStruct().i64(2, start).struct(3, data).end();
  }

  #put(bytes: Uint8Array): void {
    this.#write(bytes);
    this.#offset += bytes.length;
  }
}

function pageHeader(entries: number, size: number): Uint8Array {
  const data = new ThriftStruct().i32(1, entries).i32(2, PLAIN).i32(3, RLE).i32(4, RLE);
  return new ThriftStruct().i32(1, DATA_PAGE).i32(2, size).i32(3, size).struct(5, data).end();
}

function valuesOf(column: Column): Uint8Array {
  const { values } = column;
  if (column.kind !== 'boolean') return values;
  const packed = new Uint8Array(Math.ceil(values.length / 8));
  packBits(values, 0, values.length, 1, packed, 0, packed.length);
  return packed;
}
