import type { ByteView } from '../../../core/bytes/byte-view.ts';
import type { TakenRows } from '../../../core/ports/warehouse.ts';
import type { Field } from '../../../core/schema/log-type.ts';
import type { Scratch } from '../../../core/scratch/scratch.ts';
import { fileSchema, type FileSchema } from '../parquet/schema.ts';
import { RowColumns } from './row-columns.ts';
import { RowFile } from './row-file.ts';

/**
 * Bytes of rows in one row group. DuckDB reads whole column chunks, a group a thread: small ones keep its memory small; each column of
 * a group costs some 200 bytes and microseconds.
 */
const GROUP_BYTES = 4 * 1024 * 1024;
/** Row groups in one file: their footers, up to 200 KiB each for a thousand columns, are held until the file ends. */
const FILE_GROUPS = 64;

/** Accepted rows of one schema on their way into DuckDB, as Parquet files in scratch. */
export class RowFiles implements TakenRows {
  readonly #scratch: Scratch;
  readonly #files: RowFile[] = [];
  /** While rows are taken; its columns hold some MiB. */
  #group:
    { readonly schema: FileSchema; readonly columns: RowColumns; rows: number; bytes: number } | undefined;
  #open: RowFile | undefined;
  rows = 0;

  constructor(scratch: Scratch, fields: readonly Field[]) {
    this.#scratch = scratch;
    const schema = fileSchema(fields);
    this.#group = { schema, columns: new RowColumns(schema.fields), rows: 0, bytes: 0 };
  }

  get held(): number {
    return this.#files.reduce((sum, { written }) => sum + written, 0);
  }

  /** @throws UnreadableRowError; nothing of these files may be used then. */
  add(view: ByteView): void {
    const group = this.#group!;
    if (group.bytes + view.length > GROUP_BYTES && group.rows > 0) this.#writeGroup();
    if (view.bytes !== undefined) group.columns.add(view.bytes, view.start, view.start + view.length);
    else group.columns.add(view.copy(0, view.length), 0, view.length);
    group.bytes += view.length;
    group.rows++;
    this.rows++;
  }

  end(): void {
    // A file without rows, too: it tells the columns' names and types.
    if (this.#group !== undefined && (this.#group.rows > 0 || this.#files.length === 0)) this.#writeGroup();
    this.#close();
    this.#dropGroup();
  }

  /** The files of rows that have ended; at least one. */
  paths(): string[] {
    return this.#files.map(({ path }) => path);
  }

  discard(): void {
    this.#dropGroup();
    this.#open?.close();
    this.#open = undefined;
    for (const { path, written } of this.#files.splice(0)) this.#scratch.release(path, written);
  }

  #writeGroup(): void {
    const group = this.#group!;
    if (this.#open === undefined) {
      this.#open = new RowFile(this.#scratch, group.schema);
      this.#files.push(this.#open);
    }
    if (group.rows > 0) this.#open.parquet.writeGroup(group.rows);
    group.rows = 0;
    group.bytes = 0;
    if (this.#open.parquet.groups === FILE_GROUPS) this.#close();
  }

  #dropGroup(): void {
    for (const { column } of this.#group?.schema.columns ?? []) column.drop();
    this.#group = undefined;
  }

  #close(): void {
    this.#open?.end();
    this.#open = undefined;
  }
}
