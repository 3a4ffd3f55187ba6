import type { Scratch } from '../../../core/scratch/scratch.ts';
import { ByteSink } from '../byte-sink.ts';
import { ParquetFile } from '../parquet/parquet-file.ts';
import type { FileSchema } from '../parquet/schema.ts';

/** A Parquet file that is written into scratch. */
export class RowFile {
  readonly path: string;
  readonly parquet: ParquetFile;
  /** Bytes on the disk. */
  written = 0;
  readonly #sink: ByteSink;
  readonly #close: () => void;

  constructor(scratch: Scratch, schema: FileSchema) {
    const file = scratch.open('rows.parquet');
    this.path = file.path;
    this.#close = () => file.close();
    this.#sink = new ByteSink((bytes) => {
      file.write(bytes);
      this.written += bytes.length;
    });
    this.parquet = new ParquetFile(schema, (bytes) => this.#sink.bytes(bytes));
  }

  /** Writes what makes the file whole. */
  end(): void {
    this.parquet.end();
    this.#sink.flush();
    this.#close();
  }

  /** Lets go of a file that nobody will read. */
  close(): void {
    this.#close();
  }
}
