import type { ByteView } from '../../../core/bytes/byte-view.ts';
import type { Field } from '../../../core/schema/log-type.ts';
import type { Scratch } from '../../../core/scratch/scratch.ts';
import { ByteSink } from '../byte-sink.ts';
import { ParquetFile } from '../parquet/parquet-file.ts';
import { fileSchema, type FileSchema } from '../parquet/schema.ts';
import { RowColumns } from './row-columns.ts';

/**
 * Bytes of rows in one row group. DuckDB reads whole column chunks, a group a thread: small ones keep its memory small; each column of
 * a group costs some 200 bytes and microseconds.
 */
const GROUP_BYTES = 4 * 1024 * 1024;
/** Row groups in one file: their footers, up to 100 KiB each for a thousand columns, are held until the file ends. */
const FILE_GROUPS = 64;

/** Accepted rows of one schema on their way into DuckDB, as Parquet files in scratch. */
export class RowFiles {
  readonly #scratch: Scratch;
  readonly #schema: FileSchema;
  readonly #columns: RowColumns;
  readonly #files: { readonly path: string; readonly size: number }[] = [];
  #open: OpenFile | undefined;
  #groupRows = 0;
  #groupBytes = 0;
  /** Rows taken so far. */
  rows = 0;

  constructor(scratch: Scratch, fields: readonly Field[]) {
    this.#scratch = scratch;
    this.#schema = fileSchema(fields);
    this.#columns = new RowColumns(this.#schema.fields);
  }

  /** Takes an accepted row. @throws UnreadableRowError; nothing of these files may be used then. */
  add(view: ByteView): void {
    if (this.#groupBytes + view.length > GROUP_BYTES && this.#groupRows > 0) this.#writeGroup();
    const { bytes, start } = view.whole();
    this.#columns.add(bytes, start, start + view.length);
    this.#groupBytes += view.length;
    this.#groupRows++;
    this.rows++;
  }

  /** All rows are in the files. @returns Their paths, at least one, good until `discard`. */
  end(): string[] {
    if (this.#groupRows > 0) this.#writeGroup();
    // Without rows too: the columns' names and types are told by a file.
    if (this.#files.length === 0) this.#open ??= new OpenFile(this.#scratch, this.#schema);
    this.#close();
    return this.#files.map(({ path }) => path);
  }

  /** Gives the disk back. */
  discard(): void {
    this.#close();
    for (const { path, size } of this.#files.splice(0)) this.#scratch.release(path, size);
  }

  #writeGroup(): void {
    this.#open ??= new OpenFile(this.#scratch, this.#schema);
    this.#open.parquet.writeGroup(this.#groupRows);
    this.#groupRows = 0;
    this.#groupBytes = 0;
    if (this.#open.parquet.groups === FILE_GROUPS) this.#close();
  }

  #close(): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    const file = { path: open.path, size: 0 };
    try {
      open.end();
    } finally {
      this.#files.push({ ...file, size: open.written });
    }
  }
}

/** A file that is being written. */
class OpenFile {
  readonly parquet: ParquetFile;
  readonly path: string;
  /** Bytes on the disk. */
  written = 0;
  readonly #sink: ByteSink;
  readonly #closeFile: () => void;

  constructor(scratch: Scratch, schema: FileSchema) {
    const file = scratch.open('rows.parquet');
    this.path = file.path;
    this.#closeFile = () => file.close();
    this.#sink = new ByteSink((bytes) => {
      file.write(bytes);
      this.written += bytes.length;
    });
    this.parquet = new ParquetFile(schema, (bytes) => this.#sink.bytes(bytes));
  }

  end(): void {
    try {
      this.parquet.end();
      this.#sink.flush();
    } finally {
      this.#closeFile();
    }
  }
}
