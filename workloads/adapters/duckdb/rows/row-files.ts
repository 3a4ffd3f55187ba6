import type { ByteView } from '../../../core/bytes/byte-view.ts';
import type { TakenRows } from '../../../core/ports/warehouse.ts';
import type { Field } from '../../../core/schema/log-type.ts';
import type { Scratch } from '../../../core/scratch/scratch.ts';
import { fileSchema, type FileSchema } from '../parquet/schema.ts';
import { RowColumns } from './row-columns.ts';
import { RowFile } from './row-file.ts';

/** How rows are cut into row groups and files. */
export interface RowFileLimits {
  /** Bytes of rows in one row group. */
  readonly groupBytes: number;
  /**
   * Places of values in one row group, over all columns and within lists: also one that is empty takes a byte or two, one with a value
   * up to 16 more. What a row's lists hold is known once it is taken apart, so the last one of a group may go beyond.
   */
  readonly groupEntries: number;
  /** Chunks of columns in one file: what its footer lists. */
  readonly fileChunks: number;
}

/**
 * DuckDB reads whole column chunks: small groups keep its memory small, and ours; each column of a group costs some 200 bytes and
 * microseconds. The groups' footers are held until their file ends, some KB a chunk while they are put together.
 */
const LIMITS: RowFileLimits = { groupBytes: 4 * 1024 * 1024, groupEntries: 2 ** 20, fileChunks: 2 ** 13 };

/**
 * Accepted rows of one schema on their way into DuckDB, as Parquet files in scratch. A row group is held until it is full, so memory
 * does not grow with the rows, but for one row that is larger than a group: it is held whole, with all its places.
 */
export class RowFiles implements TakenRows {
  readonly #scratch: Scratch;
  readonly #limits: RowFileLimits;
  readonly #files: RowFile[] = [];
  /** While rows are taken; its columns hold some MiB. */
  #group:
    { readonly schema: FileSchema; readonly columns: RowColumns; rows: number; bytes: number } | undefined;
  #open: RowFile | undefined;
  rows = 0;

  constructor(scratch: Scratch, fields: readonly Field[], limits: RowFileLimits = LIMITS) {
    this.#scratch = scratch;
    this.#limits = limits;
    const schema = fileSchema(fields);
    this.#group = { schema, columns: new RowColumns(schema.fields), rows: 0, bytes: 0 };
  }

  get held(): number {
    return this.#files.reduce((sum, { written }) => sum + written, 0);
  }

  /** @throws UnreadableRowError; nothing of these files may be used then. */
  add(view: ByteView): void {
    const group = this.#group!;
    if (group.rows > 0 && this.#isFull(view.length)) this.#writeGroup();
    if (view.bytes !== undefined) group.columns.add(view.bytes, view.start, view.start + view.length);
    else group.columns.add(view.copy(0, view.length), 0, view.length);
    group.bytes += view.length;
    group.rows++;
    this.rows++;
  }

  /** Whether a row of so many bytes belongs into the next group: a sparse row of a wide type is mostly places, and so are lists. */
  #isFull(bytes: number): boolean {
    const { bytes: held, rows, schema, columns } = this.#group!;
    const places = (rows + 1) * schema.columns.length + columns.morePlaces;
    return held + bytes > this.#limits.groupBytes || places > this.#limits.groupEntries;
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
    group.columns.morePlaces = 0;
    if ((this.#open.parquet.groups + 1) * group.schema.columns.length > this.#limits.fileChunks)
      this.#close();
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
